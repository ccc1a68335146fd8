package schematest

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/serverless-ocpp/backend/schemas"
)

// Broken are the message's payloads that violate one rule each: every rule of every field.
func (m Message) Broken() []Broken {
	var all []Broken
	for _, v := range m.variations(m.root, "", false) {
		if v.kind != 0 {
			all = append(all, Broken{encode(v.value), v.kind, v.path, v.tolerable})
		}
	}
	return all
}

// variation is a value that breaks a rule or, with kind 0, goes up to a limit.
type variation struct {
	value     any
	path      string
	kind      schemas.Kind
	tolerable bool
}

// unknown is the name of no field and the value of no enumeration.
const unknown = "notInOCPP"

// variations are those of a value at a path. optional says that the value is a field that may be left out.
func (m Message) variations(r *rule, at string, optional bool) []variation {
	r = m.resolve(r)
	var all []variation
	add := func(kind schemas.Kind, value any) {
		understood := kind == schemas.Enum && describes(at) || kind == schemas.Type && sameNumber(at, value)
		all = append(all, variation{value, at, kind, kind == schemas.Length || understood})
	}
	if r.Type != "" {
		add(schemas.Type, wrongTypes[r.Type])
		if at != "" { // as a whole payload, null is right
			all = append(all, variation{nil, at, schemas.Type, optional})
		}
	}
	switch r.Type {
	case "object":
		return append(all, m.objects(r, at)...)
	case "array":
		return append(all, m.arrays(r, at, optional)...)
	case "string":
		texts(r, add)
	case "integer", "number":
		numbers(r, add)
	}
	return all
}

// describes tells fields whose word is shown, and which nothing hangs on.
var describes = regexp.MustCompile(`/(chargingState|context|errorCode|format|location|measurand|operationMode|phase|preconditioningStatus|` +
	`reason|stoppedReason|triggerReason|unit|idToken/type)$`).MatchString

// sameNumber tells the number of a meter in another form than wanted.
func sameNumber(at string, value any) bool {
	_, text := value.(string)
	return regexp.MustCompile(`/sampledValue/\d+/value$`).MatchString(at) ||
		!text && regexp.MustCompile(`^/(meterStart|meterStop)$`).MatchString(at)
}

// wrongTypes are what charge points mistake for a type.
var wrongTypes = map[string]any{
	"object": []any{}, "array": map[string]any{}, "string": 7, "integer": "7", "number": "1.5", "boolean": "true",
}

func (m Message) objects(r *rule, at string) []variation {
	least := m.sample(r, extent{}).(map[string]any)
	extra := variation{value: with(least, unknown, []any{1}), path: at}
	if r.AdditionalProperties != nil && !*r.AdditionalProperties {
		extra.path, extra.kind, extra.tolerable = at+"/"+unknown, schemas.Extra, true
	}
	all := []variation{extra}
	for _, name := range slices.Sorted(maps.Keys(r.Properties)) {
		required := slices.Contains(r.Required, name)
		if required {
			all = append(all, variation{without(least, name), at + "/" + name, schemas.Missing, describes(at + "/" + name)})
		}
		for _, v := range m.variations(r.Properties[name], at+"/"+name, !required) {
			v.value = with(least, name, v.value)
			all = append(all, v)
		}
	}
	return all
}

func (m Message) arrays(r *rule, at string, optional bool) []variation {
	element := m.sample(r.Items, extent{})
	of := func(length int) []any { return slices.Repeat([]any{element}, length) }
	var all []variation
	if r.MinItems > 0 {
		empty := r.MinItems == 1 && (optional || strings.HasSuffix(at, "/sampledValue"))
		all = append(all, variation{of(r.MinItems - 1), at, schemas.Items, empty})
	}
	if r.MaxItems > 0 {
		all = append(all, variation{value: of(r.MaxItems), path: at}, variation{value: of(r.MaxItems + 1), path: at, kind: schemas.Items})
	}
	rest := of(max(0, r.MinItems-1))
	for _, v := range m.variations(r.Items, at+"/0", false) {
		v.value = slices.Concat([]any{v.value}, rest)
		all = append(all, v)
	}
	return all
}

func texts(r *rule, add func(schemas.Kind, any)) {
	for _, value := range r.Enum {
		add(0, value)
	}
	if r.Enum != nil {
		add(schemas.Enum, unknown)
	}
	if r.MaxLength != nil {
		add(0, strings.Repeat("é", *r.MaxLength))
		add(schemas.Length, strings.Repeat("é", *r.MaxLength+1))
	}
	if r.Format != "" {
		add(schemas.Format, "neither a time nor a place")
	}
}

func numbers(r *rule, add func(schemas.Kind, any)) {
	if r.Minimum != nil {
		add(0, *r.Minimum)
		add(schemas.Range, *r.Minimum-1)
	}
	if r.Maximum != nil {
		add(0, *r.Maximum)
		add(schemas.Range, *r.Maximum+1)
	}
	if r.MultipleOf != nil { // 0.1 in OCPP
		add(0, 16.1)
		add(schemas.Range, 16.15)
	}
	if r.Type != "integer" {
		return
	}
	add(schemas.Type, 1.5)
	if r.Minimum == nil {
		add(0, json.Number("-9223372036854775808"))
		add(schemas.Range, json.Number("-9223372036854775809"))
	}
	if r.Maximum == nil {
		add(0, json.Number("9223372036854775807"))
		add(schemas.Range, json.Number("9223372036854775808"))
		add(schemas.Type, json.Number("1.0"))
		add(schemas.Type, json.Number("1e3"))
	}
}

func with(object map[string]any, name string, value any) map[string]any {
	changed := maps.Clone(object)
	changed[name] = value
	return changed
}

func without(object map[string]any, name string) map[string]any {
	changed := maps.Clone(object)
	delete(changed, name)
	return changed
}
