package lambda

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// bootstrap is the path of a real function binary that does what its event says.
var bootstrap string

func TestMain(m *testing.M) {
	os.Exit(runWithBootstrap(m))
}

func runWithBootstrap(m *testing.M) int {
	dir, err := os.MkdirTemp("", "bootstrap")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	bootstrap = filepath.Join(dir, "bootstrap")
	build := exec.Command("go", "build", "-tags", "lambda.norpc", "-o", bootstrap, "./testdata/bootstrap")
	if output, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "building the function of the tests: %v\n%s", err, output)
		return 1
	}
	return m.Run()
}

// answer is what the function of the tests answers.
type answer struct {
	Text        string            `json:"text"`
	PID         int               `json:"pid"`
	Child       int               `json:"child"`
	RequestID   string            `json:"requestId"`
	FunctionARN string            `json:"functionArn"`
	LeftMillis  int64             `json:"leftMillis"`
	Env         map[string]string `json:"env"`
}

// failed is Lambda's error object.
type failed struct {
	Type    string `json:"errorType"`
	Message string `json:"errorMessage"`
}

func newHost(t testing.TB, config Config, functions ...Function) *Host {
	t.Helper()
	config.Region, config.AccountID = "us-east-1", "000000000000"
	for _, f := range functions {
		if f.Bootstrap == "" {
			f.Bootstrap = bootstrap
		}
		config.Functions = append(config.Functions, f)
	}
	h, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

func call(t testing.TB, h *Host, function, event string) answer {
	t.Helper()
	raw, functionError, err := h.Invoke(context.Background(), function, []byte(event))
	if err != nil || functionError != "" {
		t.Fatalf("%s with %s: %s %q %v", function, event, raw, functionError, err)
	}
	var a answer
	if err := json.Unmarshal(raw, &a); err != nil {
		t.Fatalf("answer %s: %v", raw, err)
	}
	return a
}

func callFailing(t testing.TB, h *Host, function, event string) failed {
	t.Helper()
	raw, functionError, err := h.Invoke(context.Background(), function, []byte(event))
	if err != nil || functionError != "Unhandled" {
		t.Fatalf("%s with %s: %s %q %v, want a function error", function, event, raw, functionError, err)
	}
	var f failed
	if err := json.Unmarshal(raw, &f); err != nil {
		t.Fatalf("answer %s: %v", raw, err)
	}
	return f
}

// logLines collects what functions write.
type logLines struct {
	mu    sync.Mutex
	lines []logLine
}

type logLine struct{ function, requestID, text string }

func (l *logLines) add(function, requestID, line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, logLine{function, requestID, line})
}

func (l *logLines) all() []logLine {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]logLine(nil), l.lines...)
}

// eventually waits for what a process outside of this one does.
func eventually(t testing.TB, what string, condition func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if condition() {
			return
		}
	}
	t.Fatalf("never: %s", what)
}
