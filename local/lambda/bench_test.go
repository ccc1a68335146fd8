package lambda

import (
	"context"
	"testing"
)

// BenchmarkWarmInvoke is the whole way of one event through a warm instance.
func BenchmarkWarmInvoke(b *testing.B) {
	h := newHost(b, Config{}, Function{Name: "F"})
	event := []byte(`{"do":"echo","text":"hello"}`)
	call(b, h, "F", string(event))
	b.ResetTimer()
	for b.Loop() {
		if _, _, err := h.Invoke(context.Background(), "F", event); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkColdInvoke is the same with a new process for every event.
func BenchmarkColdInvoke(b *testing.B) {
	h := newHost(b, Config{}, Function{Name: "F"})
	for b.Loop() {
		if _, _, err := h.Invoke(context.Background(), "F", []byte(`{"do":"exit"}`)); err != nil {
			b.Fatal(err)
		}
	}
}
