package schemas

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Every document stands on its own: a validator that sees nothing else finds all that it refers to.
func TestDocumentsAreWhole(t *testing.T) {
	for _, version := range []ocppj.Version{ocppj.V16, ocppj.V201, ocppj.V21} {
		for _, action := range Actions(version) {
			document, err := DocumentOf(version, action)
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(document)
			if err != nil {
				t.Fatal(err)
			}
			sender, _ := Known(version, action)
			if document.SentBy != sender.String() || (document.Response != nil) != Answered(version, action) {
				t.Errorf("%s %s: sent by %s, with an answer: %v", version, action, document.SentBy, document.Response != nil)
			}
			for _, message := range []string{"request", "response"} {
				if message == "response" && document.Response == nil {
					continue
				}
				compiler := jsonschema.NewCompiler()
				if err := compiler.AddResource("mem:///document.json", bytes.NewReader(text)); err != nil {
					t.Fatal(err)
				}
				if _, err := compiler.Compile("mem:///document.json#/" + message); err != nil {
					t.Errorf("%s %s %s: %v", version, action, message, err)
				}
			}
		}
	}
}

func TestDocumentOfUnknownAction(t *testing.T) {
	for version, action := range map[ocppj.Version]string{ocppj.V16: "NotifyReport", "ocpp3": "Reset"} {
		if _, err := DocumentOf(version, action); !errors.Is(err, ErrUnknownAction) {
			t.Errorf("%s %s: %v", version, action, err)
		}
	}
}
