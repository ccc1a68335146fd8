package sqs

import (
	"encoding/json"
	"fmt"
	"time"
)

// queuesBucket holds a keptQueue under each queue's name.
const queuesBucket = "queues"

// keptQueue is a queue without its messages.
type keptQueue struct {
	Attributes        map[string]string
	Tags              map[string]string
	Created, Modified time.Time
}

// load makes the queues that the store remembers, with their messages as they stood.
func (s *Service) load() error {
	if s.config.Store == nil {
		return nil
	}
	return s.config.Store.Bucket(queuesBucket).ForEach(func(name string, value []byte) error {
		var kept keptQueue
		if err := json.Unmarshal(value, &kept); err != nil {
			return fmt.Errorf("queue %s: %w", name, err)
		}
		settings, err := parseSettings(name, kept.Attributes)
		if err != nil {
			return fmt.Errorf("queue %s: %w", name, err)
		}
		q := newQueue(name, s.ARN(name), kept.Attributes, settings, newJournal(s.config.Store, name), time.Now())
		q.tags, q.created, q.modified = kept.Tags, kept.Created, kept.Modified
		if err := q.load(); err != nil {
			return fmt.Errorf("queue %s: %w", name, err)
		}
		s.queues[name] = q
		return nil
	})
}

// load fills a new queue with what its journal kept.
func (q *queue) load() error {
	received := make(map[string]keptReceive)
	err := q.journal.receives.ForEach(func(key string, value []byte) error {
		var kept keptReceive
		err := json.Unmarshal(value, &kept)
		received[key] = kept
		return err
	})
	if err != nil {
		return fmt.Errorf("receives: %w", err)
	}
	err = q.journal.window.ForEach(func(_ string, value []byte) error {
		var kept keptSent
		if err := json.Unmarshal(value, &kept); err != nil {
			return err
		}
		q.dedup.remember(kept.Key, kept.Sent)
		q.last = max(q.last, kept.Sent.Sequence)
		return nil
	})
	if err != nil {
		return fmt.Errorf("deduplication window: %w", err)
	}
	err = q.journal.messages.ForEach(func(key string, value []byte) error {
		var kept keptMessage
		if err := json.Unmarshal(value, &kept); err != nil {
			return err
		}
		sequence, err := parseSequence(key)
		if err != nil {
			return err
		}
		m := &message{
			id: kept.ID, sequence: sequence, body: kept.Body, attributes: kept.Attributes, traceHeader: kept.TraceHeader,
			senderID: kept.SenderID, groupID: kept.GroupID, deduplicationID: kept.DeduplicationID,
			deadLetterOf: kept.DeadLetterOf, sentAt: kept.SentAt, earlierReceives: kept.EarlierReceives,
			firstReceivedAt: kept.FirstReceivedAt, state: visible,
		}
		if !kept.DelayedUntil.IsZero() {
			m.state, m.until = delayed, kept.DelayedUntil
		}
		if r, ok := received[key]; ok {
			m.receives, m.receiptNumber = r.Receives, r.ReceiptNumber
			m.receivedAt, m.firstReceivedAt = r.ReceivedAt, r.FirstReceivedAt
			m.state = visible
			if r.InFlight {
				m.state, m.until = inFlight, r.Until
			}
		}
		q.add(m)
		return nil
	})
	if err != nil {
		return fmt.Errorf("messages: %w", err)
	}
	return nil
}
