package sqs

import (
	"context"
	"slices"
	"time"
)

// maxReceive is how many messages one receive gives at most.
const maxReceive = 10

// incoming is what a receiver asks for.
type incoming struct {
	max        int
	wait       time.Duration
	visibility *time.Duration // nil: the queue's
}

// Receive returns up to max messages (1 to 10) of the queue of that name, which are in flight from then on, for as long
// as the queue's visibility timeout. When there are none it waits for as long as wait says and then returns
// none. When ctx ends, it returns at once, without an error. Errors are ErrClosed and *Error: QueueDoesNotExist, OverLimit.
func (s *Service) Receive(ctx context.Context, queue string, max int, wait time.Duration) ([]Message, error) {
	q, err := s.queue(queue)
	if err != nil {
		return nil, err
	}
	return s.receive(ctx, q, incoming{max: max, wait: wait})
}

func (s *Service) receive(ctx context.Context, q *queue, in incoming) ([]Message, error) {
	deadline := time.Now().Add(in.wait)
	var timeout <-chan time.Time
	if in.wait > 0 {
		timer := time.NewTimer(in.wait)
		defer timer.Stop()
		timeout = timer.C
	}
	for {
		messages, arrival, err := s.takeOrQueueUp(q, in, !time.Now().Before(deadline))
		if err != nil || len(messages) > 0 || arrival == nil {
			return messages, err
		}
		select {
		case <-arrival:
			continue
		case <-timeout:
		case <-ctx.Done():
		case <-s.running.Done():
			q.leave(arrival)
			return nil, ErrClosed
		}
		q.leave(arrival)
		return nil, nil
	}
}

// takeOrQueueUp takes messages or, when there are none, returns a channel that is closed when there may be some. The
// channel is nil when the receiver has waited for long enough.
func (s *Service) takeOrQueueUp(q *queue, in incoming, last bool) ([]Message, <-chan struct{}, error) {
	deadLetters := s.deadLetterQueue(q)
	now := time.Now()

	q.mu.Lock()
	if q.deleted {
		q.mu.Unlock()
		return nil, nil, errQueueDoesNotExist()
	}
	q.advance(now)
	if q.flying >= maxInFlight {
		full := q.arrival(last)
		q.mu.Unlock()
		// SQS tells only those who do not wait, and none on FIFO queues.
		if last && in.wait == 0 && !q.fifo {
			return nil, nil, errOverLimit()
		}
		return nil, full, nil
	}
	taken, dead := q.take(in, deadLetters != nil, now)
	var arrival <-chan struct{}
	if len(taken) == 0 {
		arrival = q.arrival(last)
	}
	q.wake() // the next receiver may find the rest
	messages := make([]Message, len(taken))
	for i, m := range taken {
		messages[i] = m.public()
	}
	moved := q.journal.taken()
	if len(dead) == 0 {
		receipt := q.journal.stage(moved...)
		q.mu.Unlock()
		return messages, arrival, durably(receipt)
	}
	q.mu.Unlock()
	return messages, arrival, durably(deadLetters.bury(q.arn, dead, moved, now))
}

// take marks up to in.max messages as received; dead are those that were received too often, which are out of the queue now.
func (q *queue) take(in incoming, redrive bool, now time.Time) (taken, dead []*message) {
	spent := func(m *message) bool { return redrive && m.receives >= q.settings.maxReceives }
	taken, dead = q.line.take(min(in.max, maxInFlight-q.flying), spent)
	for _, m := range dead {
		q.forget(m)
		q.journal.deleted(m)
	}
	visibility := q.settings.visibility
	if in.visibility != nil {
		visibility = *in.visibility
	}
	for _, m := range taken {
		q.flying++
		m.receives++
		m.receiptNumber++
		m.receivedAt = now
		if m.firstReceivedAt.IsZero() {
			m.firstReceivedAt = now
		}
		m.until = now.Add(visibility)
		q.waiting.add(m)
		q.journal.received(m)
	}
	return taken, dead
}

// arrival puts a receiver in the line of those that wait, unless this was its last look.
func (q *queue) arrival(last bool) <-chan struct{} {
	if last {
		return nil
	}
	channel := make(chan struct{})
	q.receivers = append(q.receivers, channel)
	q.wake()
	return channel
}

// leave takes a receiver out of the line. It needs no lock.
func (q *queue) leave(arrival <-chan struct{}) {
	q.mu.Lock()
	defer q.mu.Unlock()
	before := len(q.receivers)
	q.receivers = slices.DeleteFunc(q.receivers, func(c chan struct{}) bool { return c == arrival })
	if len(q.receivers) == before {
		q.wake() // it was woken while it went: another one must look in its place
	}
}
