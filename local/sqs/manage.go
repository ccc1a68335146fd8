package sqs

import (
	"maps"
	"regexp"
	"time"
)

// nameRest is how long the name of a deleted queue cannot be taken again, and how long a queue cannot be purged again.
const nameRest = time.Minute

var validName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$|^[A-Za-z0-9_-]{1,75}\.fifo$`)

// Declare makes sure that a queue of that name exists and has these attributes, as a template declares them: it creates the
// queue, or changes the one that was kept from an earlier run. Attributes are named and written as in CreateQueue. A dead
// letter queue must be declared before the queue that names it. Errors are *Error, as of CreateQueue and SetQueueAttributes.
func (s *Service) Declare(name string, attributes, tags map[string]string) error {
	q, err := s.queue(name)
	if err != nil {
		return s.create(name, attributes, tags)
	}
	if err := s.change(q, func(map[string]string) map[string]string { return attributes }); err != nil {
		return err
	}
	return s.retag(q, func(map[string]string) map[string]string { return maps.Clone(tags) })
}

// create creates a queue. A queue that exists with the same values of the given attributes is no error.
func (s *Service) create(name string, attributes, tags map[string]string) error {
	if !validName.MatchString(name) {
		return errInvalidParameter("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
	}
	settings, err := parseSettings(name, attributes)
	if err != nil {
		return err
	}
	if err := s.checkTarget(settings); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if q := s.queues[name]; q != nil {
		return q.sameAs(attributes)
	}
	if now.Sub(s.deletedAt[name]) < nameRest {
		return own("QueueDeletedRecently", "You must wait 60 seconds after deleting a queue before you can create another with the same name.")
	}
	q := newQueue(name, s.ARN(name), maps.Clone(attributes), settings, newJournal(s.config.Store, name), now)
	q.tags = maps.Clone(tags)
	if err := s.keep(q); err != nil {
		return err
	}
	s.queues[name] = q
	delete(s.deletedAt, name)
	s.log.Info("queue created", "queue", name)
	return nil
}

// sameAs says whether a queue may be "created" again with these attributes. It needs no lock.
func (q *queue) sameAs(attributes map[string]string) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	described := q.described()
	for name, value := range attributes {
		if described[name] != value {
			return errQueueNameExists(name)
		}
	}
	return nil
}

// checkTarget says whether the dead letter queue exists, and is of the same kind.
func (s *Service) checkTarget(settings settings) error {
	if settings.deadLetterTarget == "" {
		return nil
	}
	target := s.queueByARN(settings.deadLetterTarget)
	switch {
	case target == nil:
		return errInvalidValue(settings.deadLetterTarget, "RedrivePolicy", "Dead letter target does not exist.")
	case target.fifo != settings.fifo:
		return errInvalidValue(settings.deadLetterTarget, "RedrivePolicy", "Dead-letter queue must be same type of queue as the source.")
	}
	return nil
}

// change replaces the attributes of a queue by what edit makes of them. It needs no lock.
func (s *Service) change(q *queue, edit func(map[string]string) map[string]string) error {
	q.mu.Lock()
	attributes := edit(maps.Clone(q.attributes))
	q.mu.Unlock()
	settings, err := parseSettings(q.name, attributes)
	if err != nil {
		return err
	}
	if err := s.checkTarget(settings); err != nil {
		return err
	}
	q.mu.Lock()
	q.attributes, q.settings, q.modified = maps.Clone(attributes), settings, time.Now()
	q.mu.Unlock()
	return s.keep(q)
}

// retag replaces the tags of a queue by what edit makes of them. It needs no lock.
func (s *Service) retag(q *queue, edit func(map[string]string) map[string]string) error {
	q.mu.Lock()
	q.tags = edit(q.tags)
	q.mu.Unlock()
	return s.keep(q)
}

// keep writes down the queue itself. It needs no lock.
func (s *Service) keep(q *queue) error {
	if s.config.Store == nil {
		return nil
	}
	q.mu.Lock()
	kept := keptQueue{Attributes: maps.Clone(q.attributes), Tags: maps.Clone(q.tags), Created: q.created, Modified: q.modified}
	q.mu.Unlock()
	if err := s.config.Store.Bucket(queuesBucket).Put(q.name, encode(kept)); err != nil {
		return errInternal(err)
	}
	return nil
}

// deleteQueue deletes a queue with its messages; those who wait for a message are told.
func (s *Service) deleteQueue(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.queues[name]
	if q == nil {
		return errQueueDoesNotExist()
	}
	delete(s.queues, name)
	s.deletedAt[name] = time.Now()

	q.mu.Lock()
	defer q.mu.Unlock()
	q.deleted = true
	q.clear()
	q.journal.forgotten(q.dedup.expire(time.Now().Add(2 * dedupWindow)))
	for _, receiver := range q.receivers {
		close(receiver)
	}
	q.receivers = nil
	q.alarm.stop()
	s.log.Info("queue deleted", "queue", name)
	if s.config.Store == nil {
		return nil
	}
	return durably(q.journal.stage(s.config.Store.Bucket(queuesBucket).DeleteChange(name)))
}

// purge removes all messages of a queue, in flight or not. It needs no lock.
func (q *queue) purge() error {
	now := time.Now()
	q.mu.Lock()
	if now.Sub(q.purgedAt) < nameRest {
		q.mu.Unlock()
		return errPurgeInProgress(q.name)
	}
	q.purgedAt = now
	q.clear()
	receipt := q.journal.stage()
	q.mu.Unlock()
	return durably(receipt)
}

func (q *queue) clear() {
	for _, m := range q.messages {
		q.remove(m)
		q.journal.deleted(m)
	}
}
