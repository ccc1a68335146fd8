package operation_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/shared/operation"
)

// A misspelt member is not ignored, where the decoder of the body alone would.
func TestShorthandRefusesUnknownMembers(t *testing.T) {
	for body, into := range map[string]any{
		`{"variables":[{"variable":"a","atribute":"target"}]}`: new(operation.GetVariables),
		`{"idTokens":[{"idToken":"a","tipe":"eMAID"}]}`:        new(operation.LocalList),
	} {
		if err := json.Unmarshal([]byte(body), into); err == nil || !strings.Contains(err.Error(), "unknown field") {
			t.Errorf("%s: got %v", body, err)
		}
	}
}
