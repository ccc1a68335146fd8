package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// committed is where the schemas are that the generator last wrote.
const committed = ".."

// document is a schema file as any reader of JSON Schema sees it.
type document struct {
	SentBy   string                `json:"sentBy"`
	Request  *jsonSchema           `json:"request"`
	Response *jsonSchema           `json:"response"`
	Types    map[string]jsonSchema `json:"types"`
}

type jsonSchema struct {
	Type                 string                `json:"type"`
	Ref                  string                `json:"$ref"`
	Enum                 []string              `json:"enum"`
	Format               string                `json:"format"`
	MaxLength            *int                  `json:"maxLength"`
	Minimum              *json.Number          `json:"minimum"`
	Maximum              *json.Number          `json:"maximum"`
	MultipleOf           *json.Number          `json:"multipleOf"`
	Items                *jsonSchema           `json:"items"`
	MinItems             *int                  `json:"minItems"`
	MaxItems             *int                  `json:"maxItems"`
	Required             []string              `json:"required"`
	Properties           map[string]jsonSchema `json:"properties"`
	AdditionalProperties *bool                 `json:"additionalProperties"`
}

func read(t *testing.T, name string) document {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(committed, name))
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	var d document
	if err := decoder.Decode(&d); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return d
}

// TestReferencesResolve needs no tables: every reference in the committed files leads to a type, every
// type is used, and every required field is described.
func TestReferencesResolve(t *testing.T) {
	for _, version := range versions {
		shared := read(t, version+".json")
		used := map[string]bool{}
		var visit func(where string, s jsonSchema)
		visit = func(where string, s jsonSchema) {
			if s.Ref != "" {
				name := path.Base(s.Ref)
				if _, ok := shared.Types[name]; !ok {
					t.Errorf("%s: %s leads nowhere", where, s.Ref)
				}
				used[name] = true
			}
			if s.Items != nil {
				visit(where+"[]", *s.Items)
			}
			for name, property := range s.Properties {
				visit(where+"/"+name, property)
			}
			for _, name := range s.Required {
				if _, ok := s.Properties[name]; !ok {
					t.Errorf("%s: %s is required but not described", where, name)
				}
			}
		}
		for name, shared := range shared.Types {
			visit(version+" "+name, shared)
		}
		actions, err := filepath.Glob(filepath.Join(committed, version, "*.json"))
		if err != nil || len(actions) == 0 {
			t.Fatalf("%s: no actions, %v", version, err)
		}
		for _, file := range actions {
			d := read(t, path.Join(version, filepath.Base(file)))
			if d.Request == nil {
				t.Fatalf("%s has no request", file)
			}
			visit(file+" request", *d.Request)
			if d.Response != nil {
				visit(file+" response", *d.Response)
			}
		}
		for name := range shared.Types {
			if !used[name] {
				t.Errorf("%s: nothing refers to %s", version, name)
			}
		}
	}
}

// TestGeneratorIsReproducible runs the generator on a small table, twice.
func TestGeneratorIsReproducible(t *testing.T) {
	tables, first, second := t.TempDir(), t.TempDir(), t.TempDir()
	for _, version := range versions {
		if err := os.WriteFile(filepath.Join(tables, version+".json"), []byte(smallTable), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, out := range []string{first, second, second} {
		if err := run(tables, out); err != nil {
			t.Fatal(err)
		}
	}
	sameFiles(t, first, second)
	got, err := os.ReadFile(filepath.Join(first, "ocpp16", "Ping.json"))
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != wantPing {
		t.Errorf("got\n%s\nwant\n%s", got, wantPing)
	}
}

const smallTable = `{"actions":{"Ping":{"direction":"CS->CSMS","request":{"additionalProperties":false,"fields":{
	"at":{"type":"string","format":"date-time","required":true},
	"colour":{"type":"string","enum":"Colour","required":false},
	"count":{"type":"integer","minimum":1,"required":false},
	"parts":{"type":"array","items":{"type":"object","ref":"Part"},"minItems":1,"required":true},
	"share":{"type":"number","minimum":0,"multipleOf":0.1,"default":0,"required":false}}}}},
	"types":{"Part":{"additionalProperties":true,"fields":{"name":{"type":"string","maxLength":5,"required":true}}}},
	"enums":{"Colour":["Blue","Red"]}}`

const wantPing = `{
 "$schema": "http://json-schema.org/draft-07/schema#",
 "sentBy": "chargePoint",
 "request": {"type": "object", "additionalProperties": false, "required": ["at", "parts"], "properties": {
  "at": {"type": "string", "format": "date-time"},
  "colour": {"$ref": "../ocpp16.json#/types/Colour"},
  "count": {"type": "integer", "format": "int64", "minimum": 1},
  "parts": {"type": "array", "minItems": 1, "items": {"$ref": "../ocpp16.json#/types/Part"}},
  "share": {"type": "number", "minimum": 0, "multipleOf": 0.1}}}
}
`

func TestGeneratorRefusesWhatItDoesNotUnderstand(t *testing.T) {
	tests := map[string]string{
		"unknown keyword":     strings.Replace(smallTable, `"maxLength"`, `"pattern"`, 1),
		"unknown direction":   strings.Replace(smallTable, "CS->CSMS", "sideways", 1),
		"unknown type":        strings.Replace(smallTable, `"type":"number"`, `"type":"decimal"`, 1),
		"unknown format":      strings.Replace(smallTable, `"format":"date-time"`, `"format":"date"`, 1),
		"limits on an enum":   strings.Replace(smallTable, `"enum":"Colour"`, `"enum":"Colour","maxLength":4`, 1),
		"no actions":          `{"actions":{}}`,
		"a request is absent": `{"actions":{"Ping":{"direction":"both"}}}`,
	}
	for name, table := range tests {
		tables := t.TempDir()
		for _, version := range versions {
			if err := os.WriteFile(filepath.Join(tables, version+".json"), []byte(table), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := run(tables, t.TempDir()); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if err := run("", t.TempDir()); err == nil {
		t.Error("no tables: no error")
	}
}

// tablesFolder is where the tables of all actions are: the folder that OCPP_TABLES names, or shared/facts beside
// the repository. They are not part of the repository; "" where there are none.
func tablesFolder() string {
	const beside = "../../../shared/facts"
	folder := cmp.Or(os.Getenv("OCPP_TABLES"), beside)
	if _, err := os.Stat(filepath.Join(folder, versions[0]+".json")); err != nil && folder == beside {
		return ""
	}
	return folder
}

// TestCommittedSchemasAreFresh compares with the tables where there are any: byte by byte with what the generator
// makes of them now, and field by field with the tables themselves. Without them the committed files are held to
// what is above.
func TestCommittedSchemasAreFresh(t *testing.T) {
	tables := tablesFolder()
	if tables == "" {
		t.Log("there are no tables here (OCPP_TABLES): the schemas are not compared with them")
		return
	}
	out := t.TempDir()
	if err := run(tables, out); err != nil {
		t.Fatal(err)
	}
	sameFiles(t, out, committed)
	for _, version := range versions {
		facts, err := readFacts(filepath.Join(tables, version+".json"))
		if err != nil {
			t.Fatal(err)
		}
		compareWithFacts(t, version, facts)
	}
}

func compareWithFacts(t *testing.T, version string, facts facts) {
	shared := read(t, version+".json")
	if got, want := len(shared.Types), len(facts.Types)+len(facts.Enums); got != want {
		t.Errorf("%s: %d types, want %d", version, got, want)
	}
	for name, values := range facts.Enums {
		if got := shared.Types[name]; got.Type != "string" || !slices.Equal(got.Enum, values) {
			t.Errorf("%s %s: got %v, want %v", version, name, got.Enum, values)
		}
	}
	for name, o := range facts.Types {
		compareObject(t, version+" "+name, shared.Types[name], o)
	}
	for name, action := range facts.Actions {
		d := read(t, path.Join(version, name+".json"))
		where := version + " " + name
		if d.SentBy != senders[action.Direction] {
			t.Errorf("%s is sent by %s, want %s", where, d.SentBy, action.Direction)
		}
		if (d.Response == nil) != (action.Response == nil) {
			t.Fatalf("%s: one has a response, the other has none", where)
		}
		compareObject(t, where+" request", *d.Request, *action.Request)
		if d.Response != nil {
			compareObject(t, where+" response", *d.Response, *action.Response)
		}
	}
}

func compareObject(t *testing.T, where string, got jsonSchema, want object) {
	open := got.AdditionalProperties == nil || *got.AdditionalProperties
	if got.Type != "object" || open != want.AdditionalProperties {
		t.Errorf("%s: got type %s, open %t", where, got.Type, open)
	}
	if names := slices.Sorted(maps.Keys(want.Fields)); !slices.Equal(slices.Sorted(maps.Keys(got.Properties)), names) {
		t.Errorf("%s: the fields are not %v", where, names)
	}
	for name, field := range want.Fields {
		if required := slices.Contains(got.Required, name); required != field.Required {
			t.Errorf("%s/%s: required is %t", where, name, required)
		}
		compareField(t, where+"/"+name, got.Properties[name], field)
	}
}

func compareField(t *testing.T, where string, got jsonSchema, want field) {
	reference := ""
	if got.Ref != "" {
		reference = path.Base(got.Ref)
	}
	if reference != want.Ref+want.Enum {
		t.Errorf("%s: got reference %q, want %q", where, reference, want.Ref+want.Enum)
	}
	wantType, wantFormat := strings.TrimPrefix(want.Type, "any"), want.Format
	if wantType == "integer" {
		wantFormat = "int64"
	}
	if reference == "" && got.Type != wantType || got.Format != wantFormat {
		t.Errorf("%s: got type %q %q, want %q %q", where, got.Type, got.Format, wantType, wantFormat)
	}
	if !same(got.MaxLength, want.MaxLength) || !same(got.MinItems, want.MinItems) || !same(got.MaxItems, want.MaxItems) ||
		!same(got.Minimum, want.Minimum) || !same(got.Maximum, want.Maximum) || !same(got.MultipleOf, want.MultipleOf) {
		t.Errorf("%s: a limit differs: got %+v, want %+v", where, got, want)
	}
	if (got.Items == nil) != (want.Items == nil) {
		t.Errorf("%s: one has items, the other has none", where)
	} else if got.Items != nil {
		compareField(t, where+"[]", *got.Items, *want.Items)
	}
}

func same[T comparable](a, b *T) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}

// sameFiles compares the schema files below two folders.
func sameFiles(t *testing.T, a, b string) {
	t.Helper()
	first, second := schemaFiles(t, a), schemaFiles(t, b)
	for name, content := range first {
		if !bytes.Equal(content, second[name]) {
			t.Errorf("%s differs: run go generate ./schemas", name)
		}
	}
	for name := range second {
		if _, ok := first[name]; !ok {
			t.Errorf("%s is in no table: run go generate ./schemas", name)
		}
	}
}

func schemaFiles(t *testing.T, root string) map[string][]byte {
	t.Helper()
	found := map[string][]byte{}
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		if entry != nil && entry.IsDir() && name == "events" {
			return fs.SkipDir // what we tell integrators, which no table of OCPP has
		}
		if err != nil || entry.IsDir() || path.Ext(name) != ".json" {
			return err
		}
		data, err := os.ReadFile(filepath.Join(root, name))
		found[name] = data
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
