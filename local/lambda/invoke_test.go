package lambda

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

func TestInvokeReusesTheInstance(t *testing.T) {
	h := newHost(t, Config{}, Function{Name: "F", Timeout: 10 * time.Second})
	first := call(t, h, "F", `{"do":"echo","text":"hello"}`)
	second := call(t, h, "F", `{"do":"echo","text":"again"}`)
	if first.Text != "hello" || second.Text != "again" {
		t.Errorf("echoed %q, %q", first.Text, second.Text)
	}
	if first.PID != second.PID {
		t.Errorf("two instances, %d and %d, for one event after the other", first.PID, second.PID)
	}
	if first.RequestID == second.RequestID || first.RequestID == "" {
		t.Errorf("request ids %q and %q", first.RequestID, second.RequestID)
	}
	if want := "arn:aws:lambda:us-east-1:000000000000:function:F"; first.FunctionARN != want {
		t.Errorf("ARN %q, want %q", first.FunctionARN, want)
	}
	if first.LeftMillis < 9000 || first.LeftMillis > 10000 {
		t.Errorf("%d ms left of 10 s", first.LeftMillis)
	}
}

func TestFunctionErrors(t *testing.T) {
	h := newHost(t, Config{}, Function{Name: "F", Timeout: 200 * time.Millisecond},
		Function{Name: "Slow", Timeout: 10 * time.Second},
		Function{Name: "DeadOnArrival", Env: map[string]string{"START": "exit"}},
		Function{Name: "Missing", Bootstrap: "/nowhere/build/amd64/message/bootstrap"})
	tests := []struct{ name, function, event, errorType, message string }{
		{"error", "F", `{"do":"fail","text":"x"}`, "errorString", `^as told: x$`},
		{"panic", "F", `{"do":"panic","text":"x"}`, "string", `^as told: x$`},
		{"exit", "F", `{"do":"exit"}`, "Runtime.ExitError", `^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 4$`},
		{"killed", "F", `{"do":"kill"}`, "Runtime.ExitError", `^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: signal: killed$`},
		{"timeout", "F", `{"do":"sleep","millis":60000}`, "Sandbox.Timedout", `^RequestId: [0-9a-f-]{36} Error: Task timed out after 0.20 seconds$`},
		{"answer too large", "Slow", `{"do":"big"}`, "Function.ResponseSizeTooLarge", `^Response payload size exceeded maximum allowed payload size \(6291556 bytes\)\.$`},
		{"exit at start", "DeadOnArrival", `{}`, "Runtime.ExitError", `^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3$`},
		{"no binary", "Missing", `{}`, "Runtime.InvalidEntrypoint", "no executable at /nowhere/build/amd64/message/bootstrap: `make run` builds it$"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := callFailing(t, h, test.function, test.event)
			if got.Type != test.errorType || !regexp.MustCompile(test.message).MatchString(got.Message) {
				t.Errorf("got %+v", got)
			}
		})
	}
	if a := call(t, h, "F", `{"text":"after all that"}`); a.Text != "after all that" {
		t.Errorf("a fresh instance answered %+v", a)
	}
}

func TestInitTimeout(t *testing.T) {
	h := newHost(t, Config{InitTimeout: 50 * time.Millisecond}, Function{Name: "F", Env: map[string]string{"START": "hang"}})
	if got := callFailing(t, h, "F", `{}`); got.Type != "Sandbox.Timedout" {
		t.Errorf("got %+v", got)
	}
}

func TestInvokeRefuses(t *testing.T) {
	none := 0
	h := newHost(t, Config{}, Function{Name: "F"}, Function{Name: "Off", ReservedConcurrency: &none})
	tests := []struct {
		name, function, event string
		want                  error
	}{
		{"unknown function", "G", `{}`, ErrNotFound},
		{"no JSON", "F", `{`, ErrInvalidJSON},
		{"too large", "F", `"` + strings.Repeat("x", maxRequest) + `"`, ErrRequestTooLarge},
		{"switched off", "Off", `{}`, ErrThrottled},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, _, err := h.Invoke(context.Background(), test.function, []byte(test.event)); !errors.Is(err, test.want) {
				t.Errorf("error %v, want %v", err, test.want)
			}
		})
	}
}

func TestReservedConcurrencyThrottles(t *testing.T) {
	one := 1
	h := newHost(t, Config{}, Function{Name: "F", ReservedConcurrency: &one})
	began := filepath.Join(t.TempDir(), "began")
	var running sync.WaitGroup
	running.Go(func() { call(t, h, "F", `{"do":"sleep","millis":300,"counter":"`+began+`"}`) })
	eventually(t, "the first event runs", func() bool { _, err := os.Stat(began); return err == nil })
	if _, _, err := h.Invoke(context.Background(), "F", []byte(`{}`)); !errors.Is(err, ErrThrottled) {
		t.Errorf("error %v, want throttled", err)
	}
	running.Wait()
	call(t, h, "F", `{}`)
}

func TestCallerLeaves(t *testing.T) {
	h := newHost(t, Config{MaxProcesses: 1}, Function{Name: "F"})
	pid := call(t, h, "F", `{}`).PID
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
	defer cancel()
	_, _, err := h.Invoke(ctx, "F", []byte(`{"do":"sleep","millis":200}`))
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("error %v, want deadline exceeded", err)
	}
	if a := call(t, h, "F", `{"text":"next"}`); a.PID != pid {
		t.Errorf("the instance whose caller left was not used again: %d, then %d", pid, a.PID)
	}
}

func TestProcessesAndTheirChildrenDie(t *testing.T) {
	var logs logLines
	h := newHost(t, Config{Logs: logs.add}, Function{Name: "F", Timeout: 300 * time.Millisecond})
	spawned := call(t, h, "F", `{"do":"spawn"}`)
	if !alive(spawned.Child) {
		t.Fatalf("the child %d of the function does not run", spawned.Child)
	}
	if got := callFailing(t, h, "F", `{"do":"sleep","millis":60000}`); got.Type != "Sandbox.Timedout" {
		t.Fatalf("got %+v", got)
	}
	eventually(t, "instance and child are dead", func() bool { return !alive(spawned.PID) && !alive(spawned.Child) })

	pid := call(t, h, "F", `{}`).PID
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if alive(pid) {
		t.Errorf("process %d outlives Close", pid)
	}
	if _, _, err := h.Invoke(context.Background(), "F", []byte(`{}`)); !errors.Is(err, ErrClosed) {
		t.Errorf("error %v after Close, want ErrClosed", err)
	}
}

// alive tells whether a process exists and is no zombie; a killed grandchild may wait
// for init to reap it.
func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	return err != nil || !strings.Contains(string(stat), ") Z ")
}

func TestLogLines(t *testing.T) {
	var logs logLines
	h := newHost(t, Config{Logs: logs.add}, Function{Name: "F"})
	a := call(t, h, "F", `{"do":"log","text":"x"}`)
	for _, want := range []logLine{{"F", a.RequestID, "to stdout: x"}, {"F", a.RequestID, "to stderr: x"}} {
		eventually(t, want.text, func() bool {
			for _, line := range logs.all() {
				if line == want {
					return true
				}
			}
			return false
		})
	}
}

func TestEnvironmentIsClean(t *testing.T) {
	t.Setenv("AWS_CA_BUNDLE", "/host/only.pem")
	t.Setenv("HTTPS_PROXY", "http://host.only")
	h := newHost(t, Config{}, Function{
		Name: "F", Handler: "message", LogFormat: "JSON",
		Env:         map[string]string{"CHARGE_POINT_TABLE": "T", "AWS_REGION": "elsewhere"},
		Credentials: Credentials{AccessKeyID: "id", SecretAccessKey: "secret", SessionToken: "token"},
	})
	env := call(t, h, "F", `{"do":"env"}`).Env
	for name, want := range map[string]string{
		"CHARGE_POINT_TABLE": "T", "AWS_REGION": "us-east-1", "_HANDLER": "message", "AWS_LAMBDA_LOG_FORMAT": "JSON",
		"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token",
		"AWS_LAMBDA_FUNCTION_NAME": "F", "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
		"TZ": ":UTC", "LAMBDA_TASK_ROOT": filepath.Dir(bootstrap), "AWS_CA_BUNDLE": "", "HTTPS_PROXY": "", "HOME": "",
	} {
		if env[name] != want {
			t.Errorf("%s is %q, want %q", name, env[name], want)
		}
	}
}
