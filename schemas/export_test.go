package schemas

import (
	"encoding/json"

	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Judgements are those of the quick rule and of the library on the same payload, each on its own.
func Judgements(version ocppj.Version, name string, direction Direction, payload json.RawMessage) (quick, library bool, err error) {
	a, err := find(version, name)
	if err != nil {
		return false, false, err
	}
	compiled := a.request
	if direction == Response {
		compiled = a.response
	}
	schema, err := compiled()
	if err != nil {
		return false, false, err
	}
	quick = schema.rule.Takes(payload)
	value, err := decode(payload)
	if err != nil {
		return quick, false, nil // no JSON
	}
	return quick, bounded(value) && len(repeated(payload)) == 0 && schema.Validate(value) == nil, nil
}
