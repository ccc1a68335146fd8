package sqs

import (
	"sync"
	"time"
)

// maxInFlight is how many messages of a queue may be received and not yet deleted; see "Message quotas" in the
// SQS Developer Guide.
const maxInFlight = 120_000

// sweepEvery is how often a queue looks for messages older than its retention period.
const sweepEvery = time.Minute

// queue is one queue. Its methods need the lock unless they say otherwise. What stands before the lock never changes.
type queue struct {
	name    string
	arn     string
	fifo    bool
	created time.Time

	mu         sync.Mutex
	journal    journal
	attributes map[string]string // as given, without defaults
	settings   settings          // what the attributes mean
	tags       map[string]string
	modified   time.Time
	deleted    bool
	purgedAt   time.Time

	messages map[string]*message // by id
	line     line
	waiting  ordered[*message] // the delayed and those in flight, by their until
	flying   int               // how many are in flight
	dedup    dedup
	last     sequence
	swept    time.Time

	receivers []chan struct{} // of waiting receivers, the longest waiting first
	alarm     alarm           // rings when a waiting message becomes visible, while somebody waits for one
}

func newQueue(name, arn string, attributes map[string]string, settings settings, journal journal, now time.Time) *queue {
	q := &queue{
		name:       name,
		arn:        arn,
		fifo:       settings.fifo,
		created:    now,
		journal:    journal,
		attributes: attributes,
		settings:   settings,
		modified:   now,
		messages:   make(map[string]*message),
		waiting: ordered[*message]{
			less:  func(a, b *message) bool { return a.until.Before(b.until) },
			place: func(m *message) *int { return &m.timerIndex },
		},
		dedup: newDedup(),
		line:  newStandardLine(),
		swept: now,
	}
	if q.fifo {
		q.line = newFIFOLine()
	}
	q.alarm.ring = q.alarmRang
	return q
}

// nextSequence gives each message a greater number than the one before, over restarts too.
func (q *queue) nextSequence(now time.Time) sequence {
	q.last = max(q.last+1, sequence(now.UnixNano()))
	return q.last
}

// add puts a message at the end of the line. Its state and sequence must be set.
func (q *queue) add(m *message) {
	m.timerIndex, m.lineIndex = -1, -1
	q.messages[m.id] = m
	q.last = max(q.last, m.sequence)
	q.line.add(m)
	if m.state != visible {
		q.waiting.add(m)
	}
	if m.state == inFlight {
		q.flying++
	}
	q.wake()
}

// remove takes a message out of the queue for good.
func (q *queue) remove(m *message) {
	q.waiting.remove(m)
	q.line.remove(m)
	q.forget(m)
}

// forget takes out a message that is neither in the line nor waiting.
func (q *queue) forget(m *message) {
	if m.state == inFlight {
		q.flying--
	}
	delete(q.messages, m.id)
}

// advance makes visible what is due, and drops what is too old.
func (q *queue) advance(now time.Time) {
	for {
		m, ok := q.waiting.first()
		if !ok || m.until.After(now) {
			break
		}
		q.waiting.remove(m)
		q.appear(m)
	}
	if now.Sub(q.swept) >= sweepEvery {
		q.sweep(now)
	}
}

// appear makes a message visible that is out of the waiting ones.
func (q *queue) appear(m *message) {
	was := m.state
	if was == inFlight {
		q.flying--
	}
	m.state = visible
	q.line.appeared(m, was)
}

// sweep drops messages older than the retention period. SQS, too, does so some time after it is over.
func (q *queue) sweep(now time.Time) {
	q.swept = now
	for _, m := range q.messages {
		if q.expired(m, now) {
			q.remove(m)
			q.journal.deleted(m)
		}
	}
	q.journal.forgotten(q.dedup.expire(now))
}

func (q *queue) expired(m *message, now time.Time) bool {
	return now.Sub(m.sentAt) > q.settings.retention
}

// wake lets the receiver that waits longest look again, if there is something to find; it wakes the
// next one in turn. It also sets the alarm.
func (q *queue) wake() {
	if len(q.receivers) == 0 {
		return
	}
	if q.flying < maxInFlight && q.line.ready() {
		first := q.receivers[0]
		q.receivers = q.receivers[1:]
		close(first)
		return
	}
	if m, ok := q.waiting.first(); ok {
		q.alarm.set(m.until, time.Now())
	}
}

// alarmRang needs no lock.
func (q *queue) alarmRang() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.alarm.rang()
	q.advance(time.Now())
	q.wake()
}
