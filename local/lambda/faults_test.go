package lambda

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/local/fault"
)

func faults(t *testing.T, rules ...fault.Rule) *fault.Injector {
	t.Helper()
	injector := fault.New(slog.New(slog.DiscardHandler))
	if err := injector.Set(fault.Plan{Rules: rules}); err != nil {
		t.Fatal(err)
	}
	return injector
}

func TestInvocationsThatGoWrong(t *testing.T) {
	tests := []struct {
		kind          fault.Kind
		runs          int // of the function
		err           error
		errorContains string
	}{
		{fault.Throttle, 0, ErrThrottled, ""},
		{fault.Error, 0, ErrService, ""},
		{fault.Fail, 0, nil, "Runtime.Unknown"},
		{fault.KillBefore, 0, nil, "Runtime exited with error: signal: killed"},
		{fault.KillAfter, 1, nil, "Runtime exited with error: signal: killed"},
	}
	for _, test := range tests {
		t.Run(string(test.kind), func(t *testing.T) {
			counter := filepath.Join(t.TempDir(), "counter")
			event := `{"do":"echo","counter":"` + counter + `"}`
			h := newHost(t, Config{Faults: faults(t, fault.Rule{Target: "function:F", Kind: test.kind, Count: 1})},
				Function{Name: "F", Timeout: 10 * time.Second})
			answer, functionError, err := h.Invoke(context.Background(), "F", []byte(event))
			if !errors.Is(err, test.err) || (functionError != "") != (test.err == nil) || !strings.Contains(string(answer), test.errorContains) {
				t.Errorf("%s %q %v", answer, functionError, err)
			}
			if got := runs(t, counter); got != test.runs {
				t.Errorf("the function ran %d times, want %d", got, test.runs)
			}
			call(t, h, "F", event) // the next one is all right
			if got := runs(t, counter); got != test.runs+1 {
				t.Errorf("the function ran %d times in the end, want %d", got, test.runs+1)
			}
		})
	}
}

// runs counts the events that a function has had.
func runs(t *testing.T, counter string) int {
	t.Helper()
	written, err := os.ReadFile(counter)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return strings.Count(string(written), "\n")
}

func TestAsynchronousEventsOutliveFaults(t *testing.T) {
	counter := filepath.Join(t.TempDir(), "counter")
	h := newHost(t, Config{
		AsyncRetryDelays: []time.Duration{time.Hour},
		Faults: faults(t,
			fault.Rule{Target: "function:F", Kind: fault.Shorten, Delay: fault.Duration(time.Millisecond)},
			fault.Rule{Target: "function:F", Kind: fault.KillAfter, Count: 1},
			fault.Rule{Target: "function:F", Kind: fault.Error, Count: 1},
			fault.Rule{Target: "function:F", Kind: fault.Fail, Count: 1}),
	}, Function{Name: "F", Timeout: 10 * time.Second})
	h.InvokeAsync("F", []byte(`{"counter":"`+counter+`"}`))
	eventually(t, "the event is dealt with twice: it was killed after the first time", func() bool { return runs(t, counter) == 2 })
}

func TestColdStart(t *testing.T) {
	h := newHost(t, Config{Faults: faults(t, fault.Rule{Target: "function:F", Kind: fault.Cold, Every: 2, Delay: fault.Duration(20 * time.Millisecond)})},
		Function{Name: "F", Timeout: 10 * time.Second})
	first, began := call(t, h, "F", `{}`), time.Now()
	second := call(t, h, "F", `{}`)
	if first.PID == second.PID || time.Since(began) < 20*time.Millisecond {
		t.Errorf("processes %d and %d, after %v", first.PID, second.PID, time.Since(began))
	}
	eventually(t, "the first process is gone", func() bool { return syscall.Kill(first.PID, 0) != nil })
}

func TestSlowInvocation(t *testing.T) {
	h := newHost(t, Config{Faults: faults(t, fault.Rule{Target: "function:*", Kind: fault.Slow, Delay: fault.Duration(time.Hour)})}, Function{Name: "F"})
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if _, _, err := h.Invoke(ctx, "F", nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want that the invoker has given up", err)
	}
}

func TestKillByTrace(t *testing.T) {
	h := newHost(t, Config{}, Function{Name: "F", Timeout: 10 * time.Second})
	ended := make(chan string, 1)
	go func() {
		answer, _, _ := h.Invoke(context.Background(), "F", []byte(`{"do":"hang"}`))
		ended <- string(answer)
	}()
	trace := ""
	eventually(t, "the function runs", func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		for inst := range h.functions["F"].instances {
			if inst.current != nil {
				trace = inst.current.traceID
			}
		}
		return trace != ""
	})
	if first, second := h.CallArrived(trace), h.CallArrived(trace); first != 1 || second != 2 {
		t.Errorf("calls number %d and %d", first, second)
	}
	if h.CallArrived("another") != 0 || h.Kill("another") {
		t.Error("an unknown trace is known")
	}
	if !h.Kill(trace) || h.Kill(trace) {
		t.Error("want it killed once")
	}
	if answer := <-ended; !strings.Contains(answer, "signal: killed") {
		t.Errorf("the invoker learned %s", answer)
	}
}
