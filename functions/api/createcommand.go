package main

import (
	"encoding/json"
	"net/http"
)

// callBody is a CALL in the words of one version.
type callBody struct {
	timing
	Action  string          `json:"action" required:"true"`
	Payload json.RawMessage `json:"payload"` // left out: {}
}

// createCommand sends a charge point any CALL of its version. The payload is in the words of that version and is
// checked against its schema, strictly: 422 names the field.
func (a *API) createCommand(r *http.Request) (answer, error) {
	var body callBody
	if err := decode(r, &body, strict); err != nil {
		return answer{}, err
	}
	if body.Action == "" {
		return answer{}, missing("action")
	}
	if len(body.Payload) == 0 {
		body.Payload = json.RawMessage("{}")
	}
	if err := body.check(); err != nil {
		return answer{}, err
	}
	cp, err := a.chargePoint(r)
	if err != nil {
		return answer{}, err
	}
	version, err := body.speaks(cp)
	if err != nil {
		return answer{}, err
	}
	return a.submit(r, cp, version, call{body.Action, body.Payload}, body.timing, submitted{})
}
