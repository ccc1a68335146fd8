package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

//go:generate go test . -run TestOpenAPI -update

var update = flag.Bool("update", false, "write openapi.json anew")

// TestOpenAPIIsFresh: the embedded document says what the routes are.
func TestOpenAPIIsFresh(t *testing.T) {
	want := written(t)
	if *update {
		if err := os.WriteFile("openapi.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(openAPI, want) {
		t.Error("functions/api/openapi.json does not say what the routes are any more; renew it: go generate ./functions/api")
	}
}

// TestOpenAPIIsValid: a validator that others wrote agrees that it is OpenAPI 3.1.
func TestOpenAPIIsValid(t *testing.T) {
	validator, err := filepath.Abs("../../node_modules/@seriousme/openapi-schema-validator/index.js")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "openapi.json")
	if err := os.WriteFile(file, written(t), 0o644); err != nil {
		t.Fatal(err)
	}
	script := `const { Validator } = await import(process.argv[1]);
		const said = await new Validator().validate(process.argv[2]);
		if (!said.valid) { console.log(JSON.stringify(said.errors, null, 1)); process.exit(1); }`
	command := exec.Command("node", "--input-type=module", "-e", script, validator, file)
	command.Env = []string{"PATH=" + os.Getenv("PATH")}
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}

// TestOpenAPINamesRoutes: each route has an id of its own that generated clients can take, and a summary.
func TestOpenAPINamesRoutes(t *testing.T) {
	identifier := regexp.MustCompile(`^[a-z][A-Za-z0-9]*$`)
	routes := map[string]string{}
	for _, route := range (&API{}).routes() {
		if other := routes[route.id]; other != "" || !identifier.MatchString(route.id) {
			t.Errorf("%s %s: the id %q is none, or that of %s", route.method, route.path, route.id, other)
		}
		routes[route.id] = route.path
		if route.summary == "" || route.tag == "" || len(route.answers) == 0 {
			t.Errorf("%s lacks its summary, tag or answers", route.id)
		}
	}
}

func TestOpenAPIIsServed(t *testing.T) {
	got := (&rig{T: t, api: &API{}}).do("GET", "/openapi.json", "").want(200, `"openapi"`)
	if got.header.Get("Content-Type") != "application/json" {
		t.Errorf("%v", got.header)
	}
}

// TestOpenAPIRefuses: the schemas that every test's answers are held against are not empty.
func TestOpenAPIRefuses(t *testing.T) {
	for place, wrong := range map[string][]string{
		"/components/schemas/Problem":            {`{}`, `{"title":"Conflict","status":"409","detail":"x","error":"x"}`},
		"/components/schemas/Command":            {`{}`},
		"/components/schemas/ChargePoint":        {`{"chargePointId":1}`},
		"/components/schemas/ResetRequest":       {`{"tipe":"soft"}`, `{"type":1}`, `{"timeoutSeconds":"5"}`},
		"/components/schemas/PutTokenRequest":    {`{"expiresAt":"tomorrow"}`, `{"status":"Maybe"}`},
		"/components/schemas/RemoteStartRequest": {`{"connectorId":[1]}`, `{"chargePointId":"CP001"}`},
	} {
		schema, err := schemaAt(place)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range wrong {
			var value any
			if err := json.Unmarshal([]byte(text), &value); err != nil {
				t.Fatal(err)
			}
			if schema.Validate(value) == nil {
				t.Errorf("%s takes %s", place, text)
			}
		}
	}
}
