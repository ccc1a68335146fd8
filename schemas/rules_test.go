package schemas_test

import (
	"encoding/json"
	"testing"

	"github.com/serverless-ocpp/backend/schemas"
	"github.com/serverless-ocpp/backend/schemas/schematest"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// TestEveryRule breaks each rule of each message in turn, and goes up to each limit. Validate must name the very place and rule
// that was broken, and nothing else.
// Specification: OCPP-J 1.6 errata 3.2; OCPP 2.0.1 part 4 section 9.
func TestEveryRule(t *testing.T) {
	for _, version := range []ocppj.Version{ocppj.V16, ocppj.V201, ocppj.V21} {
		valid, broken := 0, 0
		for _, action := range schemas.Actions(version) {
			for _, direction := range []schemas.Direction{schemas.Request, schemas.Response} {
				if direction == schemas.Request || schemas.Answered(version, action) {
					v, b := tryRules(t, version, action, direction)
					valid, broken = valid+v, broken+b
				}
			}
		}
		if valid < 600 || broken < 1000 {
			t.Errorf("%s: only %d valid and %d broken payloads were tried", version, valid, broken)
		}
		t.Logf("%s: %d valid, %d broken payloads", version, valid, broken)
	}
}

// tryRules returns how many payloads of a message it tried.
func tryRules(t *testing.T, version ocppj.Version, action string, direction schemas.Direction) (valid, broken int) {
	t.Helper()
	validate := func(payload json.RawMessage) []schemas.Violation {
		violations, err := schemas.Validate(version, action, direction, payload)
		if err != nil {
			t.Fatal(err)
		}
		return violations
	}
	message := schematest.Of(t, version, action, direction)
	for _, payload := range message.Valid() {
		valid++
		if got := validate(payload); len(got) > 0 {
			t.Errorf("%s %s %d: got %v for what is right\n%.500s", version, action, direction, got, payload)
		}
	}
	for _, b := range message.Broken() {
		broken++
		got := validate(b.Payload)
		if len(got) != 1 || got[0].Kind != b.Kind || got[0].Path != b.Path || got[0].Tolerable() != b.Tolerable {
			t.Errorf("%s %s %d, kind %d at %q, tolerable %t: got %v\n%.500s", version, action, direction, b.Kind, b.Path, b.Tolerable, got, b.Payload)
		}
	}
	return valid, broken
}
