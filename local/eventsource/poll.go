package eventsource

import (
	"time"

	"github.com/serverless-ocpp/backend/local/sqs"
)

const (
	// receiveSize is how many messages one receive gives at most.
	receiveSize = 10
	// pollWait is how long one receive waits: the longest that SQS allows.
	pollWait = 20 * time.Second
	// pauseAfterError keeps a queue that cannot be received from from being asked without end.
	pauseAfterError = time.Second
	// maxPayload is the largest event of a synchronous invocation. Bodies are counted alone, with room left for
	// the attributes of a batch of ten.
	maxPayload = 6<<20 - 64<<10
)

// poll receives batches and has each invoked by a goroutine of its own. It receives only when an invocation may begin, so that no
// message spends its visibility timeout waiting for its turn.
func (m *Mapping) poll() {
	for m.slots.acquire(m.polling) {
		messages := m.gather()
		if len(messages) == 0 {
			m.slots.release()
			continue
		}
		received, ended := time.Now(), m.slots.begun()
		m.work.Go(func() {
			defer ended()
			for _, batch := range split(messages) {
				switch {
				case m.process(batch, received):
					m.slots.succeeded()
				case !m.config.ReportBatchItemFailures:
					m.slots.failed()
				}
			}
		})
	}
}

// gather waits for a first message and then for as many as the batching window brings.
func (m *Mapping) gather() []sqs.Message {
	batch := m.receive(min(m.config.BatchSize, receiveSize), pollWait)
	if len(batch) == 0 {
		return nil
	}
	for end := time.Now().Add(m.config.BatchingWindow); len(batch) < m.config.BatchSize && size(batch) < maxPayload; {
		left := time.Until(end)
		if left <= 0 || m.polling.Err() != nil {
			break
		}
		batch = append(batch, m.receive(min(m.config.BatchSize-len(batch), receiveSize), min(left, pollWait))...)
	}
	return batch
}

func (m *Mapping) receive(max int, wait time.Duration) []sqs.Message {
	messages, err := m.queues.Receive(m.polling, m.config.Queue, max, wait)
	if err != nil && m.polling.Err() == nil {
		m.config.Logger.Error("cannot receive from the queue", "error", err)
		select {
		case <-time.After(pauseAfterError):
		case <-m.polling.Done():
		}
	}
	return messages
}

// split cuts a batch where it would be too large for one invocation.
func split(messages []sqs.Message) [][]sqs.Message {
	var batches [][]sqs.Message
	begin := 0
	for i := range messages {
		if i > begin && size(messages[begin:i+1]) > maxPayload {
			batches = append(batches, messages[begin:i])
			begin = i
		}
	}
	return append(batches, messages[begin:])
}

func size(messages []sqs.Message) (bytes int) {
	for _, m := range messages {
		bytes += len(m.Body)
	}
	return bytes
}
