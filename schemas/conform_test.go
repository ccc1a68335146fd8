package schemas_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/schemas"
	"github.com/serverless-ocpp/backend/schemas/schematest"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// TestQuickYesIsTheLibrarysYes holds the rules of package conform to the library, on every payload that keeps or breaks a rule and on
// some that chance damages: what the rule takes, the library takes. And the rule takes nearly all that is right, or it would be of
// no use.
func TestQuickYesIsTheLibrarysYes(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	usual, taken := 0, 0
	judge := func(version ocppj.Version, action string, direction schemas.Direction, payload json.RawMessage) (quick bool) {
		quick, library, err := schemas.Judgements(version, action, direction, payload)
		if err != nil {
			t.Fatal(err)
		}
		if quick && !library {
			t.Errorf("%s %s %d: taken, and wrong: %.500s", version, action, direction, payload)
		}
		return quick
	}
	for _, version := range []ocppj.Version{ocppj.V16, ocppj.V201, ocppj.V21} {
		for _, action := range schemas.Actions(version) {
			for _, direction := range []schemas.Direction{schemas.Request, schemas.Response} {
				if direction == schemas.Response && !schemas.Answered(version, action) {
					continue
				}
				message := schematest.Of(t, version, action, direction)
				for _, broken := range message.Broken() {
					judge(version, action, direction, broken.Payload)
				}
				for _, valid := range message.Valid() {
					judge(version, action, direction, valid)
					judge(version, action, direction, damaged(dice, valid))
					usual++
					if judge(version, action, direction, json.RawMessage(everyday.Replace(string(valid)))) {
						taken++
					}
				}
			}
		}
	}
	if t.Logf("%d of %d payloads that are right were found so quickly", taken, usual); taken*10 < usual*9 {
		t.Errorf("the rule takes %d of %d payloads that are right, less than 90 %%", taken, usual)
	}
}

// TestARepeatedFieldIsNotTakenQuickly: whether what stands twice is described or not, few or many.
func TestARepeatedFieldIsNotTakenQuickly(t *testing.T) {
	for payload, quick := range map[string]bool{
		`{"vendorId":"v","data":{"a":1,"A":2,"b":{"a":1}},"messageId":"m"}`: true,
		`{"vendorId":"v","vendorId":"v"}`:                                   false,
		`{"vendorId":"v","data":{"a":1,"b":2,"a":1}}`:                       false,
		`{"vendorId":"v","data":[{"a":1},[{"b":2,"b":1}]]}`:                 false,
		`{"vendorId":"v","customData":{"vendorId":"v","x":1,"x":2}}`:        false,
	} {
		got, library, err := schemas.Judgements(ocppj.V201, "DataTransfer", schemas.Request, json.RawMessage(payload))
		if err != nil || got != quick || library != quick {
			t.Errorf("%s: taken %t and right %t, want %t (%v)", payload, got, library, quick, err)
		}
	}
}

// TestEscapesCountAsOneCharacter: text in text is usual (DataTransfer), and a limit counts characters.
func TestEscapesCountAsOneCharacter(t *testing.T) {
	const limit = 20 // of an idTag
	for _, test := range []struct {
		idTag       string
		quick, fits bool
	}{
		{strings.Repeat(`\"`, limit), true, true},
		{strings.Repeat(`\"`, limit+1), false, false},
		{strings.Repeat(`é`, limit-1) + `\n`, true, true},
		{strings.Repeat(`é`, limit) + `\n`, false, false},
		{`\\\/\b\f\n\r\t`, true, true},
		{`\u0041`, false, true},
	} {
		quick, library, err := schemas.Judgements(ocppj.V16, "Authorize", schemas.Request, json.RawMessage(`{"idTag":"`+test.idTag+`"}`))
		if err != nil || quick != test.quick || library != test.fits {
			t.Errorf("%s: taken %t and right %t, want %t and %t (%v)", test.idTag, quick, library, test.quick, test.fits, err)
		}
	}
	for _, broken := range []string{`{"idTag":"\x"}`, `{"idTag":"\`, `{"idTag":"\"}`, `{"id\Tag":"A"}`} {
		if quick, _, _ := schemas.Judgements(ocppj.V16, "Authorize", schemas.Request, json.RawMessage(broken)); quick {
			t.Errorf("%s is taken", broken)
		}
	}
}

// everyday puts numbers that occur in the place of the largest and smallest that are allowed.
var everyday = strings.NewReplacer("-9223372036854775808", "-1", "9223372036854775807", "7", "-1e+300", "-0.5", "1e+300", "16.25")

// damaged changes, leaves out or doubles one byte.
func damaged(dice *rand.Rand, payload json.RawMessage) json.RawMessage {
	if len(payload) == 0 {
		return payload
	}
	const usual = `{}[]",:0123456789-+.eEtrufalsn\ ` + "\n\x00\xff"
	at := dice.IntN(len(payload))
	head, tail := payload[:at], payload[at+1:]
	middle := []byte{usual[dice.IntN(len(usual))]}
	switch dice.IntN(3) {
	case 0:
		middle = nil
	case 1:
		middle = append(middle, payload[at])
	}
	return append(append(append(json.RawMessage{}, head...), middle...), tail...)
}

func FuzzQuickYesIsTheLibrarysYes(f *testing.F) {
	for _, payload := range []string{
		`{"connectorId":1,"transactionId":42,"meterValue":[{"timestamp":"2026-05-01T12:00:00Z","sampledValue":[{"value":"1","unit":"Wh"}]}]}`,
		`{"connectorId":-0,"meterValue":[{"timestamp":"2026-05-01T12:00:60Z","sampledValue":[{"value":"\u00e9"}]}]}`,
		`{"connectorId":1,"meterValue":[{"timestamp":"2026-05-01T12:00:00Z","sampledValue":[{"value":"\"1\"","unit":"W\n"}]}]}`,
		`{"evseId":1,"meterValue":[{"timestamp":"2026-05-01T12:00:00.1+02:00","sampledValue":[{"value":1.50,"customData":{"vendorId":"v","x":[1e5,null,{}]}}]}]}`,
	} {
		f.Add(payload)
	}
	f.Fuzz(func(t *testing.T, payload string) {
		for _, version := range []ocppj.Version{ocppj.V16, ocppj.V201, ocppj.V21} {
			quick, library, err := schemas.Judgements(version, "MeterValues", schemas.Request, json.RawMessage(payload))
			if err != nil || quick && !library {
				t.Errorf("%s: taken, and wrong (%v): %s", version, err, payload)
			}
		}
	})
}
