// Package ocpptest checks the meaning of a version's messages: what each needs, is answered and
// changes, and that payload and answer conform to their schemas.
package ocpptest

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/serverless-ocpp/backend/schemas"
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Case is one message.
type Case struct {
	Action, Payload string
	Needs           ocpp.Needs
	Answer          string
	Effects         []ocpp.Effect
}

// Run checks the cases, and that every action of the version has one. The messages count as received
// when known.Now says.
func Run(t *testing.T, version ocppj.Version, actions ocpp.Actions, known ocpp.Known, cases []Case) {
	tested := make(map[string]bool)
	for _, test := range cases {
		t.Run(test.Action, func(t *testing.T) {
			tested[test.Action] = true
			conforms(t, version, test.Action, schemas.Request, test.Payload)
			message, err := actions[test.Action].Decode(json.RawMessage(test.Payload))
			if err != nil {
				t.Fatal(err)
			}
			if needs := message.Needs(); !reflect.DeepEqual(needs, test.Needs) {
				t.Errorf("needs %+v, want %+v", needs, test.Needs)
			}
			answer, err := json.Marshal(message.Answer(known))
			if err != nil || string(answer) != test.Answer {
				t.Errorf("answer %s (%v)\nwant   %s", answer, err, test.Answer)
			}
			conforms(t, version, test.Action, schemas.Response, string(answer))
			if effects := message.Effects(ocpp.Received{At: known.Now, Action: test.Action, Payload: json.RawMessage(test.Payload), Answer: answer}); !reflect.DeepEqual(effects, test.Effects) {
				t.Errorf("effects %+v\nwant    %+v", effects, test.Effects)
			}
		})
	}
	for name := range actions {
		if !tested[name] {
			t.Errorf("%s has no case", name)
		}
	}
}

func conforms(t *testing.T, version ocppj.Version, action string, direction schemas.Direction, payload string) {
	t.Helper()
	violations, err := schemas.Validate(version, action, direction, json.RawMessage(payload))
	if err != nil || len(violations) > 0 {
		t.Errorf("%s does not conform to its schema: %v %v", payload, violations, err)
	}
}
