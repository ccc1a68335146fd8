package operation_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/operation"
)

// A misspelt member is not ignored, where the decoder of the body alone would.
func TestShorthandRefusesUnknownMembers(t *testing.T) {
	for _, test := range []struct {
		body string
		into any
		says string
	}{
		{`{"variables":[{"variable":"a","atribute":"target"}]}`, new(operation.GetVariables), "'atribute' is not known"},
		{`{"variables":[{"variable":"a","Attribute":"target"}]}`, new(operation.GetVariables), "'Attribute' is not known"},
		{`{"idTokens":[{"idToken":"a","tipe":"eMAID"}]}`, new(operation.LocalList), "'tipe' is not known"},
		{`{"idTokens":[{"idToken":"a","idToken":"b"}]}`, new(operation.LocalList), "'idToken' is given twice"},
	} {
		if err := json.Unmarshal([]byte(test.body), test.into); !fault.Is(err, fault.Malformed) || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: got %v", test.body, err)
		}
	}
}
