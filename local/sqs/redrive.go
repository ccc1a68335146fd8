package sqs

import (
	"time"

	"github.com/serverless-ocpp/backend/local/durable"
)

// deadLetterQueue returns where q's messages go when they were received too often, or nil: without a
// redrive policy, and when the dead letter queue is gone, they stay in q. It needs no lock.
func (s *Service) deadLetterQueue(q *queue) *queue {
	q.mu.Lock()
	target := q.settings.deadLetterTarget
	q.mu.Unlock()
	if target == "" {
		return nil
	}
	return s.queueByARN(target)
}

// bury puts dead letters of the queue source into this queue; left is how the source's journal tells that they are gone
// there, which is kept together with their coming here. A standard queue keeps the time at which a message was sent, a
// FIFO queue begins anew, as "Using dead-letter queues" in the SQS Developer Guide has it. It needs no lock.
func (q *queue) bury(source string, dead []*message, left []durable.Change, now time.Time) durable.Receipt {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, m := range dead {
		m.earlierReceives += m.receives
		m.receives = 0
		m.deadLetterOf = source
		m.state = visible
		m.sequence = q.nextSequence(now)
		if q.fifo {
			m.sentAt = now
		}
		q.add(m)
		q.journal.added(m)
	}
	return q.journal.stage(left...)
}
