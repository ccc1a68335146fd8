package operation_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/shared/command/callcheck"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/operation"
)

// translations are what bodies of an operation become in the versions, "Action {payload}" with the members in
// alphabetic order and a line per CALL, or the error that they are.
type translations[Body any] []struct {
	version ocppj.Version
	body    string
	want    string
	fault   fault.Code
}

// test translates each body, and checks every CALL against its schema.
func (table translations[Body]) test(t *testing.T) {
	t.Helper()
	for _, test := range table {
		body := any(new(Body)).(operation.Operation)
		var calls []operation.Call
		err := json.Unmarshal([]byte(test.body), body)
		if err == nil {
			calls, err = body.Calls(test.version)
		}
		got := lines(t, test.version, calls)
		if got != test.want || fault.CodeOf(err) != test.fault {
			t.Errorf("%s %s:\ngot  %s %v\nwant %s %s", test.version, test.body, got, err, test.want, test.fault)
		}
	}
}

// lines writes CALLs as translations have them, and checks each against its schema.
func lines(t *testing.T, version ocppj.Version, calls []operation.Call) string {
	t.Helper()
	all := make([]string, len(calls))
	for i, call := range calls {
		payload, err := json.Marshal(call.Payload)
		if err != nil {
			t.Fatal(err)
		}
		if err := callcheck.Check(version, call.Action, payload); err != nil {
			t.Errorf("%s %s %s: %v", version, call.Action, payload, err)
		}
		all[i] = call.Action + " " + string(payload)
	}
	return strings.Join(all, "\n")
}
