package fleet

import (
	"errors"
	"fmt"
	"time"

	"github.com/serverless-ocpp/backend/local/fleet/ledger"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// callError is a CALLERROR that a message was answered with.
type callError struct{ code, description string }

func (e *callError) Error() string { return fmt.Sprintf("CALLERROR %s: %s", e.code, e.description) }

// answering is the CALL of the central system that waits for the answer that a hook delays.
type answering struct{ id string }

// receive takes a frame.
func (s *Station) receive(data []byte) {
	if hook := s.config.Hooks.Frame; hook != nil {
		hook(s.config.ID, false, data)
	}
	s.count(true, func(t *Statistics) { t.received.Add(1) })
	frame, err := ocppj.Parse(data)
	if err != nil {
		s.odd("a frame is no OCPP", "error", err)
		if failure, ok := errors.AsType[*ocppj.ParseError](err); ok {
			if refusal, answered := ocppj.Refusal(s.config.Version, failure); answered {
				s.write(refusal)
			}
		}
		return
	}
	switch frame.Type {
	case ocppj.Call:
		s.command(frame)
	case ocppj.CallResult:
		s.settle(frame, answer{payload: frame.Payload})
	case ocppj.CallError:
		s.settle(frame, answer{err: &callError{frame.ErrorCode, frame.ErrorDescription}})
	case ocppj.CallResultError, ocppj.Send:
		s.odd("a frame that the central system does not send", "frame", frame.Type)
	}
}

func (s *Station) settle(frame ocppj.Frame, a answer) {
	open := s.outbox.open
	if open == nil || open.id != frame.ID {
		s.odd("an answer to nothing that is open", "messageId", frame.ID)
		return
	}
	s.ledger.Count(func(t *ledger.Totals) {
		t.Answered++
		if a.err != nil {
			t.CallErrors++
		}
	})
	s.count(true, func(t *Statistics) {
		t.answered(time.Since(open.sentAt))
		if a.err != nil {
			t.callErrors.Add(1)
		}
	})
	if a.err != nil {
		s.log.Warn("answered with a CALLERROR", "action", open.action, "messageId", open.id, "error", a.err)
	}
	s.answered(open, a)
}

// odd counts what a central system should not do.
func (s *Station) odd(text string, args ...any) {
	s.ledger.Count(func(t *ledger.Totals) { t.Odd++ })
	s.count(true, func(t *Statistics) { t.odd.Add(1) })
	s.log.Warn(text, args...)
}
