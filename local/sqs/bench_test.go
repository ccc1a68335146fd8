package sqs

import (
	"context"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

// BenchmarkSend sends messages of 300 bytes from many goroutines.
func BenchmarkSend(b *testing.B) {
	for name, attributes := range map[string]map[string]string{
		"standard": nil,
		"q.fifo":   {"FifoQueue": "true", "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"},
	} {
		for _, keeping := range []string{"memory", "file"} {
			b.Run(name+"/"+keeping, func(b *testing.B) { benchmarkSend(b, name, attributes, keeping == "file") })
		}
	}
}

func benchmarkSend(b *testing.B, name string, attributes map[string]string, keep bool) {
	s := newService(b, nil)
	if keep {
		kept, closeService := openService(b, b.TempDir())
		defer closeService()
		s = kept
	}
	declare(b, s, name, attributes)
	body := strings.Repeat("x", 300)
	var n atomic.Int64
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			var options []SendOption
			if attributes != nil {
				i := n.Add(1)
				options = []SendOption{InGroup(strconv.FormatInt(i%1000, 10)), WithDeduplicationID(strconv.FormatInt(i, 10))}
			}
			if _, err := s.Send(name, body, options...); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "sends/s")
}

// BenchmarkRoundTrip sends, receives and deletes one message after another.
func BenchmarkRoundTrip(b *testing.B) {
	s := newService(b, map[string]map[string]string{"q": nil})
	for b.Loop() {
		if _, err := s.Send("q", "body"); err != nil {
			b.Fatal(err)
		}
		messages, err := s.Receive(context.Background(), "q", 10, 0)
		if err != nil || len(messages) != 1 {
			b.Fatalf("%d messages, %v", len(messages), err)
		}
		if err := s.Delete("q", messages[0].ReceiptHandle); err != nil {
			b.Fatal(err)
		}
	}
}
