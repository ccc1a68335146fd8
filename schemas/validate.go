package schemas

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Validate checks the payload of a message against the schema of its action, and returns every violation,
// sorted by path; none if the payload is right. An empty payload and null count as {}. It may be called concurrently.
//
// Stricter than JSON Schema in three points, so that a valid payload means the same to whoever decodes it: an integer is written
// without fraction or exponent and fits 64 bits, no number is beyond a floating-point number of 64 bits, and no object has a field
// twice. Against the last two, nothing else is looked for.
//
// Errors: ErrUnknownAction; ErrNoResponse; a payload that is not JSON, which ocppj.Parse never hands out.
func Validate(version ocppj.Version, action string, direction Direction, payload json.RawMessage) ([]Violation, error) {
	a, err := find(version, action)
	if err != nil {
		return nil, err
	}
	compiled := a.request
	if direction == Response {
		compiled = a.response
	}
	if compiled == nil {
		return nil, fmt.Errorf("%s of %s: %w", action, version, ErrNoResponse)
	}
	schema, err := compiled()
	if err != nil {
		return nil, err
	}
	if schema.rule.Takes(payload) {
		return nil, nil
	}
	value, err := decode(payload)
	if err != nil {
		return nil, fmt.Errorf("the payload of %s is not valid JSON: %w", action, err)
	}
	if violations := repeated(payload); len(violations) > 0 {
		return violations, nil
	}
	if !bounded(value) {
		return []Violation{{Kind: Range, Message: "has a number that does not fit a floating-point number of 64 bits"}}, nil
	}
	err = schema.Validate(value)
	if err == nil {
		return nil, nil
	}
	failure, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		return nil, fmt.Errorf("%s of %s: %w", action, version, err)
	}
	violations := explain(schema.Schema, value, failure)
	slices.SortFunc(violations, func(a, b Violation) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Message, b.Message))
	})
	return violations, nil
}

// decode keeps numbers as they are written.
func decode(payload json.RawMessage) (any, error) {
	switch string(payload) {
	case "", "null", "{}": // of the commonest messages, no need to read them
		return map[string]any{}, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("something follows the value")
	}
	return value, nil
}
