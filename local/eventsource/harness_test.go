package eventsource

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/serverless-ocpp/backend/local/sqs"
)

// invoker is a function in this process that writes down its batches.
type invoker struct {
	mu      sync.Mutex
	batches []events.SQSEvent
	running int
	most    int // that were running at once
	act     func(ctx context.Context, event events.SQSEvent) (answer, functionError string, err error)
}

func (f *invoker) Invoke(ctx context.Context, _ string, data []byte) ([]byte, string, error) {
	var event events.SQSEvent
	if err := json.Unmarshal(data, &event); err != nil {
		return nil, "", err
	}
	f.mu.Lock()
	f.batches = append(f.batches, event)
	f.running++
	f.most = max(f.most, f.running)
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		f.running--
		f.mu.Unlock()
	}()
	if f.act == nil {
		return []byte("null"), "", nil
	}
	answer, functionError, err := f.act(ctx, event)
	return []byte(answer), functionError, err
}

// seen writes the bodies of each batch: "a b|c".
func (f *invoker) seen() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []string
	for _, batch := range f.batches {
		all = append(all, bodies(batch))
	}
	return strings.Join(all, "|")
}

// last returns how many batches there were, and how often the first message of the last one was received.
func (f *invoker) last() (batches int, receives string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.batches), f.batches[len(f.batches)-1].Records[0].Attributes["ApproximateReceiveCount"]
}

// mostAtOnce returns how many invocations there were at once.
func (f *invoker) mostAtOnce() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.most
}

func bodies(event events.SQSEvent) string {
	var all []string
	for _, r := range event.Records {
		all = append(all, r.Body)
	}
	return strings.Join(all, " ")
}

// start declares a queue and maps it to the function.
func start(t *testing.T, name string, f *invoker, edit func(*Config)) (*sqs.Service, *Mapping) {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	s, err := sqs.New(sqs.Config{Logger: quiet})
	if err != nil {
		t.Fatal(err)
	}
	attributes := map[string]string{"VisibilityTimeout": "30"}
	if strings.HasSuffix(name, ".fifo") {
		attributes["FifoQueue"], attributes["ContentBasedDeduplication"] = "true", "true"
	}
	if err := s.Declare(name, attributes, nil); err != nil {
		t.Fatal(err)
	}
	config := Config{Queue: name, QueueARN: s.ARN(name), Function: "f", ReportBatchItemFailures: true, Logger: quiet}
	if edit != nil {
		edit(&config)
	}
	m, err := Start(config, s, f)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		m.Close()
		s.Close()
	})
	return s, m
}

func send(t *testing.T, s *sqs.Service, queue, body string, options ...sqs.SendOption) string {
	t.Helper()
	sent, err := s.Send(queue, body, options...)
	if err != nil {
		t.Fatal(err)
	}
	return sent.MessageID
}
