package ocpptest

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"github.com/serverless-ocpp/backend/schemas"
	"github.com/serverless-ocpp/backend/schemas/schematest"
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/token"
)

// RunGenerated takes every action through payloads made from its schema, from the least to the most that it
// allows, with every value of each enumeration: each must be understood, answered as the schema of the answer
// wants, and have the same effects whenever it is asked for them. What is tolerated must be understood too.
func RunGenerated(t *testing.T, version ocppj.Version, actions ocpp.Actions, known ocpp.Known) {
	for name, action := range actions {
		t.Run(name, func(t *testing.T) {
			request := schematest.Of(t, version, name, schemas.Request)
			for _, payload := range request.Valid() {
				message := decoded(t, action, payload)
				answer := answer(t, version, name, action, message, asked(known, message.Needs()))
				hasEffects(t, message, ocpp.Received{At: known.Now, Action: name, Payload: payload, Answer: answer})
			}
			for _, broken := range request.Broken() {
				if !broken.Tolerable {
					continue
				}
				message := decoded(t, action, broken.Payload)
				answer, err := json.Marshal(message.Answer(asked(known, message.Needs())))
				if err != nil {
					t.Errorf("%.300s: %v", broken.Payload, err)
				}
				hasEffects(t, message, ocpp.Received{At: known.Now, Action: name, Payload: broken.Payload, Answer: answer})
			}
		})
	}
}

func decoded(t *testing.T, action ocpp.Action, payload json.RawMessage) ocpp.Message {
	t.Helper()
	message, err := action.Decode(payload)
	if err != nil {
		t.Fatalf("%.300s: %v", payload, err)
	}
	return message
}

// hasEffects checks that the effects are always the same, and sound.
func hasEffects(t *testing.T, message ocpp.Message, received ocpp.Received) {
	t.Helper()
	effects := message.Effects(received)
	if again := message.Effects(received); !reflect.DeepEqual(effects, again) {
		t.Errorf("effects differ: %+v and %+v", effects, again)
	}
	for _, effect := range effects {
		sound(t, effect, received)
	}
}

// asked leaves of known what needs asked for, as the caller does.
func asked(known ocpp.Known, needs ocpp.Needs) ocpp.Known {
	if needs.IDToken == "" {
		known.Authorization = token.Authorization{}
	}
	if !needs.Boot {
		known.Registration = ""
	}
	if needs.Start == nil {
		known.TransactionID = 0
	}
	return known
}

// sound checks what holds of an effect whatever the message.
func sound(t *testing.T, effect ocpp.Effect, received ocpp.Received) {
	t.Helper()
	switch e := effect.(type) {
	case ocpp.Reported:
		if r := e.Report; r.Kind == "" || r.Key == "" || r.Action != received.Action || !bytes.Equal(r.Data, received.Payload) || !r.ReceivedAt.Equal(received.At) {
			t.Errorf("report %+v", r)
		}
	case ocpp.VariablesReported:
		keys := make(map[string]bool)
		for _, v := range e.Variables {
			if keys[v.Key()] || !v.ReceivedAt.Equal(received.At) {
				t.Errorf("variable %+v, twice: %t", v, keys[v.Key()])
			}
			keys[v.Key()] = true
		}
		if len(keys) == 0 {
			t.Error("no variables in VariablesReported")
		}
	case ocpp.ConnectorChanged:
		if c := e.Connector; c.Connector == "" || c.Status == "" {
			t.Errorf("connector %+v", c)
		}
	case ocpp.TransactionChanged:
		if e.Event.Kind == "" {
			t.Errorf("event %+v", e.Event)
		}
	case ocpp.DataReceived:
		if !bytes.Equal(e.Payload, received.Payload) {
			t.Errorf("data %s", e.Payload)
		}
	case ocpp.CertificateRequested:
		if e.CSR == "" && !bytes.Contains(received.Payload, []byte(`"csr":""`)) {
			t.Errorf("request %+v", e)
		}
	case ocpp.Dropped:
		if e.Reason == "" {
			t.Error("nobody is told why it is dropped")
		}
	case ocpp.Booted, ocpp.MeterRead: // may be empty
	default:
		t.Errorf("effect %T", effect)
	}
}
