// Package ocpptest checks the meaning of a version's messages: what each needs, is answered and
// changes, and that payload and answer conform to their schemas.
package ocpptest

import (
	"encoding/json"
	"reflect"
	"regexp"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/schemas"
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/report"
)

// Case is one message. Of reports, Effects says only what Report takes: that they hold the action, the
// payload and when it was received is checked of all of them.
type Case struct {
	Action, Payload string
	Needs           ocpp.Needs
	Answer          string // "" for a SEND
	Effects         []ocpp.Effect
}

// Report is an expected effect. In the key, * stands for what is derived from the content of the message.
func Report(kind report.Kind, key string, at time.Time) ocpp.Effect {
	return ocpp.Reported{Report: report.Report{Kind: kind, Key: key, At: at}}
}

// Part is a Report that is one of several.
func Part(kind report.Kind, key string, at time.Time, seqNo int, continues bool) ocpp.Effect {
	return ocpp.Reported{Report: report.Report{Kind: kind, Key: key, At: at, SeqNo: seqNo, Continues: continues}}
}

// Run checks the cases, and that the actions are all that a charge point of the version may send, each
// with a case. The messages count as received when known.Now says.
func Run(t *testing.T, version ocppj.Version, actions ocpp.Actions, known ocpp.Known, cases []Case) {
	tested := make(map[string]bool)
	for _, test := range cases {
		t.Run(test.Action, func(t *testing.T) {
			tested[test.Action] = true
			check(t, version, actions[test.Action], known, test)
		})
	}
	for _, name := range schemas.Actions(version) {
		sender, _ := schemas.Known(version, name)
		if sender.Includes(schemas.ChargePoint) && !tested[name] {
			t.Errorf("%s has no case", name)
		}
	}
	for name := range actions {
		if sender, _ := schemas.Known(version, name); !sender.Includes(schemas.ChargePoint) {
			t.Errorf("%s is not for a charge point to send", name)
		}
	}
}

func check(t *testing.T, version ocppj.Version, action ocpp.Action, known ocpp.Known, test Case) {
	conforms(t, version, test.Action, schemas.Request, test.Payload)
	message, err := action.Decode(json.RawMessage(test.Payload))
	if err != nil {
		t.Fatal(err)
	}
	if needs := message.Needs(); !reflect.DeepEqual(needs, test.Needs) {
		t.Errorf("needs %+v, want %+v", needs, test.Needs)
	}
	answer := answer(t, version, test.Action, action, message, asked(known, test.Needs))
	if string(answer) != test.Answer {
		t.Errorf("answer %s\nwant   %s", answer, test.Answer)
	}
	effects := message.Effects(ocpp.Received{At: known.Now, Action: test.Action, Payload: json.RawMessage(test.Payload), Answer: answer})
	for i, effect := range effects {
		effects[i] = expected(t, effect, test, known.Now)
	}
	if !reflect.DeepEqual(effects, test.Effects) {
		t.Errorf("effects %+v\nwant    %+v", effects, test.Effects)
	}
}

// answer is the payload of the answer, which must conform to its schema; nil where none is allowed.
func answer(t *testing.T, version ocppj.Version, name string, action ocpp.Action, message ocpp.Message, known ocpp.Known) json.RawMessage {
	t.Helper()
	if action.Unanswered == schemas.Answered(version, name) {
		t.Errorf("%s is answered: %t, but its schema says %t", name, !action.Unanswered, action.Unanswered)
	}
	if action.Unanswered {
		return nil
	}
	payload, err := json.Marshal(message.Answer(known))
	if err != nil {
		t.Fatal(err)
	}
	conforms(t, version, name, schemas.Response, string(payload))
	return payload
}

var hash = regexp.MustCompile(`[0-9a-f]{12}$`)

// expected brings a report into the form of a case.
func expected(t *testing.T, effect ocpp.Effect, test Case, now time.Time) ocpp.Effect {
	reported, is := effect.(ocpp.Reported)
	if !is {
		return effect
	}
	r := reported.Report
	if r.Action != test.Action || string(r.Data) != test.Payload || !r.ReceivedAt.Equal(now) {
		t.Errorf("the report does not hold the message: %+v", r)
	}
	r.Action, r.Data, r.ReceivedAt = "", nil, time.Time{}
	r.Key = hash.ReplaceAllString(r.Key, "*")
	return ocpp.Reported{Report: r}
}

func conforms(t *testing.T, version ocppj.Version, action string, direction schemas.Direction, payload string) {
	t.Helper()
	violations, err := schemas.Validate(version, action, direction, json.RawMessage(payload))
	if err != nil || len(violations) > 0 {
		t.Errorf("%s: %s does not conform to its schema: %v %v", action, payload, violations, err)
	}
}
