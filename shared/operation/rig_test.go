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
		var got []string
		for _, call := range calls {
			payload, marshalErr := json.Marshal(call.Payload)
			if marshalErr != nil {
				t.Fatal(marshalErr)
			}
			if checkErr := callcheck.Check(test.version, call.Action, payload); checkErr != nil {
				t.Errorf("%s %s: %v", test.version, test.body, checkErr)
			}
			got = append(got, call.Action+" "+string(payload))
		}
		if strings.Join(got, "\n") != test.want || fault.CodeOf(err) != test.fault {
			t.Errorf("%s %s:\ngot  %s %v\nwant %s %s", test.version, test.body, strings.Join(got, "\n"), err, test.want, test.fault)
		}
	}
}
