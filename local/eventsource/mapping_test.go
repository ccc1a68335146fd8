package eventsource

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/serverless-ocpp/backend/local/sqs"
)

func TestEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &invoker{}
		s, _ := start(t, "q.fifo", f, nil)
		begin := time.Now()
		id := send(t, s, "q.fifo", "é", sqs.InGroup("CP001"), sqs.From("AROA:f"), sqs.WithAttributes(map[string]sqs.MessageAttribute{
			"n": {DataType: "Number", StringValue: "5"}, "b": {DataType: "Binary", BinaryValue: []byte{1, 2}},
		}))
		synctest.Wait()
		if time.Since(begin) != 0 || f.seen() != "é" {
			t.Fatalf("after %v the function has seen %q", time.Since(begin), f.seen())
		}
		f.mu.Lock()
		r := f.batches[0].Records[0]
		f.mu.Unlock()
		if r.MessageId != id || r.ReceiptHandle == "" || r.EventSource != "aws:sqs" || r.EventSourceARN != s.ARN("q.fifo") ||
			r.AWSRegion != "us-east-1" || r.Md5OfBody == "" || r.Md5OfMessageAttributes == "" {
			t.Errorf("the record is %+v", r)
		}
		names := slices.Sorted(maps.Keys(r.Attributes))
		if want := []string{
			"ApproximateFirstReceiveTimestamp", "ApproximateReceiveCount", "MessageDeduplicationId", "MessageGroupId",
			"SenderId", "SentTimestamp", "SequenceNumber",
		}; !slices.Equal(names, want) || r.Attributes["MessageGroupId"] != "CP001" || r.Attributes["SenderId"] != "AROA:f" {
			t.Errorf("attributes are %v", r.Attributes)
		}
		if a := r.MessageAttributes; a["n"].DataType != "Number" || *a["n"].StringValue != "5" || string(a["b"].BinaryValue) != "\x01\x02" {
			t.Errorf("message attributes are %+v", a)
		}
		time.Sleep(time.Hour)
		if f.seen() != "é" {
			t.Errorf("the message came again: %q", f.seen())
		}
	})
}

// TestWhatComesAgain sends a, b and c and looks at the batch after the visibility timeout.
func TestWhatComesAgain(t *testing.T) {
	answer := func(text string) func(events.SQSEvent) (string, string, error) {
		return func(events.SQSEvent) (string, string, error) { return text, "", nil }
	}
	failing := func(bad string) func(events.SQSEvent) (string, string, error) {
		return func(e events.SQSEvent) (string, string, error) {
			var items []string
			for _, r := range e.Records {
				if strings.Contains(bad, r.Body) {
					items = append(items, fmt.Sprintf(`{"itemIdentifier":%q}`, r.MessageId))
				}
			}
			return `{"batchItemFailures":[` + strings.Join(items, ",") + `]}`, "", nil
		}
	}
	for name, test := range map[string]struct {
		act   func(events.SQSEvent) (string, string, error)
		again string
		deaf  bool // the mapping does not read the answer
	}{
		"nothing said":       {answer(""), "", false},
		"null":               {answer("null"), "", false},
		"empty object":       {answer("{}"), "", false},
		"null list":          {answer(`{"batchItemFailures":null}`), "", false},
		"empty list":         {failing(""), "", false},
		"one failed":         {failing("b"), "b", false},
		"all failed":         {failing("abc"), "a b c", false},
		"no JSON":            {answer("ok"), "a b c", false},
		"no object":          {answer(`"ok"`), "a b c", false},
		"no list":            {answer(`{"batchItemFailures":"b"}`), "a b c", false},
		"unknown id":         {answer(`{"batchItemFailures":[{"itemIdentifier":"x"}]}`), "a b c", false},
		"empty id":           {answer(`{"batchItemFailures":[{"itemIdentifier":""}]}`), "a b c", false},
		"null id":            {answer(`{"batchItemFailures":[{"itemIdentifier":null}]}`), "a b c", false},
		"bad key":            {answer(`{"batchItemFailures":[{"ItemIdentifier":"x"}]}`), "a b c", false},
		"answer not read":    {failing("abc"), "", true},
		"function error":     {func(events.SQSEvent) (string, string, error) { return "{}", "Unhandled", nil }, "a b c", false},
		"function not there": {func(events.SQSEvent) (string, string, error) { return "", "", errors.New("no such function") }, "a b c", false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &invoker{}
				s, _ := start(t, "q.fifo", f, func(c *Config) { c.MaximumConcurrency, c.ReportBatchItemFailures = 1, !test.deaf })
				// A first message keeps the only slot, so that the three come in one batch.
				gate := make(chan struct{})
				f.act = func(_ context.Context, e events.SQSEvent) (string, string, error) {
					if bodies(e) == "gate" {
						<-gate
						return "", "", nil
					}
					f.mu.Lock()
					defer f.mu.Unlock()
					if len(f.batches) > 2 {
						return "", "", nil
					}
					return test.act(e)
				}
				send(t, s, "q.fifo", "gate", sqs.InGroup("gate"))
				synctest.Wait()
				for _, body := range []string{"a", "b", "c"} {
					send(t, s, "q.fifo", body, sqs.InGroup("g"))
				}
				close(gate)
				time.Sleep(29 * time.Second)
				if f.seen() != "gate|a b c" {
					t.Fatalf("before the visibility timeout the function has seen %q", f.seen())
				}
				time.Sleep(2 * time.Second)
				want := "gate|a b c"
				if test.again != "" {
					want += "|" + test.again
				}
				if f.seen() != want {
					t.Errorf("the function has seen %q, want %q", f.seen(), want)
				}
			})
		})
	}
}

func TestBatchingWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &invoker{}
		s, _ := start(t, "q", f, func(c *Config) { c.BatchSize, c.BatchingWindow = 12, 5*time.Second })
		for i := range 11 {
			send(t, s, "q", fmt.Sprint(i))
		}
		time.Sleep(4 * time.Second)
		if f.seen() != "" {
			t.Errorf("before the window's end the function has seen %q", f.seen())
		}
		time.Sleep(2 * time.Second)
		if f.seen() != "0 1 2 3 4 5 6 7 8 9 10" {
			t.Errorf("after the window's end the function has seen %q", f.seen())
		}
		for i := range 12 {
			send(t, s, "q", fmt.Sprint(i))
		}
		synctest.Wait()
		if !strings.HasSuffix(f.seen(), "|0 1 2 3 4 5 6 7 8 9 10 11") {
			t.Errorf("a full batch waited; the function has seen %q", f.seen())
		}
	})
}

func TestLargeBatchIsSplit(t *testing.T) {
	message := sqs.Message{Body: strings.Repeat("x", 1<<20)}
	var sizes []int
	for _, batch := range split(slices.Repeat([]sqs.Message{message}, 10)) {
		sizes = append(sizes, len(batch))
	}
	if !slices.Equal(sizes, []int{5, 5}) {
		t.Errorf("ten messages of 1 MiB are split into %v", sizes)
	}
}

func TestCloseWaitsForInvocations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &invoker{act: func(ctx context.Context, _ events.SQSEvent) (string, string, error) {
			time.Sleep(5 * time.Second)
			return "", "", ctx.Err()
		}}
		s, m := start(t, "q", f, nil)
		send(t, s, "q", "a")
		synctest.Wait()
		begin := time.Now()
		m.Close()
		if time.Since(begin) != 5*time.Second {
			t.Errorf("Close took %v", time.Since(begin))
		}
		send(t, s, "q", "b")
		time.Sleep(time.Hour)
		if f.seen() != "a" {
			t.Errorf("the function has seen %q", f.seen())
		}
		if left, err := s.Receive(t.Context(), "q", 10, 0); err != nil || len(left) != 1 || left[0].Body != "b" {
			t.Errorf("the queue holds %+v, %v", left, err)
		}
	})
}

func TestStartRefuses(t *testing.T) {
	good := Config{Queue: "q", QueueARN: "arn:aws:sqs:us-east-1:000000000000:q", Function: "f"}
	for name, edit := range map[string]func(*Config){
		"no function":       func(c *Config) { c.Function = "" },
		"batch of FIFO":     func(c *Config) { c.Queue, c.BatchSize = "q.fifo", 11 },
		"window of FIFO":    func(c *Config) { c.Queue, c.BatchingWindow = "q.fifo", time.Second },
		"batch, no window":  func(c *Config) { c.BatchSize = 11 },
		"window":            func(c *Config) { c.BatchingWindow = 6 * time.Minute },
		"no concurrency":    func(c *Config) { c.MaximumConcurrency = -1 },
		"negative batch":    func(c *Config) { c.BatchSize = -1 },
		"batch of standard": func(c *Config) { c.BatchSize, c.BatchingWindow = 10_001, time.Second },
	} {
		t.Run(name, func(t *testing.T) {
			config := good
			edit(&config)
			if _, err := Start(config, nil, nil); err == nil || !strings.Contains(err.Error(), "event source mapping of") {
				t.Errorf("Start returned %v", err)
			}
		})
	}
}
