package schematest

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
)

// Minimal is the least that the message may be: required fields alone, the shortest strings and arrays, the smallest numbers.
func (m Message) Minimal() json.RawMessage { return encode(m.sample(m.root, extent{})) }

// Maximal is a message with every field, the longest strings and the largest numbers.
func (m Message) Maximal() json.RawMessage { return encode(m.sample(m.root, extent{full: true})) }

// Valid are Minimal, Maximal, both again with every other value of the enumerations, and Minimal with each field in turn
// going up to each of its limits.
func (m Message) Valid() []json.RawMessage {
	var all []json.RawMessage
	tried := make(map[string]bool)
	add := func(payload json.RawMessage) {
		if !tried[string(payload)] {
			tried[string(payload)] = true
			all = append(all, payload)
		}
	}
	for turn := range m.turns(m.root) {
		add(encode(m.sample(m.root, extent{turn: turn})))
		add(encode(m.sample(m.root, extent{turn: turn, full: true})))
	}
	for _, v := range m.variations(m.root, "", false) {
		if v.kind == 0 {
			add(encode(v.value))
		}
	}
	return all
}

// turns is the length of the longest enumeration, at least 1.
func (m Message) turns(r *rule) int {
	r = m.resolve(r)
	longest := max(1, len(r.Enum))
	if r.Items != nil {
		longest = max(longest, m.turns(r.Items))
	}
	for _, property := range r.Properties {
		longest = max(longest, m.turns(property))
	}
	return longest
}

// extent is how much of what a rule allows goes into a sample; the zero value is the least.
type extent struct {
	full bool
	turn int // which value of each enumeration
}

// sample makes a right value.
func (m Message) sample(r *rule, e extent) any {
	r = m.resolve(r)
	switch r.Type {
	case "object":
		object := make(map[string]any)
		for name, property := range r.Properties {
			if e.full || slices.Contains(r.Required, name) {
				object[name] = m.sample(property, e)
			}
		}
		return object
	case "array":
		length := r.MinItems
		if e.full && r.MaxItems != 1 {
			length = max(2, length) // one before and one after another; the limit itself is one of the variations
		}
		return slices.Repeat([]any{m.sample(r.Items, e)}, length)
	case "string":
		return text(r, e)
	case "integer", "number":
		return number(r, e)
	case "boolean":
		return e.full
	}
	return map[string]any{"any": []any{nil, 1.5}}
}

func text(r *rule, e extent) string {
	switch {
	case r.Enum != nil:
		return r.Enum[e.turn%len(r.Enum)]
	case r.Format == "date-time" && e.full:
		return "2026-05-01T12:00:00.123+02:00"
	case r.Format == "date-time":
		return "0001-01-01T00:00:00Z"
	case r.Format == "uri":
		return "ftp://host/path"
	case !e.full:
		return ""
	case e.turn == 0 && r.MaxLength != nil: // in one turn alone, for long strings take most of the time
		return strings.Repeat("é", *r.MaxLength)
	}
	return "é"
}

func number(r *rule, e extent) any {
	switch {
	case e.full && r.Maximum != nil:
		return *r.Maximum
	case !e.full && r.Minimum != nil:
		return *r.Minimum
	case r.Type == "number" && e.full:
		return 1e300
	case r.Type == "number":
		return -1e300
	case e.full:
		return math.MaxInt64
	}
	return math.MinInt64
}
