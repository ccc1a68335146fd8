package sqs

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestVisibilityTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, map[string]map[string]string{"q": {"VisibilityTimeout": "30"}})
		send(t, s, "q", "a")
		first := expect(t, s, "q", "a")
		time.Sleep(30*time.Second - time.Nanosecond)
		expect(t, s, "q", "")
		time.Sleep(time.Nanosecond)
		second := expect(t, s, "q", "a")
		if second[0].Attributes["ApproximateReceiveCount"] != "2" ||
			second[0].Attributes["ApproximateFirstReceiveTimestamp"] != first[0].Attributes["ApproximateFirstReceiveTimestamp"] {
			t.Errorf("attributes at the second receive: %v", second[0].Attributes)
		}

		remove(t, s, "q", first[0]) // the older receipt handle deletes nothing
		time.Sleep(30 * time.Second)
		third := expect(t, s, "q", "a")
		remove(t, s, "q", third[0], third[0]) // the second time, it is gone
		time.Sleep(time.Hour)
		expect(t, s, "q", "")
	})
}

func TestChangeVisibility(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, map[string]map[string]string{"q": {"VisibilityTimeout": "30"}})
		send(t, s, "q", "a")
		handle := expect(t, s, "q", "a")[0].ReceiptHandle

		expectError(t, s.ChangeVisibility("q", handle, 100*time.Second), "")
		time.Sleep(99 * time.Second)
		expect(t, s, "q", "")
		expectError(t, s.ChangeVisibility("q", handle, 0), "")
		handle2 := expect(t, s, "q", "a")[0].ReceiptHandle

		expectError(t, s.ChangeVisibility("q", handle, 0), "InvalidParameterValueException")
		expectError(t, s.ChangeVisibility("q", "nonsense", 0), "ReceiptHandleIsInvalid")
		expectError(t, s.ChangeVisibility("q", handle2, 13*time.Hour), "InvalidParameterValueException")
		time.Sleep(10 * time.Second)
		expectError(t, s.ChangeVisibility("q", handle2, 12*time.Hour), "InvalidParameterValueException") // in total too long
		time.Sleep(time.Minute)
		expectError(t, s.ChangeVisibility("q", handle2, time.Minute), "MessageNotInflight")
	})
}

func TestDelays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, map[string]map[string]string{"q": {"DelaySeconds": "10"}})
		send(t, s, "q", "queue's")
		send(t, s, "q", "own", WithDelay(15*time.Minute))
		send(t, s, "q", "none", WithDelay(0))
		remove(t, s, "q", expect(t, s, "q", "none")...)
		time.Sleep(10 * time.Second)
		remove(t, s, "q", expect(t, s, "q", "queue's")...)
		// A receiver that waits gets a delayed message at its moment.
		begin := time.Now()
		time.Sleep(14*time.Minute + 40*time.Second)
		if got := bodies(receive(t, s, "q", 20*time.Second)); got != "own" {
			t.Errorf("received %q, want the delayed message", got)
		}
		if waited := time.Since(begin); waited != 14*time.Minute+50*time.Second {
			t.Errorf("the delayed message came after %v", waited)
		}
		_, err := s.Send("q", "x", WithDelay(15*time.Minute+time.Second))
		expectError(t, err, "InvalidParameterValueException")
	})
}

func TestLongPolling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, map[string]map[string]string{"q": nil})
		begin := time.Now()
		if got := receive(t, s, "q", 20*time.Second); len(got) != 0 || time.Since(begin) != 20*time.Second {
			t.Errorf("an empty queue answered %d messages after %v", len(got), time.Since(begin))
		}

		// Each message goes to one of the waiting receivers, and as soon as it is there.
		received := make(chan string, 3)
		for range 3 {
			go func() { received <- bodies(receive(t, s, "q", 20*time.Second)) }()
		}
		synctest.Wait()
		begin = time.Now()
		send(t, s, "q", "a")
		synctest.Wait()
		send(t, s, "q", "b")
		if one, two := <-received, <-received; one+two != "ab" && one+two != "ba" {
			t.Errorf("the receivers got %q and %q", one, two)
		}
		if time.Since(begin) != 0 {
			t.Errorf("the receivers waited %v", time.Since(begin))
		}
		if last := <-received; last != "" || time.Since(begin) != 20*time.Second {
			t.Errorf("the third receiver got %q after %v", last, time.Since(begin))
		}
	})
}

// TestLeavingReceiver looks for the message that is lost when it is meant for a receiver that leaves at the same moment.
func TestLeavingReceiver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, map[string]map[string]string{"q": {"VisibilityTimeout": "43200"}})
		received := make(chan string, 2)
		wait := func(ctx context.Context) {
			messages, err := s.Receive(ctx, "q", 1, 20*time.Second)
			if err != nil {
				t.Error(err)
			}
			received <- bodies(messages)
		}
		ctx, cancel := context.WithCancel(t.Context())
		go wait(ctx)
		synctest.Wait()
		go wait(t.Context())
		synctest.Wait()
		cancel()
		send(t, s, "q", "a")
		if one, two := <-received, <-received; one+two != "a" {
			t.Errorf("the receivers got %q and %q", one, two)
		}
	})
}

func TestCloseEndsWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, map[string]map[string]string{"q": nil})
		begin := time.Now()
		time.AfterFunc(time.Second, s.Close)
		_, err := s.Receive(t.Context(), "q", 1, 20*time.Second)
		if !errors.Is(err, ErrClosed) || time.Since(begin) != time.Second {
			t.Errorf("the receiver got %v after %v", err, time.Since(begin))
		}
	})
}

func TestRetention(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, map[string]map[string]string{"q": {"MessageRetentionPeriod": "60"}})
		send(t, s, "q", "a")
		time.Sleep(59 * time.Second)
		send(t, s, "q", "b")
		time.Sleep(2 * time.Second)
		expect(t, s, "q", "b")
	})
}

func TestSendRefuses(t *testing.T) {
	s := newService(t, map[string]map[string]string{"q": {"MaximumMessageSize": "1024"}})
	for name, test := range map[string]struct {
		queue, body, code string
		options           []SendOption
	}{
		"no such queue":        {"r", "x", "QueueDoesNotExist", nil},
		"empty body":           {"q", "", "MissingRequiredParameterException", nil},
		"control character":    {"q", "a\x01", "InvalidMessageContents", nil},
		"not UTF-8":            {"q", "a\xff", "InvalidMessageContents", nil},
		"too long":             {"q", strings.Repeat("x", 1025), "InvalidParameterValueException", nil},
		"deduplication id":     {"q", "x", "InvalidParameterValueException", []SendOption{WithDeduplicationID("d")}},
		"group with space":     {"q", "x", "InvalidParameterValueException", []SendOption{InGroup("a b")}},
		"attribute, no type":   {"q", "x", "InvalidParameterValueException", []SendOption{WithAttributes(map[string]MessageAttribute{"a": {StringValue: "v"}})}},
		"attribute, no value":  {"q", "x", "InvalidParameterValueException", []SendOption{WithAttributes(map[string]MessageAttribute{"a": {DataType: "Binary", StringValue: "v"}})}},
		"attributes count too": {"q", strings.Repeat("x", 1020), "InvalidParameterValueException", []SendOption{WithAttributes(map[string]MessageAttribute{"a": {DataType: "String", StringValue: "v"}})}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := s.Send(test.queue, test.body, test.options...)
			expectError(t, err, test.code)
		})
	}
	for _, body := range []string{"tab\tline\r\n", "\ufffd", "é𝄞", strings.Repeat("x", 1024)} {
		send(t, s, "q", body)
	}
}

func TestGroupOnStandardQueue(t *testing.T) {
	s := newService(t, map[string]map[string]string{"q": nil})
	send(t, s, "q", "a", InGroup("tenant"))
	send(t, s, "q", "b", InGroup("tenant"))
	messages := expect(t, s, "q", "a b") // for fair queues only; blocks nothing
	if messages[0].Attributes["MessageGroupId"] != "tenant" || messages[0].Attributes["SequenceNumber"] != "" {
		t.Errorf("attributes: %v", messages[0].Attributes)
	}
}

func TestInFlightLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, map[string]map[string]string{"q": {"VisibilityTimeout": "30"}})
		for range maxInFlight + 1 {
			send(t, s, "q", "x")
		}
		for range maxInFlight / maxReceive {
			receive(t, s, "q", 0)
		}
		_, err := s.Receive(t.Context(), "q", 1, 0)
		expectError(t, err, "OverLimit")
		// A receiver that waits gets the last message when others are visible again.
		begin := time.Now()
		time.Sleep(15 * time.Second)
		if got := receive(t, s, "q", 20*time.Second); len(got) == 0 || time.Since(begin) != 30*time.Second {
			t.Errorf("received %d messages after %v", len(got), time.Since(begin))
		}
	})
}
