package count

import (
	"context"
	"strings"
	"time"

	"github.com/serverless-ocpp/backend/local/eventsource"
	"github.com/serverless-ocpp/backend/local/sqs"
)

// mostReceived bounds what is known of messages that were received and never deleted, as the dead ones are.
const mostReceived = 100_000

// Queues are queues as an event source sees them, with every request counted.
type Queues struct {
	eventsource.Queues
	Counter *Counter
}

// Receive counts one request, shared by the messages that it brings.
func (q Queues) Receive(ctx context.Context, queue string, max int, wait time.Duration) ([]sqs.Message, error) {
	messages, err := q.Queues.Receive(ctx, queue, max, wait)
	if err == nil {
		q.Counter.receivedBatch(queue, messages)
	}
	return messages, err
}

// Delete counts the part of a request that belongs to the messages: Lambda deletes a batch in one, of which the stand-in makes one
// for each message.
func (q Queues) Delete(queue string, handles ...string) error {
	err := q.Queues.Delete(queue, handles...)
	if err == nil {
		q.Counter.deleted(queue, handles)
	}
	return err
}

func (c *Counter) receivedBatch(queue string, messages []sqs.Message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := Key{Service: "sqs", Operation: "ReceiveMessage"}
	if len(messages) == 0 {
		c.spread(only(Polling), k, 1, 0, 0, amount{requestOf(queue), 1})
		return
	}
	if len(c.received) > mostReceived {
		clear(c.received)
	}
	for _, message := range messages {
		s := share{causeOfRecord([]byte(message.Body)), 1 / float64(len(messages))}
		c.received[message.ReceiptHandle] = s
		c.spread([]share{s}, k, 1, float64(len(messages)*len(message.Body)), 0, amount{requestOf(queue), 1})
	}
}

func (c *Counter) deleted(queue string, handles []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, handle := range handles {
		s, known := c.received[handle]
		if !known {
			s = share{Unnamed, 1}
		}
		delete(c.received, handle)
		c.spread([]share{s}, Key{Service: "sqs", Operation: "DeleteMessageBatch"}, 1, 0, 0, amount{requestOf(queue), 1})
	}
}

func requestOf(queue string) Item {
	if strings.HasSuffix(queue, ".fifo") {
		return SQSFIFORequest
	}
	return SQSRequest
}
