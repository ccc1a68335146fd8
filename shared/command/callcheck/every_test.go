package callcheck

import (
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/schemas"
	"github.com/serverless-ocpp/backend/schemas/schematest"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocpp/dialect"
)

// TestEveryCall checks the least, the most and every limit of what may be sent to charge points, and breaks each rule. What a
// charge point is tolerated is refused here too.
func TestEveryCall(t *testing.T) {
	for _, version := range dialect.Versions {
		right, broken := 0, 0
		for _, action := range schemas.Actions(version) {
			request := schematest.Of(t, version, action, schemas.Request)
			if sender, _ := schemas.Known(version, action); !sender.Includes(schemas.CentralSystem) {
				if err := Check(version, action, request.Minimal()); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), action+" is sent by charge points") {
					t.Errorf("%s %s: got %v", version, action, err)
				}
				continue
			}
			for _, payload := range request.Valid() {
				right++
				if err := Check(version, action, payload); err != nil {
					t.Errorf("%s %s: %v\n%.300s", version, action, err, payload)
				}
			}
			for _, b := range request.Broken() {
				broken++
				place := b.Path
				if place == "" {
					place = "the payload"
				}
				if err := Check(version, action, b.Payload); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), ": "+place+" ") {
					t.Errorf("%s %s: got %v, want a fault.Invalid about %s alone\n%.300s", version, action, err, place, b.Payload)
				}
			}
		}
		if right < 100 || broken < 500 {
			t.Errorf("%s: only %d right and %d broken payloads were tried", version, right, broken)
		}
		t.Logf("%s: %d right and %d broken payloads", version, right, broken)
	}
}
