// Package conform finds out quickly that a payload conforms to a schema, as nearly every payload does, without decoding it.
//
// It reads the schemas that santhosh-tekuri/jsonschema has compiled, and knows those keywords alone that the schemas of OCPP
// use. Its yes is certain; its no is none: whatever is wrong, or merely unusual (a \u in a string, a number of twenty digits, a
// time without offset, a field that comes twice), is left to that library, which also says what is wrong.
package conform

import "github.com/santhosh-tekuri/jsonschema/v5"

// kind is a JSON type as schemas name it.
type kind uint8

const (
	anything kind = iota
	object
	array
	text
	number
	integer
	boolean
)

var kinds = map[string]kind{"object": object, "array": array, "string": text, "number": number, "integer": integer, "boolean": boolean}

// Rule is what a schema asks of a value. The nil rule takes nothing.
type Rule struct {
	kind kind

	fields   map[string]field // of an object
	open     bool             // it may have fields that are not among them
	required uint64           // bits of those that must be there

	items              *Rule // of an array
	minItems, maxItems int   // maxItems -1 is any number

	maxLength int // of a string in characters; -1 is any
	enum      map[string]bool
	format    format

	min, max *float64 // of a number or integer
}

// field is a named value of an object.
type field struct {
	rule *Rule
	bit  uint64 // its own among the fields of the object
}

// maxFields is how many bits there are. No object of OCPP has half as many fields.
const maxFields = 64

// exact is below the whole numbers that float64 does not tell apart.
const exact = 1 << 53

// Rules makes rules of compiled schemas; a schema that is used in several places is read once. Not for concurrent use.
type Rules map[*jsonschema.Schema]*Rule

// Of returns the rule of a schema, nil for one that asks what this package does not know.
func (r Rules) Of(s *jsonschema.Schema) *Rule {
	for s.Ref != nil {
		s = s.Ref // of draft-07, in which nothing else counts beside a reference
	}
	if known, ok := r[s]; ok {
		return known
	}
	rule := &Rule{maxItems: s.MaxItems, minItems: s.MinItems, maxLength: s.MaxLength}
	r[s] = rule // before what is inside of it: a type may contain itself
	if !r.fill(rule, s) {
		*rule = Rule{kind: unknown}
	}
	return rule
}

// unknown is the kind of a rule that takes nothing.
const unknown kind = 255

// fill reports whether the rule asks all that the schema asks.
func (r Rules) fill(rule *Rule, s *jsonschema.Schema) bool {
	if foreign(s) {
		return false
	}
	switch len(s.Types) {
	case 0:
		// Without a type the other keywords hold for values of their types alone, which no schema here makes use of.
		return s.Properties == nil && s.Items == nil && s.Enum == nil && s.Format == "" && s.Minimum == nil && s.Maximum == nil && s.MaxLength < 0 && s.Required == nil
	case 1:
		rule.kind = kinds[s.Types[0]]
	}
	switch rule.kind {
	case object:
		return r.fillObject(rule, s)
	case array:
		items, single := s.Items.(*jsonschema.Schema)
		if single {
			rule.items = r.Of(items)
		}
		return single
	case text:
		return fillText(rule, s)
	case number, integer:
		return fillNumber(rule, s)
	case boolean:
		return true
	default:
		return false
	}
}

// foreign reports keywords that the schemas of OCPP do not use.
func foreign(s *jsonschema.Schema) bool {
	return s.Always != nil || s.RecursiveRef != nil || s.DynamicRef != nil || s.Constant != nil || s.Not != nil || s.AllOf != nil || s.AnyOf != nil ||
		s.OneOf != nil || s.If != nil || s.MinProperties > 0 || s.MaxProperties >= 0 || s.PropertyNames != nil || s.RegexProperties ||
		s.PatternProperties != nil || s.Dependencies != nil || s.DependentRequired != nil || s.DependentSchemas != nil || s.UnevaluatedProperties != nil ||
		s.UniqueItems || s.AdditionalItems != nil || s.PrefixItems != nil || s.Items2020 != nil || s.Contains != nil || s.UnevaluatedItems != nil ||
		s.MinLength > 0 || s.Pattern != nil || s.ContentEncoding != "" || s.ContentMediaType != "" || s.ContentSchema != nil ||
		s.ExclusiveMinimum != nil || s.ExclusiveMaximum != nil || s.MultipleOf != nil
}

func (r Rules) fillObject(rule *Rule, s *jsonschema.Schema) bool {
	switch additional := s.AdditionalProperties.(type) {
	case nil:
		rule.open = true
	case bool:
		rule.open = additional
	default:
		return false
	}
	rule.fields = make(map[string]field, len(s.Properties))
	for name, property := range s.Properties {
		rule.fields[name] = field{rule: r.Of(property), bit: 1 << len(rule.fields)}
	}
	if len(rule.fields) > maxFields {
		return false
	}
	for _, name := range s.Required {
		f, described := rule.fields[name]
		if !described {
			return false
		}
		rule.required |= f.bit
	}
	return true
}

func fillText(rule *Rule, s *jsonschema.Schema) bool {
	if s.Enum != nil {
		rule.enum = make(map[string]bool, len(s.Enum))
		for _, value := range s.Enum {
			word, isText := value.(string)
			if !isText {
				return false
			}
			rule.enum[word] = true
		}
	}
	var known bool
	rule.format, known = formats[s.Format]
	return known
}

func fillNumber(rule *Rule, s *jsonschema.Schema) bool {
	if s.Enum != nil || s.Format != "" && (s.Format != "int64" || rule.kind != integer) {
		return false
	}
	for _, bound := range []struct {
		from interface{ Float64() (float64, bool) }
		set  bool
		to   **float64
	}{{s.Minimum, s.Minimum != nil, &rule.min}, {s.Maximum, s.Maximum != nil, &rule.max}} {
		if !bound.set {
			continue
		}
		limit, whole := bound.from.Float64()
		if !whole || limit > exact || limit < -exact {
			return false
		}
		*bound.to = &limit
	}
	return true
}
