package sqs

import "time"

// longestVisibility is how long a message can be in flight after one receive, however often its visibility is changed.
const longestVisibility = 12 * time.Hour

// ChangeVisibility makes the message with that receipt handle visible again after timeout from now; 0 makes it so at
// once. Errors are *Error: QueueDoesNotExist, ReceiptHandleIsInvalid, MessageNotInflight, and
// InvalidParameterValueException when the handle is not of the message's latest receive, or the timeout too long.
func (s *Service) ChangeVisibility(queue, handle string, timeout time.Duration) error {
	q, err := s.queue(queue)
	if err != nil {
		return err
	}
	return q.changeVisibility(handle, timeout)
}

// changeVisibility needs no lock.
func (q *queue) changeVisibility(handle string, timeout time.Duration) error {
	id, receiptNumber, err := parseHandle(handle)
	if err != nil {
		return err
	}
	if timeout < 0 || timeout > longestVisibility {
		return errInvalidValue(int(timeout.Seconds()), "VisibilityTimeout", "VisibilityTimeout must be an integer between 0 and 43200.")
	}
	now := time.Now()
	q.mu.Lock()
	if err := q.postpone(id, receiptNumber, timeout, now); err != nil {
		q.mu.Unlock()
		return err
	}
	receipt := q.journal.stage()
	q.mu.Unlock()
	return durably(receipt)
}

func (q *queue) postpone(id string, receiptNumber int, timeout time.Duration, now time.Time) error {
	if q.deleted {
		return errQueueDoesNotExist()
	}
	q.advance(now)
	m := q.messages[id]
	switch {
	case m == nil || m.receiptNumber != receiptNumber:
		return errInvalidValue(id, "ReceiptHandle", "Message does not exist or is not available for visibility timeout change.")
	case m.state != inFlight:
		return own("MessageNotInflight", "The message is not in flight.")
	case now.Add(timeout).Sub(m.receivedAt) > longestVisibility:
		return errInvalidValue(int(timeout.Seconds()), "VisibilityTimeout", "Total VisibilityTimeout for the message is beyond the limit [43200 seconds]")
	}
	q.waiting.remove(m)
	m.until = now.Add(timeout)
	if timeout == 0 {
		q.appear(m)
	} else {
		q.waiting.add(m)
	}
	q.journal.received(m)
	q.wake()
	return nil
}

// ReturnInFlight makes every message in flight visible at once, for a queue whose only consumer died with an earlier
// process: on AWS the pollers of an event source mapping outlive whatever happens to a function, so nobody ever waits there
// for the visibility timeouts that a dead one left. Receives stay counted. Errors are *Error: QueueDoesNotExist.
func (s *Service) ReturnInFlight(queue string) error {
	q, err := s.queue(queue)
	if err != nil {
		return err
	}
	now := time.Now()
	q.mu.Lock()
	if q.deleted {
		q.mu.Unlock()
		return errQueueDoesNotExist()
	}
	q.advance(now)
	for _, m := range q.messages {
		if m.state == inFlight {
			q.waiting.remove(m)
			m.until = now
			q.appear(m)
			q.journal.received(m)
		}
	}
	q.wake()
	receipt := q.journal.stage()
	q.mu.Unlock()
	return durably(receipt)
}
