package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// conform checks an exchange of any test against the OpenAPI document: the status is one that the route documents, the
// answer has its schema, and a request that was served has the schema of the body.
func conform(t *testing.T, pattern string, sent string, got response) {
	t.Helper()
	method, path, known := strings.Cut(pattern, " ")
	if !known {
		return // there is no such route
	}
	i := slices.IndexFunc(rows(), func(r route) bool { return r.method == method && r.path == path })
	if i < 0 {
		t.Fatalf("%s is served by no row", pattern)
	}
	row := rows()[i]
	at := "/paths/" + escaped(path) + "/" + strings.ToLower(method)
	media := "application/json"
	switch _, answers := row.answers[got.status]; {
	case got.status == http.StatusNotModified && method == http.MethodGet:
		return
	case got.status >= http.StatusBadRequest:
		media = "application/problem+json"
		if !slices.Contains(problemsOf(row), got.status) {
			t.Errorf("%s answers %d, and its row does not say so: %s", pattern, got.status, got.text)
			return
		}
	case !answers:
		t.Errorf("%s answers %d, and its row does not say so", pattern, got.status)
		return
	}
	if got.text != "" {
		fits(t, at+"/responses/"+strconv.Itoa(got.status)+"/content/"+escaped(media)+"/schema", pattern, got.text)
	}
	if row.body != nil && got.status < http.StatusBadRequest && sent != "" {
		fits(t, at+"/requestBody/content/application~1json/schema", pattern, sent)
	}
}

// rows are the routes, which no test changes.
var rows = sync.OnceValue(func() []route { return (&API{}).routes() })

func escaped(name string) string {
	return url.PathEscape(strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1"))
}

// fits checks JSON against the schema at a place of the embedded document.
func fits(t *testing.T, place, pattern, text string) {
	t.Helper()
	schema, err := schemaAt(place)
	if err != nil {
		t.Fatalf("%s: %v", pattern, err)
	}
	var value any
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%s: %s is against the OpenAPI document: %v", pattern, text, err)
	}
}

var compiled struct {
	sync.Mutex
	compiler *jsonschema.Compiler
	schemas  map[string]*jsonschema.Schema
}

func schemaAt(place string) (*jsonschema.Schema, error) {
	compiled.Lock()
	defer compiled.Unlock()
	if compiled.compiler == nil {
		compiled.compiler, compiled.schemas = jsonschema.NewCompiler(), map[string]*jsonschema.Schema{}
		compiled.compiler.Draft, compiled.compiler.AssertFormat = jsonschema.Draft2020, true
		if err := compiled.compiler.AddResource("file:///openapi.json", bytes.NewReader(openAPI)); err != nil {
			return nil, err
		}
	}
	schema, known := compiled.schemas[place]
	if !known {
		var err error
		if schema, err = compiled.compiler.Compile("file:///openapi.json#" + place); err != nil {
			return nil, err
		}
		compiled.schemas[place] = schema
	}
	return schema, nil
}
