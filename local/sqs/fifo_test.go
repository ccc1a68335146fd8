package sqs

import (
	"testing"
	"testing/synctest"
	"time"
)

var fifo = map[string]string{"FifoQueue": "true", "ContentBasedDeduplication": "true", "VisibilityTimeout": "30"}

func TestGroupIsBlockedByItsMessageInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, map[string]map[string]string{"q.fifo": fifo})
		for _, body := range []string{"a1", "a2", "b1", "a3"} {
			send(t, s, "q.fifo", body, InGroup(body[:1]))
		}
		// As many of one group as fit, then the next group.
		batch := expect(t, s, "q.fifo", "a1 a2 a3 b1")
		send(t, s, "q.fifo", "a4", InGroup("a"))
		send(t, s, "q.fifo", "c1", InGroup("c"))
		expect(t, s, "q.fifo", "c1")

		remove(t, s, "q.fifo", batch[0], batch[2])
		expect(t, s, "q.fifo", "") // a2 is still in flight
		time.Sleep(30 * time.Second)
		again := expect(t, s, "q.fifo", "a2 a4 b1 c1")
		expectError(t, s.Delete("q.fifo", batch[1].ReceiptHandle), "InvalidParameterValueException") // expired
		remove(t, s, "q.fifo", again[0], again[1])
		send(t, s, "q.fifo", "a5", InGroup("a"))
		expect(t, s, "q.fifo", "a5")
	})
}

func TestGroupGoesOnInOrderAfterChangeVisibility(t *testing.T) {
	s := newService(t, map[string]map[string]string{"q.fifo": fifo})
	for _, body := range []string{"1", "2", "3"} {
		send(t, s, "q.fifo", body, InGroup("g"))
	}
	batch, err := s.Receive(t.Context(), "q.fifo", 2, 0)
	if err != nil || bodies(batch) != "1 2" {
		t.Fatalf("received %q, %v", bodies(batch), err)
	}
	expectError(t, s.ChangeVisibility("q.fifo", batch[0].ReceiptHandle, 0), "")
	expect(t, s, "q.fifo", "") // 2 is in flight
	expectError(t, s.ChangeVisibility("q.fifo", batch[1].ReceiptHandle, 0), "")
	expect(t, s, "q.fifo", "1 2 3")
}

func TestDeduplication(t *testing.T) {
	perGroup := map[string]string{"FifoQueue": "true", "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, map[string]map[string]string{"content.fifo": fifo, "group.fifo": perGroup})

		first := send(t, s, "content.fifo", "same", InGroup("g"))
		second := send(t, s, "content.fifo", "same", InGroup("h"))
		if first != second {
			t.Errorf("a repetition was answered %+v, the original %+v", second, first)
		}
		other := send(t, s, "content.fifo", "same", InGroup("g"), WithDeduplicationID("explicit"))
		if other.SequenceNumber <= first.SequenceNumber || len(other.SequenceNumber) != 20 {
			t.Errorf("sequence numbers: %s, then %s", first.SequenceNumber, other.SequenceNumber)
		}
		remove(t, s, "content.fifo", expect(t, s, "content.fifo", "same same")...)
		time.Sleep(5*time.Minute - time.Nanosecond)
		send(t, s, "content.fifo", "same", InGroup("g"))
		expect(t, s, "content.fifo", "") // deleted or not, it is remembered
		time.Sleep(time.Nanosecond)
		send(t, s, "content.fifo", "same", InGroup("g"))
		expect(t, s, "content.fifo", "same")

		for _, group := range []string{"g", "h", "g"} {
			send(t, s, "group.fifo", group, InGroup(group), WithDeduplicationID("d"))
		}
		expect(t, s, "group.fifo", "g h")
	})
}

func TestFIFORefuses(t *testing.T) {
	s := newService(t, map[string]map[string]string{"content.fifo": fifo, "explicit.fifo": {"FifoQueue": "true"}})
	for name, test := range map[string]struct {
		queue, code string
		options     []SendOption
	}{
		"no group":            {"content.fifo", "MissingRequiredParameterException", nil},
		"no deduplication id": {"explicit.fifo", "InvalidParameterValueException", []SendOption{InGroup("g")}},
		"delay":               {"content.fifo", "InvalidParameterValueException", []SendOption{InGroup("g"), WithDelay(time.Second)}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := s.Send(test.queue, "x", test.options...)
			expectError(t, err, test.code)
		})
	}
}

func TestFIFOQueueDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, map[string]map[string]string{"q.fifo": {"FifoQueue": "true", "ContentBasedDeduplication": "true", "DelaySeconds": "5"}})
		send(t, s, "q.fifo", "1", InGroup("g"))
		time.Sleep(2 * time.Second)
		send(t, s, "q.fifo", "2", InGroup("g"))
		expect(t, s, "q.fifo", "")
		time.Sleep(3 * time.Second)
		remove(t, s, "q.fifo", expect(t, s, "q.fifo", "1")...)
		expect(t, s, "q.fifo", "")
		time.Sleep(2 * time.Second)
		expect(t, s, "q.fifo", "2")
	})
}

// TestWaitingReceiverGetsUnblockedGroup: deleting the message in flight lets the next one of its group out at once.
func TestWaitingReceiverGetsUnblockedGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, map[string]map[string]string{"q.fifo": fifo})
		send(t, s, "q.fifo", "1", InGroup("g"))
		batch := expect(t, s, "q.fifo", "1")
		send(t, s, "q.fifo", "2", InGroup("g"))
		received := make(chan string)
		go func() { received <- bodies(receive(t, s, "q.fifo", 20*time.Second)) }()
		synctest.Wait()
		begin := time.Now()
		remove(t, s, "q.fifo", batch...)
		if got := <-received; got != "2" || time.Since(begin) != 0 {
			t.Errorf("received %q after %v", got, time.Since(begin))
		}
	})
}
