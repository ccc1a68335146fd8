package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/schemas"
	"github.com/serverless-ocpp/backend/schemas/schematest"
	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/journal"
	"github.com/serverless-ocpp/backend/shared/ocpp/dialect"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/token"
)

// TestEveryIncomingMessage sends what a charge point may say, and all that it may say wrongly, to the handler. Its tables answer
// at once from memory, unlike those of the other tests: tens of thousands of messages would take real ones minutes, and what
// is looked at here lies before and behind the tables.
// Specification: OCPP-J 1.6 table 7; OCPP 2.0.1 part 4 table 8.
func TestEveryIncomingMessage(t *testing.T) {
	for _, version := range dialect.Versions {
		t.Run(string(version), func(t *testing.T) {
			var messages atomic.Int64
			t.Cleanup(func() { // once the parallel ones have ended
				if messages.Load() < 1000 {
					t.Errorf("only %d messages were tried", messages.Load())
				}
				t.Logf("%d messages", messages.Load())
			})
			for _, action := range schemas.Actions(version) {
				t.Run(action, func(t *testing.T) {
					t.Parallel()
					w := newWitness(t, version)
					w.goesThrough(action)
					messages.Add(int64(w.messages))
				})
			}
			t.Run("actions of other versions", func(t *testing.T) {
				w := newWitness(t, version)
				for _, other := range dialect.Versions {
					for _, action := range schemas.Actions(other) {
						if _, known := schemas.Known(version, action); !known {
							w.refuses(action, schematest.Of(t, other, action, schemas.Request).Minimal(), "NotImplemented", "")
						}
					}
				}
				messages.Add(int64(w.messages))
			})
		})
	}
}

// witness is a charge point that speaks to a handler, and the journal.
type witness struct {
	instantAWS
	t        *testing.T
	handler  *Handler
	version  ocppj.Version
	messages int
	answers  []string         // to the last message
	records  []journal.Record // of the last message
}

func newWitness(t *testing.T, version ocppj.Version) *witness {
	w := &witness{t: t, version: version}
	w.handler = &Handler{
		Boots: w, Sessions: w, Loads: w, Tokens: w.tokens, Transactions: w.transactions, Journal: w, Timers: w, Answers: open{w},
		Now: time.Now, UnknownTokens: token.Unknown, HeartbeatInterval: 300 * time.Second, JournalHeartbeats: true,
	}
	return w
}

func (w *witness) AddLoad(_ context.Context, _ string, part chargepoint.Load) (chargepoint.Load, error) {
	return part, nil
}

func (w *witness) Answer(_ context.Context, _ string, frame []byte) error {
	w.answers = append(w.answers, string(frame))
	return nil
}

func (w *witness) Append(_ context.Context, _ string, record journal.Record) error {
	w.records = append(w.records, record)
	return nil
}

func (w *witness) goesThrough(action string) {
	request := schematest.Of(w.t, w.version, action, schemas.Request)
	sender, _ := schemas.Known(w.version, action)
	switch {
	case !sender.Includes(schemas.ChargePoint):
		w.refuses(action, request.Minimal(), "NotSupported", "")
	case schemas.Answered(w.version, action):
		w.calls(action, request)
	default:
		w.sends(action, request)
	}
}

// calls goes through the payloads of a CALL.
func (w *witness) calls(action string, request schematest.Message) {
	for _, payload := range request.Valid() {
		w.accepts(action, payload)
	}
	minimal := request.Minimal()
	for _, broken := range request.Broken() {
		code := codes[broken.Kind].in(w.version)
		if broken.Path == "" { // no object: the frame is refused before the payload is looked at
			code = codes[schemas.Extra].in(w.version)
		}
		for _, strict := range []bool{true, false} {
			w.handler.Strict = strict
			if broken.Tolerable && !strict && !repeated(action, broken) {
				w.accepts(action, broken.Payload)
			} else {
				w.refuses(action, broken.Payload, code, broken.Path)
			}
			w.accepts(action, minimal) // whatever came before
		}
	}
}

// repeated tells a string that is too long for the answer, which would have to repeat it.
func repeated(action string, broken schematest.Broken) bool {
	const certificate = "/certificateStatusRequests/0/certificateHashData/"
	return broken.Kind == schemas.Length && (action == "VatNumberValidation" && broken.Path == "/vatNumber" ||
		action == "GetCertificateChainStatus" && strings.HasPrefix(broken.Path, certificate) && !strings.Contains(broken.Path, "/customData/"))
}

// spelling is an error code of OCPP-J 1.6 table 7, and the same of OCPP 2.x part 4.
type spelling struct{ v16, v2 string }

func (s spelling) in(version ocppj.Version) string {
	if version == ocppj.V16 {
		return s.v16
	}
	return s.v2
}

var (
	format     = spelling{"FormationViolation", "FormatViolation"}
	occurrence = spelling{"OccurenceConstraintViolation", "OccurrenceConstraintViolation"}
	property   = spelling{"PropertyConstraintViolation", "PropertyConstraintViolation"}
	wrongType  = spelling{"TypeConstraintViolation", "TypeConstraintViolation"}
)

var codes = map[schemas.Kind]spelling{
	schemas.Missing: occurrence, schemas.Items: occurrence, schemas.Extra: format, schemas.Type: wrongType,
	schemas.Enum: property, schemas.Length: property, schemas.Range: property, schemas.Format: property,
}

// accepts sends a CALL that must be answered with a CALLRESULT as the schema wants it.
func (w *witness) accepts(action string, payload json.RawMessage) {
	w.t.Helper()
	answer := w.answerTo(ocppj.Call, action, payload)
	if answer.Type != ocppj.CallResult {
		w.t.Errorf("%s was answered with %s %q", shown(payload), answer.ErrorCode, answer.ErrorDescription)
		return
	}
	violations, err := schemas.Validate(w.version, action, schemas.Response, answer.Payload)
	if err != nil || len(violations) > 0 {
		w.t.Errorf("%s was answered with %s: %v %v", shown(payload), answer.Payload, violations, err)
	}
}

// refuses sends a CALL that must be answered with a CALLERROR, which names a field unless it is "".
func (w *witness) refuses(action string, payload json.RawMessage, code, field string) {
	w.t.Helper()
	answer := w.answerTo(ocppj.Call, action, payload)
	if answer.Type != ocppj.CallError || answer.ErrorCode != code || answer.ErrorDescription == "" || len(answer.ErrorDescription) > 255 {
		w.t.Errorf("%s was answered with %+v, want %s about %q", shown(payload), answer, code, field)
		return
	}
	if field == "" {
		return
	}
	var details struct {
		Violations []struct{ Field, Fault string }
	}
	err := json.Unmarshal(answer.ErrorDetails, &details)
	if !strings.HasPrefix(answer.ErrorDescription, field+" ") || err != nil ||
		len(details.Violations) != 1 || details.Violations[0].Field != field || details.Violations[0].Fault == "" {
		w.t.Errorf("%s: %q and the details %s do not name %s alone", shown(payload), answer.ErrorDescription, answer.ErrorDetails, field)
	}
}

// sends goes through the payloads of a SEND, of which the right ones and the tolerable ones are kept, and none is answered.
func (w *witness) sends(action string, request schematest.Message) {
	keeps := func(payload json.RawMessage, want bool) {
		w.t.Helper()
		if w.receive(ocppj.Send, action, payload); len(w.answers) > 0 || (len(w.records) == 1) != want {
			w.t.Errorf("%s: answers %v, %d records, want none and kept: %t", shown(payload), w.answers, len(w.records), want)
		}
	}
	for _, payload := range request.Valid() {
		keeps(payload, true)
	}
	for _, broken := range request.Broken() {
		for _, strict := range []bool{true, false} {
			w.handler.Strict = strict
			keeps(broken.Payload, broken.Tolerable && !strict)
			keeps(request.Minimal(), true)
		}
	}
	w.refuses(action, request.Minimal(), "NotSupported", "") // as a CALL
}

// answerTo sends a message that must be answered once, and be in the journal with its answer if its frame is right.
func (w *witness) answerTo(frame ocppj.MessageType, action string, payload json.RawMessage) ocppj.Frame {
	w.t.Helper()
	text := w.receive(frame, action, payload)
	if len(w.answers) != 1 {
		w.t.Fatalf("%s was answered with %q", shown(payload), w.answers)
	}
	if payload[0] == '{' && (len(w.records) != 1 || string(w.records[0].Message) != text || string(w.records[0].Answer) != w.answers[0]) {
		w.t.Errorf("%s is not in the journal, or not with its answer", shown(payload))
	}
	answer, err := ocppj.Parse([]byte(w.answers[0]))
	if err != nil || answer.ID != messageID {
		w.t.Fatalf("%s was answered with %s: %v", shown(payload), w.answers[0], err)
	}
	return answer
}

const messageID = "0195a1c4-7f1e-7c3a-9b0e-2f6d1c5e8a01"

// receive hands a message to the handler, and returns it as it was sent.
func (w *witness) receive(frame ocppj.MessageType, action string, payload json.RawMessage) (text string) {
	w.t.Helper()
	w.messages++
	w.answers, w.records = nil, nil
	text = fmt.Sprintf(`[%d,%q,%q,%s]`, frame, messageID, action, payload)
	message := event(text)
	message.RequestContext.Authorizer.Protocol = string(w.version)
	if response, err := w.handler.Handle(w.t.Context(), message); err != nil || response.StatusCode != 200 {
		w.t.Fatalf("the handler failed, which API Gateway would show to the charge point: %v %v", response, err)
	}
	return text
}

// shown is as much of a payload as helps.
func shown(payload json.RawMessage) string { return fmt.Sprintf("%.300s", payload) }
