package sqs

import (
	"testing"
	"time"
)

// TestEverythingIsKept stops the service and opens its store again.
func TestEverythingIsKept(t *testing.T) {
	dir := t.TempDir()
	queues := map[string]map[string]string{
		"q":      {"VisibilityTimeout": "40000"},
		"q.fifo": {"FifoQueue": "true", "ContentBasedDeduplication": "true", "VisibilityTimeout": "40000"},
		"dlq":    nil,
	}
	s, closeService := openService(t, dir)
	for name, attributes := range queues {
		declare(t, s, name, attributes)
	}
	declare(t, s, "source", map[string]string{"VisibilityTimeout": "0", "RedrivePolicy": redriveTo(s, "dlq", 1)})

	attributes := map[string]MessageAttribute{"n": {DataType: "Number", StringValue: "5"}, "b": {DataType: "Binary", BinaryValue: []byte{0, 1}}}
	send(t, s, "q", "flying", WithAttributes(attributes), From("sender"))
	flying := expect(t, s, "q", "flying")[0]
	send(t, s, "q", "deleted")
	remove(t, s, "q", expect(t, s, "q", "deleted")...)
	send(t, s, "q", "late", WithDelay(10*time.Minute))
	send(t, s, "q", "there")

	send(t, s, "q.fifo", "a1", InGroup("a"))
	a1 := expect(t, s, "q.fifo", "a1")[0]
	send(t, s, "q.fifo", "a2", InGroup("a"))
	last := send(t, s, "q.fifo", "b1", InGroup("b"))

	send(t, s, "source", "poison")
	expect(t, s, "source", "poison")
	expect(t, s, "source", "") // moves it
	closeService()

	s, closeService = openService(t, dir)
	defer closeService()
	for name, attributes := range queues {
		declare(t, s, name, attributes) // as the template is declared at each start
	}
	expect(t, s, "q", "there")
	expectError(t, s.ChangeVisibility("q", flying.ReceiptHandle, 0), "")
	again := expect(t, s, "q", "flying")[0]
	if again.Attributes["ApproximateReceiveCount"] != "2" || again.Attributes["SenderId"] != "sender" ||
		again.MD5OfMessageAttributes != flying.MD5OfMessageAttributes || again.Attributes["SentTimestamp"] != flying.Attributes["SentTimestamp"] {
		t.Errorf("the message in flight came back as %+v, was %+v", again, flying)
	}
	if got := s.queues["q"].describe()["ApproximateNumberOfMessagesDelayed"]; got != "1" {
		t.Errorf("%s messages are delayed, want 1", got)
	}

	expect(t, s, "q.fifo", "b1") // group a is blocked by a1, still in flight
	remove(t, s, "q.fifo", a1)
	expect(t, s, "q.fifo", "a2")
	if repeated := send(t, s, "q.fifo", "b1", InGroup("b")); repeated != last {
		t.Errorf("the deduplication window was lost: %+v, then %+v", last, repeated)
	}
	if next := send(t, s, "q.fifo", "b2", InGroup("b")); next.SequenceNumber <= last.SequenceNumber {
		t.Errorf("sequence number %s comes after %s", next.SequenceNumber, last.SequenceNumber)
	}

	expect(t, s, "source", "")
	expect(t, s, "dlq", "poison")

	if err := s.deleteQueue("q"); err != nil {
		t.Fatal(err)
	}
	left := 0
	for _, bucket := range []string{"messages/q", "receives/q", "window/q"} {
		if err := s.config.Store.Bucket(bucket).ForEach(func(string, []byte) error { left++; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if left != 0 {
		t.Errorf("%d entries are left of a deleted queue", left)
	}
}

// TestReturnInFlight kills a consumer: what it had received comes again at once, in its order, before what came later.
func TestReturnInFlight(t *testing.T) {
	dir := t.TempDir()
	attributes := map[string]string{"FifoQueue": "true", "VisibilityTimeout": "40000"}
	s, closeService := openService(t, dir)
	declare(t, s, "q.fifo", attributes)
	for _, body := range []string{"a1", "a2"} {
		send(t, s, "q.fifo", body, InGroup("a"), WithDeduplicationID(body))
	}
	expect(t, s, "q.fifo", "a1 a2")
	send(t, s, "q.fifo", "a3", InGroup("a"), WithDeduplicationID("a3"))
	closeService()

	s, closeService = openService(t, dir)
	expect(t, s, "q.fifo", "")
	if err := s.ReturnInFlight("q.fifo"); err != nil {
		t.Fatal(err)
	}
	closeService() // that they are back is kept as well

	s, closeService = openService(t, dir)
	defer closeService()
	again := expect(t, s, "q.fifo", "a1 a2 a3")
	if count := again[0].Attributes["ApproximateReceiveCount"]; count != "2" {
		t.Errorf("receive count %s, want 2", count)
	}
	remove(t, s, "q.fifo", again...)
	expectError(t, s.ReturnInFlight("nowhere"), "QueueDoesNotExist")
}

func TestDeclareChangesAKeptQueue(t *testing.T) {
	s := newService(t, map[string]map[string]string{"q": {"VisibilityTimeout": "5", "DelaySeconds": "7"}})
	declare(t, s, "q", map[string]string{"VisibilityTimeout": "6"})
	if got := s.queues["q"].describe(); got["VisibilityTimeout"] != "6" || got["DelaySeconds"] != "0" {
		t.Errorf("attributes are %v", got)
	}
	expectError(t, s.Declare("q", map[string]string{"VisibilityTimeout": "43201"}, nil), "InvalidAttributeValue")
	expectError(t, s.Declare("q", map[string]string{"RedrivePolicy": redriveTo(s, "nothing", 1)}, nil), "InvalidParameterValueException")
	expectError(t, s.Declare("r.fifo", nil, nil), "InvalidParameterValueException")
	expectError(t, s.Declare("r", map[string]string{"DeduplicationScope": "queue"}, nil), "InvalidAttributeName")
}
