package schemas

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// TestAgreesWithReferenceValidator makes payloads for every message from its schema, breaks each of its rules in turn, and goes
// up to each of its limits. It compares our verdict on every variant with that of a complete JSON Schema implementation. Ours
// must name the very place and rule that was broken, and nothing else.
func TestAgreesWithReferenceValidator(t *testing.T) {
	for version, c := range catalogues {
		compiler := jsonschema.NewCompiler()
		compiler.Draft = jsonschema.Draft7
		compiler.AssertFormat = true
		addFile(t, compiler, c.folder+".json")
		tried := 0
		for _, action := range Actions(version) {
			file := path.Join(c.folder, action+".json")
			addFile(t, compiler, file)
			for direction, name := range map[Direction]string{Request: "request", Response: "response"} {
				if direction == Response && !Answered(version, action) {
					continue
				}
				reference, err := compiler.Compile(file + "#/" + name)
				if err != nil {
					t.Fatal(err)
				}
				m, err := find(version, action)
				if err != nil {
					t.Fatal(err)
				}
				own := m.request
				if direction == Response {
					own = m.response
				}
				compare(t, reference, version, action, direction, variant{payload: sample(own, true, 0)})
				for _, v := range variants(own, "") {
					compare(t, reference, version, action, direction, v)
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

func addFile(t *testing.T, compiler *jsonschema.Compiler, name string) {
	t.Helper()
	data, err := files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := compiler.AddResource(name, bytes.NewReader(data)); err != nil {
		t.Fatal(err)
	}
}

// variant is a payload, and what is wrong with it; kind 0 is nothing.
type variant struct {
	payload any
	path    string
	kind    Kind
}

func compare(t *testing.T, reference *jsonschema.Schema, version ocppj.Version, action string, direction Direction, v variant) {
	t.Helper()
	payload, err := json.Marshal(v.payload)
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.UseNumber()
	var decoded any
	if err := decoder.Decode(&decoded); err != nil {
		t.Fatal(err)
	}
	referenceError := reference.Validate(decoded)
	violations, err := Validate(version, action, direction, payload)
	if err != nil {
		t.Fatal(err)
	}
	where := fmt.Sprintf("%s %s %d, %s at %q", version, action, direction, kindNames[v.kind], v.path)
	if (referenceError == nil) != (len(violations) == 0) {
		t.Errorf("%s: the reference says %v, we say %v\n%s", where, referenceError, violations, payload)
	}
	switch { // the first is a difference; this is about saying the right thing
	case v.kind == 0 && len(violations) > 0:
		t.Errorf("%s: %v\n%s", where, violations, payload)
	case v.kind != 0 && (len(violations) != 1 || violations[0].Kind != v.kind || violations[0].Path != v.path):
		t.Errorf("%s: got %v\n%s", where, violations, payload)
	}
}

// sampleDepth bounds samples of types that hold themselves, if a version ever has one.
const sampleDepth = 12

// sample makes a valid value: with every field if full, otherwise with the required ones.
func sample(s *schema, full bool, depth int) any {
	s = s.resolved()
	switch s.Type {
	case "object":
		object := map[string]any{}
		for name, property := range s.Properties {
			if property.bit != 0 || full && depth < sampleDepth {
				object[name] = sample(property, full, depth+1)
			}
		}
		return object
	case "array":
		return slices.Repeat([]any{sample(s.Items, full, depth+1)}, max(1, valueOf(s.MinItems)))
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

func valueOf(limit *int) int {
	if limit == nil {
		return 0
	}
	return *limit
}

// variants returns values for s: some that violate one rule of s, some that go up to a limit and are right.
func variants(s *schema, at string) []variant {
	s = s.resolved()
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
		if s.closed() {
			add(Extra, at+"/notInOCPP", with(object, "notInOCPP", []any{1}))
		} else {
			add(0, at, with(object, "notInOCPP", []any{1}))
		}
		for name, property := range s.Properties {
			if property.bit != 0 {
				add(Missing, at+"/"+name, without(object, name))
			}
			for _, v := range variants(property, at+"/"+name) {
				add(v.kind, v.path, with(object, name, v.payload))
			}
		}
	case "array":
		array := sample(s, false, 0).([]any)
		if s.MinItems != nil {
			add(Items, at, array[:*s.MinItems-1])
		}
		if s.MaxItems != nil {
			add(0, at, slices.Repeat(array[:1], *s.MaxItems))
			add(Items, at, slices.Repeat(array[:1], *s.MaxItems+1))
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

func numbers(s *schema, at string, add func(Kind, string, any)) {
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
