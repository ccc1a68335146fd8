package sqs

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestDeadLetterQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, map[string]map[string]string{"dlq": nil})
		declare(t, s, "q", map[string]string{"VisibilityTimeout": "10", "RedrivePolicy": redriveTo(s, "dlq", 2)})
		sent := send(t, s, "q", "poison")
		for range 2 {
			expect(t, s, "q", "poison")
			time.Sleep(10 * time.Second)
		}
		expect(t, s, "dlq", "") // it goes when it would be received once more
		expect(t, s, "q", "")
		dead := expect(t, s, "dlq", "poison")[0]
		if dead.ID != sent.MessageID || dead.Attributes["DeadLetterQueueSourceArn"] != s.ARN("q") ||
			dead.Attributes["ApproximateReceiveCount"] != "3" {
			t.Errorf("the dead letter is %+v", dead)
		}
	})
}

func TestDeadLetterOfGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, map[string]map[string]string{"dlq.fifo": {"FifoQueue": "true"}})
		declare(t, s, "q.fifo", map[string]string{
			"FifoQueue": "true", "ContentBasedDeduplication": "true", "VisibilityTimeout": "10", "RedrivePolicy": redriveTo(s, "dlq.fifo", 1),
		})
		send(t, s, "q.fifo", "bad", InGroup("g"))
		expect(t, s, "q.fifo", "bad")
		send(t, s, "q.fifo", "good", InGroup("g"))
		// A receiver that waits gets the group's next message at the moment the first one is given up.
		begin := time.Now()
		if got := bodies(receive(t, s, "q.fifo", 20*time.Second)); got != "good" || time.Since(begin) != 10*time.Second {
			t.Errorf("received %q after %v", got, time.Since(begin))
		}
		dead := expect(t, s, "dlq.fifo", "bad")[0]
		if dead.Attributes["MessageGroupId"] != "g" || dead.Attributes["MessageDeduplicationId"] == "" || dead.Attributes["SequenceNumber"] == "" {
			t.Errorf("attributes of the dead letter: %v", dead.Attributes)
		}
	})
}

func TestWithoutDeadLetterQueueMessagesStay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, map[string]map[string]string{"dlq": nil})
		declare(t, s, "q", map[string]string{"VisibilityTimeout": "0", "RedrivePolicy": redriveTo(s, "dlq", 1)})
		send(t, s, "q", "a")
		expect(t, s, "q", "a")
		if err := s.deleteQueue("dlq"); err != nil {
			t.Fatal(err)
		}
		expect(t, s, "q", "a")
	})
}

func TestMoveTask(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, map[string]map[string]string{"dlq": nil, "elsewhere": nil})
		declare(t, s, "q", map[string]string{"VisibilityTimeout": "0", "RedrivePolicy": redriveTo(s, "dlq", 1)})
		bury := func(body string) {
			send(t, s, "q", body)
			expect(t, s, "q", body)
			expect(t, s, "q", "")
		}
		bury("a")
		bury("b")
		bury("c")

		_, err := s.startMove(s.ARN("q"), "", 0)
		expectError(t, err, "InvalidParameterValueException") // no dead letter queue
		_, err = s.startMove(s.ARN("nothing"), "", 0)
		expectError(t, err, "ResourceNotFoundException")
		_, err = s.startMove(s.ARN("dlq"), s.ARN("nothing"), 0)
		expectError(t, err, "ResourceNotFoundException")

		if _, err := s.startMove(s.ARN("dlq"), s.ARN("elsewhere"), 1); err != nil {
			t.Fatal(err)
		}
		_, err = s.startMove(s.ARN("dlq"), "", 0)
		expectError(t, err, "InvalidParameterValueException") // one at a time
		synctest.Wait()
		expect(t, s, "elsewhere", "a")
		time.Sleep(1500 * time.Millisecond)
		moved := expect(t, s, "elsewhere", "b")
		if moved[0].Attributes["ApproximateReceiveCount"] != "1" || moved[0].Attributes["DeadLetterQueueSourceArn"] != "" {
			t.Errorf("a moved message is not new: %v", moved[0].Attributes)
		}
		time.Sleep(2 * time.Second)
		expect(t, s, "elsewhere", "c")
		if s.moves[0].status != "COMPLETED" || s.moves[0].moved != 3 || s.moves[0].toMove != 3 {
			t.Errorf("the task is %+v", s.moves[0])
		}

		bury("home")
		if _, err := s.startMove(s.ARN("dlq"), "", 0); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		expect(t, s, "q", "home")
	})
}
