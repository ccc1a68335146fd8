package console

import (
	"log/slog"
	"strings"
	"testing"
)

// TestQuietLines: lines below WARN are not read, but where they are shown; what looks like one and is none is a warning.
func TestQuietLines(t *testing.T) {
	for _, test := range []struct {
		line          string
		shown, loudly bool // with and without verbose
	}{
		{`{"time":"2026-03-01T12:00:00.5Z","level":"INFO","msg":"answered"}`, false, true},
		{`{"time":"2026-03-01T12:00:00.123456789+02:00","level":"DEBUG","msg":"x"}`, false, true},
		{`{"time":"2026-03-01T12:00:00.5Z","level":"WARN","msg":",\"level\":\"INFO\","}`, true, true},
		{`{"time":"2026-03-01T12:00:00.5Z","level":"ERROR","msg":"x","level2":"INFO"}`, true, true},
		{`panic: ,"level":"INFO",`, true, true},
		{`SCHED 0ms: gomaxprocs=1 idleprocs=0`, false, true},
	} {
		for verbose, want := range map[bool]bool{false: test.shown, true: test.loudly} {
			got := capture(Options{Verbose: verbose}, func(log *slog.Logger) { FunctionLog(log)("Stack-Message", "1", test.line) })
			if (strings.TrimSpace(got) != "") != want {
				t.Errorf("verbose %t: %s is shown as %q", verbose, test.line, got)
			}
		}
	}
}
