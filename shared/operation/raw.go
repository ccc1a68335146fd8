package operation

import (
	"encoding/json"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/secret"
)

// Raw is any CALL, in the words of the version that the charge point speaks. It is no row of Kinds.
type Raw struct {
	Action  string          `json:"action" required:"true"`
	Payload json.RawMessage `json:"payload"` // left out: {}
}

// Calls implements Operation. fault.Conflict for a CALL that sets the key the charge point logs in with: the system
// would not know the new one, and lock the charge point out.
func (r *Raw) Calls(ocppj.Version) ([]Call, error) {
	if r.Action == "" {
		return nil, missing("action")
	}
	payload := r.Payload
	if len(payload) == 0 {
		payload = json.RawMessage("{}")
	}
	if secret.Sets(r.Action, payload) {
		return nil, fault.New(fault.Conflict, "this %s sets the key that the charge point logs in with, which the system has to know: "+
			"use POST /charge-points/{id}/key-rotation", r.Action)
	}
	return []Call{{r.Action, payload}}, nil
}
