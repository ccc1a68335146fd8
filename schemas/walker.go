package schemas

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// walker compares a payload with a schema in one pass over the bytes. Its depth is bounded by the schema's, because a value
// without a schema is skipped, not entered.
type walker struct {
	cursor
	path       []step // to the value that comes next
	violations []Violation
}

func (w *walker) enter(s step) { w.path = append(w.path, s) }

func (w *walker) leave() { w.path = w.path[:len(w.path)-1] }

func (w *walker) report(kind Kind, format string, args ...any) {
	w.violations = append(w.violations, Violation{Kind: kind, Path: pointer(w.path), Message: fmt.Sprintf(format, args...)})
}

// value checks the next value; optional says that it is a field that could have been left out.
func (w *walker) value(s *schema, optional bool) {
	s = s.resolved()
	first := w.peek()
	switch {
	case s.Type == "":
		w.skip()
	case s.Type == "object" && first == '{':
		w.object(s)
	case s.Type == "array" && first == '[':
		w.array(s)
	case s.Type == "string" && first == '"':
		w.text(s)
	case s.Type == "boolean" && (first == 't' || first == 'f'):
		w.literal()
	case (s.Type == "integer" || s.Type == "number") && (first == '-' || '0' <= first && first <= '9'):
		w.number(s)
	default:
		w.report(Type, "is %s where %s is wanted", typeOf(first), withArticle(s.Type))
		w.violations[len(w.violations)-1].null = first == 'n' && optional
		w.skip()
	}
}

func (w *walker) object(s *schema) {
	var seen uint64
	for w.pos++; w.peek() != '}'; {
		name := w.cursor.text()
		property, known := s.Properties[string(name)]
		switch {
		case known:
			seen |= property.bit
			w.peek()
			w.enter(step{field: property.name, index: -1})
			w.value(property, property.bit == 0)
			w.leave()
		case s.closed():
			w.enter(step{field: string(name), index: -1})
			w.report(Extra, "is not a field of this message")
			w.leave()
			w.skip()
		default:
			w.skip()
		}
	}
	w.pos++
	if seen == s.bits {
		return
	}
	for _, name := range s.Required {
		if seen&s.Properties[name].bit == 0 {
			w.enter(step{field: name, index: -1})
			w.report(Missing, "is required")
			w.leave()
		}
	}
}

func (w *walker) array(s *schema) {
	count := 0
	for w.pos++; w.peek() != ']'; count++ {
		if s.Items == nil {
			w.skip()
			continue
		}
		w.enter(step{index: count})
		w.value(s.Items, false)
		w.leave()
	}
	w.pos++
	if s.MinItems != nil && count < *s.MinItems {
		w.report(Items, "has %d elements, at least %d are needed", count, *s.MinItems)
	}
	if s.MaxItems != nil && count > *s.MaxItems {
		w.report(Items, "has %d elements, at most %d are allowed", count, *s.MaxItems)
	}
}

func (w *walker) text(s *schema) {
	text := w.cursor.text()
	if s.Enum != nil && !slices.ContainsFunc(s.Enum, func(value string) bool { return value == string(text) }) {
		w.report(Enum, "is none of %s", strings.Join(s.Enum, ", "))
	}
	// The bytes are never fewer than the characters, so most strings need not be counted.
	if s.MaxLength != nil && len(text) > *s.MaxLength {
		if length := utf8.RuneCount(text); length > *s.MaxLength {
			w.report(Length, "has %d characters, at most %d are allowed", length, *s.MaxLength)
		}
	}
	switch s.Format {
	case "date-time":
		if _, err := ParseDateTime(s.version, string(text)); err != nil {
			w.report(Format, "is not a date-time such as 2026-01-31T12:00:00Z")
		}
	case "uri":
		if location, err := url.Parse(string(text)); err != nil || !location.IsAbs() {
			w.report(Format, "is not an absolute URI such as ftp://host/path")
		}
	}
}

func (w *walker) number(s *schema) {
	literal := string(w.literal())
	if s.Type == "integer" {
		if strings.ContainsAny(literal, ".eE") {
			w.report(Type, "is a number with a fraction or exponent where an integer is wanted")
			return
		}
		if _, err := strconv.ParseInt(literal, 10, 64); err != nil {
			w.report(Range, "does not fit an integer of 64 bits")
			return
		}
	}
	if s.Minimum == nil && s.Maximum == nil && s.MultipleOf == nil && s.Type == "integer" {
		return
	}
	value, err := strconv.ParseFloat(literal, 64)
	switch {
	case err != nil:
		w.report(Range, "does not fit a floating-point number of 64 bits")
	case s.Minimum != nil && value < *s.Minimum:
		w.report(Range, "is less than %v", *s.Minimum)
	case s.Maximum != nil && value > *s.Maximum:
		w.report(Range, "is more than %v", *s.Maximum)
	case s.MultipleOf != nil && !isMultiple(value, *s.MultipleOf):
		w.report(Range, "is not a multiple of %v", *s.MultipleOf)
	}
}

// isMultiple allows for what binary floating point makes of decimal steps such as 0.1.
func isMultiple(value, step float64) bool {
	quotient := value / step
	return math.Abs(quotient-math.Round(quotient)) < 1e-6
}

// typeOf names the JSON type of the value that starts with first.
func typeOf(first byte) string {
	switch first {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	}
	return "a number"
}

func withArticle(jsonType string) string {
	if strings.HasPrefix(jsonType, "a") || strings.HasPrefix(jsonType, "i") || strings.HasPrefix(jsonType, "o") {
		return "an " + jsonType
	}
	return "a " + jsonType
}
