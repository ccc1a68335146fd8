package fleet

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/serverless-ocpp/backend/local/fleet/ledger"
	"github.com/serverless-ocpp/backend/local/fleet/plan"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// message is a CALL on its way to the central system.
type message struct {
	action  string
	payload func() any   // made when it is sent: the id of a transaction of 1.6 may not be known before
	kept    bool         // about a transaction: it survives a lost connection (OCPP 1.6 section 3.7, OCPP 2.0.1 E04)
	send    bool         // a SEND of 2.1, which is never answered
	done    func(answer) // may be nil; not called for one that is sent again

	id       string
	at       time.Time // simulated
	attempts int       // sent so often
	failures int       // answered with a CALLERROR, or not at all, so often
	sentAt   time.Time // real
	sent     json.RawMessage
	deadline *entry
}

// answer is what became of a message.
type answer struct {
	payload json.RawMessage
	err     error // nil: there is a payload
}

var (
	errOffline  = errors.New("the connection was lost")
	errNoAnswer = errors.New("no answer in time")
)

// outbox holds what is to be sent. One CALL is open at a time (OCPP-J 1.6 section 4.1.1).
type outbox struct {
	waiting []*message
	open    *message
	count   int
	paused  bool // after a failure of a kept message
}

const (
	maxFailures = 3               // TransactionMessageAttempts
	retryPause  = 2 * time.Second // times the number of failures: TransactionMessageRetryInterval, in real time
)

// tell puts a message in line. What is not about a transaction is not worth keeping for a later connection.
func (s *Station) tell(m *message) {
	if !m.kept && !s.online() && m.action != bootAction {
		if m.done != nil {
			m.done(answer{err: errOffline})
		}
		return
	}
	s.outbox.count++
	m.id = strconv.FormatUint(plan.Hash(s.config.Seed, s.config.ID, "message"), 36) + "-" + strconv.Itoa(s.outbox.count)
	m.at = s.now()
	s.outbox.waiting = append(s.outbox.waiting, m)
}

// pump sends the first message that may be sent.
func (s *Station) pump() {
	for s.connection.up && s.outbox.open == nil {
		next := slices.IndexFunc(s.outbox.waiting, func(m *message) bool {
			return m.action == bootAction || s.connection.accepted && !(m.kept && s.outbox.paused)
		})
		if next < 0 {
			return
		}
		m := s.outbox.waiting[next]
		s.outbox.waiting = slices.Delete(s.outbox.waiting, next, next+1)
		if !s.transmit(m) {
			return
		}
	}
}

// transmit sends a message, and reports whether the connection took it.
func (s *Station) transmit(m *message) bool {
	payload, err := json.Marshal(m.payload())
	if err != nil {
		panic("fleet: " + m.action + " cannot be encoded: " + err.Error()) // payloads are made of maps, texts and numbers
	}
	frame, err := ocppj.EncodeCall(m.id, m.action, json.RawMessage(payload))
	if err != nil {
		panic("fleet: " + err.Error()) // ids and actions are made here
	}
	if m.send {
		frame[1] = '0' + byte(ocppj.Send)
	}
	m.sent, m.sentAt = payload, time.Now()
	if m.attempts++; m.attempts > 1 {
		s.ledger.Count(func(t *ledger.Totals) { t.Repeated++ })
	}
	s.ledger.Count(func(t *ledger.Totals) { t.Sent++ })
	s.count(true, func(t *Statistics) { t.sent.Add(1) })
	if !m.send {
		s.outbox.open = m
		m.deadline = s.wall.add(m.sentAt.Add(s.config.Answers), func(time.Time) { s.answered(m, answer{err: errNoAnswer}) })
	} else {
		s.file(m, answer{})
	}
	return s.write(frame)
}

// write sends a frame past the hooks. A connection that does not take it has ended.
func (s *Station) write(frame []byte) bool {
	if hook := s.config.Hooks.Send; hook != nil {
		if frame = hook(s.config.ID, frame); frame == nil {
			return true
		}
	}
	if hook := s.config.Hooks.Frame; hook != nil {
		hook(s.config.ID, true, frame)
	}
	if err := s.link.Send(s.ctx, frame); err != nil {
		s.log.Debug("a frame could not be sent", "error", err)
		s.link.Drop()
		s.disconnected()
		s.reconnectLater()
		return false
	}
	return true
}

// answered settles the open message, or has it sent again.
func (s *Station) answered(m *message, a answer) {
	m.deadline.cancel()
	if s.outbox.open == m {
		s.outbox.open = nil
	}
	if errors.Is(a.err, errNoAnswer) {
		s.ledger.Count(func(t *ledger.Totals) { t.TimedOut++ })
		s.count(true, func(t *Statistics) { t.timedOut.Add(1) })
		s.log.Warn("no answer in time", "action", m.action, "messageId", m.id, "after", s.config.Answers)
	}
	switch {
	case a.err == nil:
		s.outbox.paused = false
	case m.kept && m.failures+1 < maxFailures:
		m.failures++
		s.outbox.waiting = slices.Insert(s.outbox.waiting, 0, m)
		s.outbox.paused = true
		s.wall.add(time.Now().Add(time.Duration(m.failures)*retryPause), func(time.Time) { s.outbox.paused = false })
		return
	case m.kept:
		s.ledger.Count(func(t *ledger.Totals) { t.GivenUp++ })
		s.count(true, func(t *Statistics) { t.givenUp.Add(1) })
	}
	s.file(m, a)
	if m.done != nil {
		m.done(a)
	}
}

// file puts a settled message in the ledger.
func (s *Station) file(m *message, a answer) {
	call := ledger.Call{MessageID: m.id, Action: m.action, Payload: m.sent, Simulated: m.at, Attempts: m.attempts, Answer: a.payload, Latency: time.Since(m.sentAt)}
	if a.err != nil {
		call.Failure = a.err.Error()
	}
	if failure, ok := errors.AsType[*callError](a.err); ok {
		call.ErrorCode = failure.code
	}
	s.ledger.AddCall(call)
}

// keepForLater is what happens to the outbox when the connection ends: an open message comes first again, under its id
// (OCPP-J 1.6 errata 3.1), what is not about transactions is dropped.
func (s *Station) keepForLater() {
	all := s.outbox.waiting
	if open := s.outbox.open; open != nil {
		open.deadline.cancel()
		all = slices.Insert(all, 0, open)
	}
	s.outbox.open, s.outbox.waiting, s.outbox.paused = nil, nil, false
	for _, m := range all {
		if m.kept {
			s.outbox.waiting = append(s.outbox.waiting, m)
			continue
		}
		s.file(m, answer{err: errOffline})
		if m.done != nil {
			m.done(answer{err: errOffline})
		}
	}
}
