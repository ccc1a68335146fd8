package lambda

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestAsyncRetriesThenDeadLetter(t *testing.T) {
	counter := filepath.Join(t.TempDir(), "attempts")
	dead := make(chan DeadLetter, 1)
	h := newHost(t, Config{AsyncRetryDelays: []time.Duration{time.Millisecond, 2 * time.Millisecond}},
		Function{Name: "F", DeadLetter: func(d DeadLetter) { dead <- d }})
	event := fmt.Sprintf(`{"do":"fail","text":"always","counter":%q}`, counter)
	h.InvokeAsync("F", []byte(event))
	letter := <-dead
	if string(letter.Event) != event || letter.ErrorCode != 200 || letter.ErrorMessage != "as told: always" || letter.RequestID == "" {
		t.Errorf("dead letter %+v", letter)
	}
	if n := attempts(t, counter); n != 3 {
		t.Errorf("%d attempts, want the first and two retries", n)
	}
}

func TestAsyncRetriesAsConfigured(t *testing.T) {
	counter := filepath.Join(t.TempDir(), "attempts")
	none, dead := 0, make(chan DeadLetter, 1)
	h := newHost(t, Config{}, Function{Name: "F", MaximumRetryAttempts: &none, DeadLetter: func(d DeadLetter) { dead <- d }})
	h.InvokeAsync("F", fmt.Appendf(nil, `{"do":"fail","counter":%q}`, counter))
	<-dead
	if n := attempts(t, counter); n != 1 {
		t.Errorf("%d attempts, want one", n)
	}
}

// A throttled event waits: throttling counts as no attempt.
func TestAsyncSurvivesThrottling(t *testing.T) {
	dir := t.TempDir()
	first, second := filepath.Join(dir, "first"), filepath.Join(dir, "second")
	one := 1
	h := newHost(t, Config{}, Function{Name: "F", ReservedConcurrency: &one})
	h.InvokeAsync("F", fmt.Appendf(nil, `{"do":"sleep","millis":200,"counter":%q}`, first))
	eventually(t, "the first event runs", func() bool { _, err := os.Stat(first); return err == nil })
	if _, _, err := h.Invoke(context.Background(), "F", nil); !errors.Is(err, ErrThrottled) {
		t.Fatalf("error %v, want throttled", err)
	}
	h.InvokeAsync("F", fmt.Appendf(nil, `{"counter":%q}`, second))
	eventually(t, "the second event runs", func() bool { _, err := os.Stat(second); return err == nil })
}

func TestEventsOutliveTheHost(t *testing.T) {
	counter := filepath.Join(t.TempDir(), "attempts")
	store := &mapStore{values: map[string][]byte{}}
	none := 0
	before := newHost(t, Config{Events: store}, Function{Name: "F", ReservedConcurrency: &none})
	before.InvokeAsync("F", fmt.Appendf(nil, `{"counter":%q}`, counter))
	if err := before.Close(); err != nil {
		t.Fatal(err)
	}
	if store.len() != 1 {
		t.Fatalf("%d events kept, want 1", store.len())
	}
	after := newHost(t, Config{Events: store}, Function{Name: "F"})
	if err := after.Resume(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the event is done", func() bool { return store.len() == 0 })
	if n := attempts(t, counter); n != 1 {
		t.Errorf("%d attempts, want one", n)
	}
}

func attempts(t *testing.T, counter string) int {
	t.Helper()
	lines, err := os.ReadFile(counter)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(lines), "\n")
}

type mapStore struct {
	mu     sync.Mutex
	values map[string][]byte
}

func (s *mapStore) Put(key string, value []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.values[key] = value
	return nil
}

func (s *mapStore) Delete(key string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.values, key)
	return nil
}

func (s *mapStore) ForEach(visit func(string, []byte) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, value := range s.values {
		if err := visit(key, value); err != nil {
			return err
		}
	}
	return nil
}

func (s *mapStore) len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.values)
}
