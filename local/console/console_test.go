package console

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// capture runs log with a logger and returns what was written, each line without its time.
func capture(options Options, log func(*slog.Logger)) string {
	var written strings.Builder
	log(slog.New(NewHandler(&written, options)))
	var lines []string
	for line := range strings.Lines(written.String()) {
		if _, after, ok := strings.Cut(line, "  "); ok && !strings.HasPrefix(line, " ") {
			line = after
		}
		lines = append(lines, strings.TrimRight(line, "\n"))
	}
	return strings.Join(lines, "\n")
}

func TestLines(t *testing.T) {
	tests := []struct {
		name    string
		options Options
		log     func(*slog.Logger)
		want    string
	}{
		{
			"a charge point's message", Options{},
			func(log *slog.Logger) {
				log.Info("→ BootNotification", "connectionId", "abc=", "chargePointId", "CP001", "duration", 12345*time.Microsecond)
			},
			"CP001             → BootNotification  12ms",
		}, {
			"a refused connection", Options{},
			func(log *slog.Logger) {
				log.Warn("connection refused", "chargePointId", "CP404", "reason", "not registered", "status", 404)
			},
			"CP404             ! connection refused  status 404, reason not registered",
		}, {
			"the stack's name is taken off", Options{Stack: "Stack"},
			func(log *slog.Logger) { log.Info("matched", "rule", "Stack_Events", "queue", "Stackless") },
			"Stackless         matched  rule Events",
		}, {
			"verbose shows what is searched for", Options{Verbose: true},
			func(log *slog.Logger) { log.Debug("frame", "connectionId", "abc=") },
			"                  frame  connectionId abc=",
		}, {
			"debug is hidden", Options{},
			func(log *slog.Logger) { log.Debug("frame") },
			"",
		}, {
			"secrets are hidden", Options{},
			func(log *slog.Logger) {
				log.Info("authorized", "idTag", "04A2B3", slog.Group("edge", "secret", "s"), "password", "p")
			},
			"                  authorized  idTag (hidden), edge.secret (hidden), password (hidden)",
		}, {
			"groups and attributes of the logger", Options{},
			func(log *slog.Logger) {
				log.With("chargePointId", "CP1").WithGroup("sqs").With("queue", "Q").Info("sent", "n", 1)
			},
			"CP1               sent  sqs.queue Q, sqs.n 1",
		}, {
			"an error of several lines, in full", Options{},
			func(log *slog.Logger) {
				log.Error("function failed", "function", "Stack-Message", "error", errors.New("panic: nil map\n\tmain.go:3"))
			},
			"Stack-Message     ✗ function failed\n    error:\n      panic: nil map\n      main.go:3",
		}, {
			"control characters cannot forge lines", Options{},
			func(log *slog.Logger) { log.Info("message", "chargePointId", "CP\x1b[2J1") },
			"CP�[2J1           message",
		}, {
			"colours", Options{Colours: true},
			func(log *slog.Logger) { log.Warn("slow") },
			"                  \x1b[33m! slow\x1b[0m",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := capture(test.options, test.log); got != test.want {
				t.Errorf("got\n%q, want\n%q", got, test.want)
			}
		})
	}
}

func TestFunctionLog(t *testing.T) {
	tests := []struct {
		name, line string
		verbose    bool
		want       string
	}{
		{"info is hidden", `{"time":"2026-01-02T03:04:05.6Z","level":"INFO","msg":"accepted"}`, false, ""},
		{"info when verbose", `{"time":"2026-01-02T03:04:05.6Z","level":"INFO","msg":"accepted","chargePointId":"CP1"}`, true, "CP1               accepted  function Stack-Message, requestId r-1"},
		{"error", `{"level":"ERROR","msg":"cannot answer","chargePointId":"CP1","error":"410 Gone"}`, false, "CP1               ✗ cannot answer  function Stack-Message, error 410 Gone"},
		{"the runtime's error object", `{"errorType":"errorString","errorMessage":"boom"}`, false, "Stack-Message     ! boom  errorType errorString"},
		{"metrics are hidden", `{"_aws":{"Timestamp":1},"Stack":"S","Messages":[1]}`, false, ""},
		{"metrics when verbose", `{"_aws":{"Timestamp":1},"Stack":"S","Messages":[1]}`, true, "Stack-Message     metrics  Stack S, requestId r-1\n    Messages:\n      [\n      1\n      ]"},
		{"a panic", "panic: assignment to entry in nil map", false, "Stack-Message     ! panic: assignment to entry in nil map"},
		{"who speaks is told once", `{"level":"WARN","msg":"slow","function":"Stack-Message","requestId":"r-1"}`, false, "Stack-Message     ! slow"},
		{"an empty line", " ", false, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := capture(Options{Verbose: test.verbose}, func(log *slog.Logger) {
				FunctionLog(log)("Stack-Message", "r-1", test.line)
			})
			if got != test.want {
				t.Errorf("got\n%q, want\n%q", got, test.want)
			}
		})
	}
}
