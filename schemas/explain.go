package schemas

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/serverless-ocpp/backend/shared/timestamp"
)

// explain turns the validator's report into violations. The report says where which keyword failed; which fields are
// meant, and what would have been right, is looked up in payload and schema rather than read from the report's sentences.
func explain(schema *jsonschema.Schema, payload any, failure *jsonschema.ValidationError) []Violation {
	if len(failure.Causes) == 0 {
		return locate(schema, payload, failure.InstanceLocation).violations(path.Base(failure.KeywordLocation))
	}
	var all []Violation
	for _, cause := range failure.Causes {
		all = append(all, explain(schema, payload, cause)...)
	}
	return all
}

// place is a value of a payload, and the schema that it was held against.
type place struct {
	path     string // JSON pointer
	schema   *jsonschema.Schema
	value    any
	optional bool // the value is a field that could have been left out
}

// locate goes from the payload to the value at a pointer of the report. The validator descends into described fields only, whose
// names hold nothing that a pointer would escape.
func locate(schema *jsonschema.Schema, payload any, pointer string) place {
	p := place{path: pointer, schema: schema, value: payload}
	for _, token := range strings.Split(pointer, "/")[1:] {
		switch parent := p.value.(type) {
		case map[string]any:
			p.optional = !slices.Contains(p.schema.Required, token)
			p.schema, p.value = p.schema.Properties[token], parent[token]
		case []any:
			index, _ := strconv.Atoi(token) // the validator wrote it
			p.optional = false
			p.schema, p.value = p.schema.Items.(*jsonschema.Schema), parent[index]
		}
	}
	return p
}

// violations says what the failed keyword means for the value, or for the fields of the value.
func (p place) violations(keyword string) []Violation {
	one := func(kind Kind, format string, args ...any) []Violation {
		return []Violation{{Kind: kind, Path: p.path, Message: fmt.Sprintf(format, args...)}}
	}
	s := p.schema
	switch keyword {
	case "required":
		return p.missing()
	case "additionalProperties":
		return p.extra()
	case "type":
		return p.wrongType()
	case "enum":
		found := one(Enum, "is none of %s", join(s.Enum))
		text, isText := p.value.(string)
		found[0].understood = isText && describes(p.path) && len(text) <= mostTolerated
		return found
	case "maxLength":
		text := p.value.(string)
		found := one(Length, "has %d characters, at most %d are allowed", utf8.RuneCountInString(text), s.MaxLength)
		found[0].huge = tooHuge(text, s.MaxLength)
		return found
	case "minItems":
		found := one(Items, "has %d elements, at least %d are needed", len(p.value.([]any)), s.MinItems)
		found[0].understood = p.understoodEmpty()
		return found
	case "maxItems":
		return one(Items, "has %d elements, at most %d are allowed", len(p.value.([]any)), s.MaxItems)
	case "minimum":
		return one(Range, "is less than %v", float(s.Minimum))
	case "maximum":
		return one(Range, "is more than %v", float(s.Maximum))
	case "multipleOf":
		if nearlyMultiple(p.value.(json.Number), s.MultipleOf) {
			return nil
		}
		return one(Range, "is not a multiple of %v", float(s.MultipleOf))
	case "format":
		return p.wrongFormat()
	}
	panic("schemas: the schemas use " + keyword + ", which is not explained") // TestEveryRule breaks each
}

func (p place) missing() []Violation {
	var all []Violation
	for _, name := range p.schema.Required {
		if _, ok := p.value.(map[string]any)[name]; !ok {
			path := p.path + "/" + name
			all = append(all, Violation{Kind: Missing, Path: path, Message: "is required", understood: describes(path)})
		}
	}
	return all
}

func (p place) extra() []Violation {
	var all []Violation
	for name := range p.value.(map[string]any) {
		if _, ok := p.schema.Properties[name]; !ok {
			field := pointerEscaper.Replace(shorten(name))
			all = append(all, Violation{Kind: Extra, Path: p.path + "/" + field, Message: "is not a field of this message"})
		}
	}
	return all
}

func (p place) wrongType() []Violation {
	got, want := typeOf(p.value), p.schema.Types[0]
	if want == "integer" && got == "a number" {
		got = "a number with a fraction or exponent"
	}
	return []Violation{{
		Kind:       Type,
		Path:       p.path,
		Message:    "is " + got + " where " + withArticle(want) + " is wanted",
		understood: p.understoodType(),
	}}
}

func (p place) wrongFormat() []Violation {
	v := Violation{Kind: Format, Path: p.path}
	switch p.schema.Format {
	case "date-time":
		v.Message = "is not a date-time such as 2026-01-31T12:00:00Z"
		_, _, err := timestamp.Parse(p.value.(string))
		v.understood = err == nil
	case "uri":
		v.Message = "is not an absolute URI such as ftp://host/path"
	case "int64":
		if hasFraction(p.value.(json.Number)) {
			return p.wrongType() // JSON Schema takes 1.0 for an integer
		}
		v.Kind, v.Message = Range, "does not fit an integer of 64 bits"
	default:
		panic("schemas: the schemas use the format " + p.schema.Format + ", which is not explained") // as above: TestEveryRule
	}
	return []Violation{v}
}

// typeOf names the JSON type of a decoded value.
func typeOf(value any) string {
	switch value.(type) {
	case map[string]any:
		return "an object"
	case []any:
		return "an array"
	case string:
		return "a string"
	case bool:
		return "a boolean"
	case nil:
		return "null"
	}
	return "a number"
}

func withArticle(jsonType string) string {
	if strings.ContainsAny(jsonType[:1], "aio") {
		return "an " + jsonType
	}
	return "a " + jsonType
}

func join(values []any) string {
	words := make([]string, len(values))
	for i, value := range values {
		words[i] = fmt.Sprint(value)
	}
	return strings.Join(words, ", ")
}
