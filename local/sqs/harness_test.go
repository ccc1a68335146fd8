package sqs

import (
	"errors"
	"log/slog"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/local/durable"
)

// newService is a service without a store whose queues have these names and attributes.
func newService(t testing.TB, queues map[string]map[string]string) *Service {
	t.Helper()
	s, err := New(Config{Endpoint: "http://127.0.0.1:4566", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	for name, attributes := range queues {
		declare(t, s, name, attributes)
	}
	return s
}

// openService is a service whose state is in dir. It must be closed with the returned function.
func openService(t testing.TB, dir string) (*Service, func()) {
	t.Helper()
	store, err := durable.Open(filepath.Join(dir, "sqs.db"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Config{Store: store, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return s, func() {
		s.Close()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}
}

func declare(t testing.TB, s *Service, name string, attributes map[string]string) {
	t.Helper()
	if err := s.Declare(name, attributes, nil); err != nil {
		t.Fatalf("declare %s: %v", name, err)
	}
}

func send(t testing.TB, s *Service, queue, body string, options ...SendOption) Sent {
	t.Helper()
	sent, err := s.Send(queue, body, options...)
	if err != nil {
		t.Fatalf("send %q to %s: %v", body, queue, err)
	}
	return sent
}

func receive(t testing.TB, s *Service, queue string, wait time.Duration) []Message {
	t.Helper()
	messages, err := s.Receive(t.Context(), queue, 10, wait)
	if err != nil {
		t.Fatalf("receive from %s: %v", queue, err)
	}
	return messages
}

func remove(t testing.TB, s *Service, queue string, messages ...Message) {
	t.Helper()
	for _, m := range messages {
		if err := s.Delete(queue, m.ReceiptHandle); err != nil {
			t.Fatalf("delete %q from %s: %v", m.Body, queue, err)
		}
	}
}

// bodies writes the bodies of messages beside each other.
func bodies(messages []Message) string {
	var all []string
	for _, m := range messages {
		all = append(all, m.Body)
	}
	return strings.Join(all, " ")
}

// expect receives without waiting and compares the bodies.
func expect(t testing.TB, s *Service, queue, want string) []Message {
	t.Helper()
	messages := receive(t, s, queue, 0)
	if got := bodies(messages); got != want {
		t.Errorf("received %q from %s, want %q", got, queue, want)
	}
	return messages
}

// expectError compares the code of an error.
func expectError(t testing.TB, err error, code string) {
	t.Helper()
	e, ok := errors.AsType[*Error](err)
	if !ok && code == "" && err == nil {
		return
	}
	if !ok || e.Code != code {
		t.Errorf("got error %v, want code %q", err, code)
	}
}

func redriveTo(s *Service, name string, maxReceives int) string {
	return `{"deadLetterTargetArn":"` + s.ARN(name) + `","maxReceiveCount":` + strconv.Itoa(maxReceives) + `}`
}
