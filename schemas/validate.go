package schemas

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Validate checks the payload of a message against the schema of its action, and returns every violation,
// sorted by path; none if the payload is right. An empty payload and null count as {}. It may be called concurrently.
//
// Stricter than JSON Schema in one point: an integer is written without fraction or exponent and fits 64 bits, so that a valid
// payload can be decoded into Go's integers.
//
// Errors: ErrUnknownAction; ErrNoResponse; a payload that is not JSON, which ocppj.Parse never hands out.
func Validate(version ocppj.Version, action string, direction Direction, payload json.RawMessage) ([]Violation, error) {
	m, err := find(version, action)
	if err != nil {
		return nil, err
	}
	s := m.request
	if direction == Response {
		s = m.response
	}
	if s == nil {
		return nil, fmt.Errorf("%s of %s: %w", action, version, ErrNoResponse)
	}
	if len(payload) == 0 || string(payload) == "null" {
		payload = json.RawMessage("{}")
	}
	if !json.Valid(payload) {
		return nil, fmt.Errorf("the payload of %s is not valid JSON", action)
	}
	w := walker{cursor: cursor{data: payload}, path: make([]step, 0, 16)} // deeper than most messages go
	w.value(s, false)
	slices.SortFunc(w.violations, func(a, b Violation) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Message, b.Message))
	})
	return w.violations, nil
}
