package fleet

import (
	"encoding/json"
	"time"

	"github.com/serverless-ocpp/backend/local/fleet/ledger"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// object is a JSON object.
type object = map[string]any

// handler answers a CALL of the central system. after is what the station does when the answer is sent; it may be nil.
type handler func(s *Station, payload json.RawMessage) (result any, after func(), err error)

// on makes a handler of a function that gets the payload decoded.
func on[T any](f func(s *Station, request T) (any, func())) handler {
	return func(s *Station, payload json.RawMessage) (any, func(), error) {
		var request T
		if err := json.Unmarshal(payload, &request); err != nil {
			return nil, nil, err
		}
		result, after := f(s, request)
		return result, after, nil
	}
}

// always answers the same.
func always(result object) handler {
	return func(*Station, json.RawMessage) (any, func(), error) { return result, nil, nil }
}

// status is the answer that most commands have.
func status(word string) object { return object{"status": word} }

const (
	accepted = "Accepted"
	rejected = "Rejected"
	notFound = "NotFound"
	unknown  = "Unknown"
)

// acceptedIf is status Accepted or Rejected.
func acceptedIf(ok bool) object {
	if ok {
		return status(accepted)
	}
	return status(rejected)
}

// command answers a CALL of the central system, and obeys.
func (s *Station) command(call ocppj.Frame) {
	s.ledger.Count(func(t *ledger.Totals) {
		t.Commands++
		if s.answering.id != "" {
			t.Overlapping++
		}
	})
	s.count(true, func(t *Statistics) { t.commands.Add(1) })
	record := ledger.Call{MessageID: call.ID, Action: call.Action, Payload: call.Payload, Simulated: s.now()}
	began := time.Now()
	if hook := s.config.Hooks.Command; hook != nil {
		if reply, taken := hook(s.config.ID, call); taken {
			s.replyFor(call, reply, record)
			return
		}
	}
	var (
		result any
		after  func()
		reply  Reply
	)
	obey, known := s.dialect.command(call.Action)
	if known {
		var err error
		result, after, err = obey(s, call.Payload)
		reply = Reply{Payload: result}
		if err != nil {
			s.odd("a command that cannot be read", "action", call.Action, "messageId", call.ID, "error", err)
			reply = Reply{ErrorCode: ocppj.TypeConstraintViolation.Code(s.config.Version)}
		}
	} else {
		reply = Reply{ErrorCode: ocppj.NotImplemented.Code(s.config.Version)}
	}
	record.Latency = time.Since(began)
	s.reply(call, reply, record)
	if after != nil {
		after()
	}
}

// replyFor gives the answer of a hook.
func (s *Station) replyFor(call ocppj.Frame, reply Reply, record ledger.Call) {
	if reply.Silent {
		record.Failure = "the hook is silent"
		s.ledger.AddCommand(record)
		return
	}
	if reply.Delay == 0 {
		s.reply(call, reply, record)
		return
	}
	s.answering.id = call.ID
	began := time.Now()
	s.wall.add(began.Add(reply.Delay), func(time.Time) {
		if s.answering.id == call.ID {
			s.answering.id = ""
		}
		record.Latency = time.Since(began)
		s.reply(call, reply, record)
	})
}

// reply sends an answer and files it.
func (s *Station) reply(call ocppj.Frame, reply Reply, record ledger.Call) {
	frame, err := ocppj.EncodeResult(call.ID, reply.Payload)
	if reply.ErrorCode != "" {
		frame, err = ocppj.EncodeError(call.ID, reply.ErrorCode, "", nil)
		record.ErrorCode = reply.ErrorCode
	}
	if err != nil {
		s.odd("an answer cannot be encoded", "action", call.Action, "messageId", call.ID, "error", err)
		return
	}
	if reply.ErrorCode == "" {
		if answered, err := ocppj.Parse(frame); err == nil {
			record.Answer = answered.Payload
		}
	}
	s.ledger.AddCommand(record)
	s.write(frame)
}
