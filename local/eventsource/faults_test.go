package eventsource

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/serverless-ocpp/backend/local/fault"
	"github.com/serverless-ocpp/backend/local/sqs"
)

func TestDeliveriesThatGoWrong(t *testing.T) {
	second := fault.Duration(time.Second)
	fails := func(context.Context, events.SQSEvent) (string, string, error) { return `{}`, "Unhandled", nil }
	tests := []struct {
		name  string
		queue string
		rule  fault.Rule
		act   func(context.Context, events.SQSEvent) (string, string, error)
		seen  string        // an hour later
		after time.Duration // the last batch
	}{
		{"twice", "q", fault.Rule{Kind: fault.Twice}, nil, "a|a", 0},
		{"twice in a group", "q.fifo", fault.Rule{Kind: fault.Twice}, nil, "a|a", 0},
		{"late", "q", fault.Rule{Kind: fault.Slow, Delay: second}, nil, "a", time.Second},
		{"not deleted", "q.fifo", fault.Rule{Kind: fault.Again, Count: 1}, nil, "a|a", 30 * time.Second},
		{"not deleted, back soon", "q", fault.Rule{Kind: fault.Again, Count: 2, Delay: second}, nil, "a|a|a", 2 * time.Second},
		{"failed, back soon", "q.fifo", fault.Rule{Kind: fault.Shorten, Count: 1, Delay: second}, fails, "a|a", time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				test.rule.Target = "queue:" + test.queue
				injector := fault.New(slog.New(slog.DiscardHandler))
				if err := injector.Set(fault.Plan{Rules: []fault.Rule{test.rule}}); err != nil {
					t.Fatal(err)
				}
				begin := time.Now()
				var last atomic.Int64
				f := &invoker{}
				f.act = func(ctx context.Context, event events.SQSEvent) (string, string, error) {
					last.Store(int64(time.Since(begin)))
					if batches, _ := f.last(); test.act != nil && batches == 1 {
						return test.act(ctx, event)
					}
					return "null", "", nil
				}
				s, _ := start(t, test.queue, f, func(c *Config) { c.Faults = injector })
				send(t, s, test.queue, "a", sqs.InGroup("CP001"))
				time.Sleep(time.Hour)
				if got, at := f.seen(), time.Duration(last.Load()); got != test.seen || at != test.after {
					t.Errorf("the function has seen %q, the last one after %v; want %q after %v", got, at, test.seen, test.after)
				}
			})
		})
	}
}
