package sqs

import "time"

// Delete removes messages from the queue of that name, each named by the receipt handle of its latest receive. A message that
// is gone already is no error. Errors are *Error: QueueDoesNotExist, ReceiptHandleIsInvalid, and on a FIFO
// queue InvalidParameterValueException when the visibility timeout of that receive is over.
func (s *Service) Delete(queue string, handles ...string) error {
	q, err := s.queue(queue)
	if err != nil {
		return err
	}
	for _, handle := range handles {
		if err := q.delete(handle); err != nil {
			return err
		}
	}
	return nil
}

// delete needs no lock.
func (q *queue) delete(handle string) error {
	id, receiptNumber, err := parseHandle(handle)
	if err != nil {
		return err
	}
	q.mu.Lock()
	if q.deleted {
		q.mu.Unlock()
		return errQueueDoesNotExist()
	}
	q.advance(time.Now())
	m := q.messages[id]
	current := m != nil && m.receiptNumber == receiptNumber
	switch {
	case m != nil && q.fifo && (!current || m.state != inFlight):
		q.mu.Unlock()
		return errInvalidValue(handle, "ReceiptHandle", "The receipt handle has expired.")
	case current:
		q.remove(m)
		q.journal.deleted(m)
		q.wake() // the rest of its group may go on
	}
	// Otherwise the message was deleted before, or received again since, and SQS says nothing.
	receipt := q.journal.stage()
	q.mu.Unlock()
	return durably(receipt)
}
