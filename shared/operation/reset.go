package operation

import (
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Reset restarts a charge point (OCPP 1.6 section 5.14, OCPP 2.0.1 B11 and B12).
type Reset struct {
	// Type is "soft", which ends transactions in good order first (1.6 Soft; 2.x OnIdle: after they have ended), or "hard",
	// which does not wait (1.6 Hard; 2.x Immediate). "" is soft.
	Type string `json:"type"`
	// Connector restarts one EVSE only (2.x), "" the whole charge point.
	Connector Connector `json:"connector"`
}

// Calls implements Operation.
func (r *Reset) Calls(version ocppj.Version) ([]Call, error) {
	words := map[string]string{"": "OnIdle", "soft": "OnIdle", "hard": "Immediate"}
	if version == ocppj.V16 {
		words = map[string]string{"": "Soft", "soft": "Soft", "hard": "Hard"}
	}
	word, ok := words[r.Type]
	if !ok {
		return nil, fault.New(fault.Invalid, "'type' must be soft or hard, not %.40q", r.Type)
	}
	payload := map[string]any{"type": word}
	if evse, _ := r.Connector.numbers(); evse > 0 {
		if version == ocppj.V16 {
			return nil, fault.New(fault.Invalid, "'connector' must be left out: in %s a charge point restarts as a whole", version)
		}
		payload["evseId"] = evse
	}
	return []Call{{"Reset", payload}}, nil
}
