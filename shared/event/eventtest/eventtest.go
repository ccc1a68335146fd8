// Package eventtest checks events in tests against what integrators are promised: the JSON Schemas in schemas/events.
package eventtest

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/serverless-ocpp/backend/shared/event"
)

// Folder has the schemas, a file per event.
func Folder() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "..", "schemas", "events")
}

// Check reports an event whose JSON is not as its schema says, or that has a member which the schema does not tell of.
func Check(t testing.TB, e event.Event) {
	t.Helper()
	document, err := json.Marshal(e)
	if err != nil {
		t.Errorf("event %s: %v", e.Name, err)
		return
	}
	if err := Validate(e.Name, document); err != nil {
		t.Errorf("event %s: %s: %v", e.Name, document, err)
	}
}

// Validate compares a document with the schema of an event.
func Validate(name event.Name, document []byte) error {
	schema, err := closed(name)
	if err != nil {
		return err
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat = true
	if err := compiler.AddResource("event.json", bytes.NewReader(schema)); err != nil {
		return err
	}
	compiled, err := compiler.Compile("event.json")
	if err != nil {
		return err
	}
	var value any
	if err := json.Unmarshal(document, &value); err != nil {
		return err
	}
	return compiled.Validate(value)
}

// closed reads a schema and forbids members that it does not name, and "" for one that is not known. As published it allows the
// first, for members may be added in a later version, and does not speak of the other.
func closed(name event.Name) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(Folder(), string(name)+".json"))
	if err != nil {
		return nil, err
	}
	var schema map[string]any
	if err := json.Unmarshal(text, &schema); err != nil {
		return nil, err
	}
	schema["additionalProperties"] = false
	if data, ok := schema["properties"].(map[string]any)["data"].(map[string]any); ok {
		data["additionalProperties"] = false
		members, _ := data["properties"].(map[string]any)
		for _, member := range members {
			if member, ok := member.(map[string]any); ok && member["type"] == "string" {
				member["minLength"] = 1
			}
		}
	}
	return json.Marshal(schema)
}
