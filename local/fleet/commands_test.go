package fleet

import (
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/schemas"
	"github.com/serverless-ocpp/backend/schemas/schematest"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Every CALL that a central system may send is answered by a CALLRESULT that fits its schema, in its least and in its
// fullest form; what follows it fits its schema, too. central checks both.
func TestEveryCommandIsAnswered(t *testing.T) {
	for _, version := range versions {
		for _, action := range schemas.Actions(version) {
			if sender, _ := schemas.Known(version, action); !sender.Includes(schemas.CentralSystem) {
				continue
			}
			t.Run(string(version)+"/"+action, func(t *testing.T) {
				message := schematest.Of(t, version, action, schemas.Request)
				run(t, version, nil, func(r *rig) {
					for _, payload := range []string{string(message.Minimal()), string(message.Maximal())} {
						r.order(action, payload)
						r.wait(5 * time.Minute) // jobs, reboots
					}
				})
			})
		}
	}
}

func TestUnknownCommandsAreRefused(t *testing.T) {
	for _, version := range versions {
		run(t, version, nil, func(r *rig) {
			if got := r.raw("MakeCoffee", `{}`); got.Type != ocppj.CallError || got.ErrorCode != "NotImplemented" {
				t.Errorf("%s: %+v", version, got)
			}
			if got := r.raw("Reset", `{"type":7}`); got.Type != ocppj.CallError || got.ErrorCode != "TypeConstraintViolation" {
				t.Errorf("%s: %+v", version, got)
			}
		})
	}
}
