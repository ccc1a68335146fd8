package schemas

import (
	"encoding/json"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// TestEveryRule makes payloads for every message from its schema, breaks each of its rules in turn, and goes up to each of its
// limits. Validate must name the very place and rule that was broken, and nothing else.
func TestEveryRule(t *testing.T) {
	for version, c := range catalogues {
		var shared struct{ Types map[string]*rule }
		readFile(t, c.folder+".json", &shared)
		tried := 0
		for _, action := range Actions(version) {
			var file struct{ Request, Response *rule }
			readFile(t, path.Join(c.folder, action+".json"), &file)
			for direction, s := range map[Direction]*rule{Request: file.Request, Response: file.Response} {
				if s == nil {
					continue
				}
				s.link(t, shared.Types)
				check(t, version, action, direction, variant{payload: sample(s, true, 0)})
				for _, v := range variants(s, "") {
					check(t, version, action, direction, v)
					tried++
				}
			}
		}
		if tried < 1000 {
			t.Errorf("%s: only %d variants were tried", version, tried)
		}
		t.Logf("%s: %d variants", version, tried)
	}
}

// variant is a payload, and what is wrong with it; kind 0 is nothing.
type variant struct {
	payload any
	path    string
	kind    Kind
}

// rule is a node of a schema file, read without the help of what is tested.
type rule struct {
	Reference                    string `json:"$ref"`
	Type, Format                 string
	Enum, Required               []string
	MaxLength                    *int
	Minimum, Maximum, MultipleOf *float64
	Items                        *rule
	MinItems, MaxItems           int
	Properties                   map[string]*rule
	AdditionalProperties         *bool
}

// link replaces references by what they refer to.
func (s *rule) link(t *testing.T, types map[string]*rule) {
	for s.Reference != "" {
		if types[path.Base(s.Reference)] == nil {
			t.Fatalf("%s leads nowhere", s.Reference)
		}
		*s = *types[path.Base(s.Reference)]
	}
	if s.Items != nil {
		s.Items.link(t, types)
	}
	for name, property := range s.Properties {
		if !plainName.MatchString(name) {
			t.Errorf("the field %q needs escaping in a pointer", name)
		}
		property.link(t, types)
	}
}

// plainName is a name that is the same in a JSON pointer and in a URL, which locate relies on.
var plainName = regexp.MustCompile("^[A-Za-z0-9_]+$")

func readFile(t *testing.T, name string, into any) {
	t.Helper()
	data, err := files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func check(t *testing.T, version ocppj.Version, action string, direction Direction, v variant) {
	t.Helper()
	payload, err := json.Marshal(v.payload)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Validate(version, action, direction, payload)
	if err != nil {
		t.Fatal(err)
	}
	right := len(got) == 0
	if v.kind != 0 {
		right = len(got) == 1 && got[0].Kind == v.kind && got[0].Path == v.path
	}
	if !right {
		t.Errorf("%s %s %d, %s at %q: got %v\n%s", version, action, direction, kindNames[v.kind], v.path, got, payload)
	}
}

// sampleDepth bounds samples of types that hold themselves, if a version ever has one.
const sampleDepth = 12

// sample makes a valid value: with every field if full, otherwise with the required ones.
func sample(s *rule, full bool, depth int) any {
	switch s.Type {
	case "object":
		object := map[string]any{}
		for name, property := range s.Properties {
			if slices.Contains(s.Required, name) || full && depth < sampleDepth {
				object[name] = sample(property, full, depth+1)
			}
		}
		return object
	case "array":
		return slices.Repeat([]any{sample(s.Items, full, depth+1)}, max(1, s.MinItems))
	case "string":
		switch {
		case s.Enum != nil:
			return s.Enum[len(s.Enum)-1]
		case s.Format == "date-time":
			return "2026-05-01T12:00:00.123+02:00"
		case s.Format == "uri":
			return "ftp://host/path"
		}
		return ""
	case "integer", "number":
		switch {
		case s.Minimum != nil:
			return *s.Minimum
		case s.Maximum != nil:
			return *s.Maximum
		case s.MultipleOf != nil:
			return 16.1
		}
		return -7
	case "boolean":
		return true
	}
	return map[string]any{"any": []any{nil, 1.5}}
}

// variants returns values for s: some that violate one rule of s, some that go up to a limit and are right.
func variants(s *rule, at string) []variant {
	var all []variant
	add := func(kind Kind, where string, value any) { all = append(all, variant{value, where, kind}) }
	if s.Type != "" {
		add(Type, at, wrongType(s.Type))
		if at != "" { // as a whole payload, null is right
			add(Type, at, nil)
		}
	}
	switch s.Type {
	case "object":
		object := sample(s, false, 0).(map[string]any)
		if s.AdditionalProperties != nil && !*s.AdditionalProperties {
			add(Extra, at+"/notInOCPP", with(object, "notInOCPP", []any{1}))
		} else {
			add(0, at, with(object, "notInOCPP", []any{1}))
		}
		for name, property := range s.Properties {
			if slices.Contains(s.Required, name) {
				add(Missing, at+"/"+name, without(object, name))
			}
			for _, v := range variants(property, at+"/"+name) {
				add(v.kind, v.path, with(object, name, v.payload))
			}
		}
	case "array":
		array := sample(s, false, 0).([]any)
		if s.MinItems > 0 {
			add(Items, at, array[:s.MinItems-1])
		}
		if s.MaxItems > 0 {
			add(0, at, slices.Repeat(array[:1], s.MaxItems))
			add(Items, at, slices.Repeat(array[:1], s.MaxItems+1))
		}
		for _, v := range variants(s.Items, at+"/0") {
			add(v.kind, v.path, slices.Concat([]any{v.payload}, array[1:]))
		}
	case "string":
		for _, value := range s.Enum {
			add(0, at, value)
		}
		if s.Enum != nil {
			add(Enum, at, "notInOCPP")
		}
		if s.MaxLength != nil {
			add(0, at, strings.Repeat("é", *s.MaxLength))
			add(Length, at, strings.Repeat("é", *s.MaxLength+1))
		}
		if s.Format != "" {
			add(Format, at, "neither a time nor a place")
		}
	case "integer", "number":
		numbers(s, at, add)
	}
	return all
}

func numbers(s *rule, at string, add func(Kind, string, any)) {
	if s.Minimum != nil {
		add(0, at, *s.Minimum)
		add(Range, at, *s.Minimum-1)
	}
	if s.Maximum != nil {
		add(0, at, *s.Maximum)
		add(Range, at, *s.Maximum+1)
	}
	if s.MultipleOf != nil {
		add(Range, at, 16.15)
	}
	if s.Type == "integer" {
		add(Type, at, 1.5)
		if s.Minimum == nil {
			add(0, at, json.Number("-9223372036854775808"))
			add(Range, at, json.Number("-9223372036854775809"))
		}
		if s.Maximum == nil {
			add(0, at, json.Number("9223372036854775807"))
			add(Range, at, json.Number("9223372036854775808"))
			add(Type, at, json.Number("1.0"))
			add(Type, at, json.Number("1e3"))
		}
	}
}

func wrongType(jsonType string) any {
	if jsonType == "boolean" {
		return "true"
	}
	return false
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
