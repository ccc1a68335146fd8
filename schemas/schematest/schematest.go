// Package schematest makes payloads from the files of package schemas, for tests that go through every message: right
// ones, from the least to the most that a schema allows, and broken ones, each against one rule in one place.
//
// It reads the files without the help of the validator, whose tests it serves too.
package schematest

import (
	"encoding/json"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/schemas"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Message is a request or a response, as its schema describes it.
type Message struct {
	root  *rule
	types map[string]*rule // what references refer to
}

// Broken is a payload against one rule.
type Broken struct {
	Payload json.RawMessage
	Kind    schemas.Kind // of the violation that Validate must return, and no other
	Path    string       // JSON pointer to the field, as in schemas.Violation
	// Tolerable is what a charge point is understood in spite of, as schemas.Violation.Tolerable says.
	Tolerable bool
}

// Of reads what version says of the request or response of action. The test fails if there is no such message.
func Of(t testing.TB, version ocppj.Version, action string, direction schemas.Direction) Message {
	t.Helper()
	folder := strings.ReplaceAll(string(version), ".", "")
	var file struct{ Request, Response *rule }
	var shared struct{ Types map[string]*rule }
	read(t, path.Join(folder, action+".json"), &file)
	read(t, folder+".json", &shared)
	m := Message{root: file.Request, types: shared.Types}
	if direction == schemas.Response {
		m.root = file.Response
	}
	if m.root == nil {
		t.Fatalf("%s %s has no such message", version, action)
	}
	m.check(t, m.root)
	return m
}

func read(t testing.TB, name string, into any) {
	t.Helper()
	data, err := fs.ReadFile(schemas.Files(), name)
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// rule is a node of a schema file.
type rule struct {
	Reference                    string `json:"$ref"`
	Type, Format                 string // a node without a type takes any value
	Enum, Required               []string
	MaxLength                    *int
	Minimum, Maximum, MultipleOf *float64
	Items                        *rule
	MinItems, MaxItems           int
	Properties                   map[string]*rule
	AdditionalProperties         *bool
}

// resolve follows references. No type of OCPP holds itself, so whoever goes down a message comes to an end.
func (m Message) resolve(r *rule) *rule {
	for r.Reference != "" {
		r = m.types[path.Base(r.Reference)]
	}
	return r
}

// plainName is a name that is the same in a JSON pointer and in a URL, which the paths of violations rely on.
var plainName = regexp.MustCompile("^[A-Za-z0-9_]+$")

// check reports references that lead nowhere, and names that a JSON pointer would escape.
func (m Message) check(t testing.TB, r *rule) {
	t.Helper()
	if r.Reference != "" && m.types[path.Base(r.Reference)] == nil {
		t.Fatalf("%s leads nowhere", r.Reference)
	}
	r = m.resolve(r)
	if r.Items != nil {
		m.check(t, r.Items)
	}
	for name, property := range r.Properties {
		if !plainName.MatchString(name) {
			t.Errorf("the field %q needs escaping in a pointer", name)
		}
		m.check(t, property)
	}
}

func encode(value any) json.RawMessage {
	payload, err := json.Marshal(value)
	if err != nil {
		panic(err) // it is made of JSON's own types
	}
	return payload
}
