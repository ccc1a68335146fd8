package e2e

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// openAPI is the document that the running system serves.
type openAPI struct {
	*testing.T
	paths    map[string]any
	compiler *jsonschema.Compiler
}

func readOpenAPI(t *testing.T) openAPI {
	t.Helper()
	document := call(t, http.MethodGet, "/openapi.json", "").want(t, http.StatusOK).Body
	text, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	paths, _ := document["paths"].(map[string]any)
	compiler := jsonschema.NewCompiler()
	compiler.Draft, compiler.AssertFormat = jsonschema.Draft2020, true
	if err := compiler.AddResource("file:///openapi.json", bytes.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	return openAPI{t, paths, compiler}
}

// fits checks an answer against the schema of its route and status.
func (o openAPI) fits(method, path string, status int, body []byte) {
	o.Helper()
	route := routeOf(o.paths, method, path)
	if len(body) == 0 || route == "" {
		return // nothing to check; that each line has a route another test says
	}
	_, pattern, _ := strings.Cut(route, " ")
	media := "application/json"
	if status >= http.StatusBadRequest {
		media = "application/problem+json"
	}
	place := "file:///openapi.json#/paths/" + pointer(pattern) + "/" + strings.ToLower(method) +
		"/responses/" + strconv.Itoa(status) + "/content/" + pointer(media) + "/schema"
	schema, err := o.compiler.Compile(place)
	if err != nil {
		o.Fatalf("%s answers %d, which the OpenAPI document does not have: %v", route, status, err)
	}
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		o.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		o.Errorf("%s: %s is against the OpenAPI document: %v", route, body, err)
	}
}

// pointer writes a name as a part of a JSON pointer in a URL (RFC 6901 section 6).
func pointer(name string) string {
	return url.PathEscape(strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1"))
}
