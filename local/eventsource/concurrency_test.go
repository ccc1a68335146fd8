package eventsource

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/serverless-ocpp/backend/local/sqs"
)

func TestConcurrency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &invoker{act: func(context.Context, events.SQSEvent) (string, string, error) {
			time.Sleep(time.Second)
			return "", "", nil
		}}
		s, _ := start(t, "q.fifo", f, func(c *Config) { c.MaximumConcurrency = 3 })
		for i := range 5 {
			for _, group := range []string{"a", "b"} {
				send(t, s, "q.fifo", fmt.Sprint(group, i), sqs.InGroup(group))
				synctest.Wait()
			}
		}
		time.Sleep(500 * time.Millisecond)
		if f.seen() != "a0|b0" { // two groups: two at once
			t.Errorf("the function has seen %q", f.seen())
		}
		time.Sleep(10 * time.Second)
		if f.seen() != "a0|b0|a1 a2 a3 a4|b1 b2 b3 b4" && f.seen() != "a0|b0|b1 b2 b3 b4|a1 a2 a3 a4" &&
			f.seen() != "a0|b0|a1 a2 a3 a4 b1 b2 b3 b4" && f.seen() != "a0|b0|b1 b2 b3 b4 a1 a2 a3 a4" {
			t.Errorf("the function has seen %q", f.seen())
		}
		for i := range 20 {
			send(t, s, "q.fifo", "x", sqs.InGroup(fmt.Sprint(i)), sqs.WithDeduplicationID(fmt.Sprint(i)))
			synctest.Wait()
		}
		time.Sleep(time.Minute)
		if f.mostAtOnce() != 3 {
			t.Errorf("%d invocations were under way at once, want 3", f.mostAtOnce())
		}
	})
}

// TestConcurrencyFollowsTheFunction: it grows while batches succeed, and shrinks to one while the function is throttled.
func TestConcurrencyFollowsTheFunction(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		throttled := errors.New("throttled")
		var full atomic.Bool
		f := &invoker{act: func(context.Context, events.SQSEvent) (string, string, error) {
			if full.Load() {
				return "", "", throttled
			}
			time.Sleep(100 * time.Millisecond)
			return "", "", nil
		}}
		s, m := start(t, "q", f, func(c *Config) {
			c.BatchSize, c.MaximumConcurrency = 1, 50
			c.Throttled = func(err error) bool { return errors.Is(err, throttled) }
		})
		for range 5000 {
			send(t, s, "q", "x")
		}
		synctest.Wait()
		if f.mostAtOnce() != firstConcurrency {
			t.Errorf("the mapping began with %d invocations at once", f.mostAtOnce())
		}
		time.Sleep(5 * time.Second)
		if f.mostAtOnce() != 50 {
			t.Errorf("the mapping grew to %d invocations at once, want 50", f.mostAtOnce())
		}
		full.Store(true)
		time.Sleep(10 * time.Second)
		m.slots.mu.Lock()
		bound := m.slots.bound
		m.slots.mu.Unlock()
		if bound != 1 {
			t.Errorf("while throttled up to %d invocations are tried at once, want 1", bound)
		}
	})
}

// TestConcurrencyFallsWithFailures, but not where the function reports failures of single messages: those of others must not wait.
func TestConcurrencyFallsWithFailures(t *testing.T) {
	for reports, want := range map[bool]int{false: 1, true: firstConcurrency} {
		synctest.Test(t, func(t *testing.T) {
			f := &invoker{act: func(context.Context, events.SQSEvent) (string, string, error) {
				time.Sleep(100 * time.Millisecond)
				return "", "Runtime.ExitError", nil
			}}
			s, m := start(t, "q", f, func(c *Config) { c.BatchSize, c.ReportBatchItemFailures = 1, reports })
			for range 100 {
				send(t, s, "q", "x")
			}
			time.Sleep(10 * time.Second)
			m.slots.mu.Lock()
			defer m.slots.mu.Unlock()
			if m.slots.bound != want {
				t.Errorf("reporting failures %t: up to %d invocations at once after failures, want %d", reports, m.slots.bound, want)
			}
		})
	}
}

// TestSlowInvocationsDoNotHoldUpOthers: only those that are young count as brisk.
func TestSlowInvocationsDoNotHoldUpOthers(t *testing.T) {
	for _, test := range []struct {
		takes time.Duration
		most  int
	}{{lingering / 2, 2}, {10 * time.Second, firstConcurrency}} {
		synctest.Test(t, func(t *testing.T) {
			f := &invoker{act: func(context.Context, events.SQSEvent) (string, string, error) {
				time.Sleep(test.takes)
				return "", "", nil
			}}
			s, m := start(t, "q", f, func(c *Config) { c.BatchSize, c.BriskConcurrency = 1, 2 })
			for range 20 {
				send(t, s, "q", "x")
			}
			time.Sleep(5 * time.Second)
			if got := f.mostAtOnce(); got != test.most {
				t.Errorf("%d invocations of %v at once, want %d", got, test.takes, test.most)
			}
			time.Sleep(time.Hour)
			m.slots.mu.Lock()
			defer m.slots.mu.Unlock()
			if m.slots.lingers != 0 || m.slots.used != 1 || len(f.batches) != 20 {
				t.Errorf("after %d batches %d linger, and %d are in use", len(f.batches), m.slots.lingers, m.slots.used)
			}
		})
	}
}

func TestThrottling(t *testing.T) {
	throttled := errors.New("throttled")
	isThrottled := func(c *Config) { c.Throttled = func(err error) bool { return errors.Is(err, throttled) } }
	synctest.Test(t, func(t *testing.T) {
		free := time.Now().Add(10 * time.Second)
		f := &invoker{act: func(context.Context, events.SQSEvent) (string, string, error) {
			if time.Now().Before(free) {
				return "", "", throttled
			}
			return "", "", nil
		}}
		s, _ := start(t, "q", f, isThrottled)
		send(t, s, "q", "a")
		time.Sleep(20 * time.Second)
		calls, receives := f.last()
		if calls < 5 || calls > 15 || receives != "1" {
			t.Errorf("a throttled invocation was tried %d times with a message that was received %s times", calls, receives)
		}
		time.Sleep(time.Hour)
		if later, _ := f.last(); later != calls {
			t.Error("the message came again after it was dealt with")
		}
	})
	synctest.Test(t, func(t *testing.T) {
		f := &invoker{act: func(context.Context, events.SQSEvent) (string, string, error) { return "", "", throttled }}
		s, _ := start(t, "q", f, isThrottled)
		send(t, s, "q", "a")
		time.Sleep(31 * time.Second)
		if _, receives := f.last(); receives != "2" {
			t.Errorf("after the visibility timeout the message was received %s times, want 2", receives)
		}
	})
}
