package operation_test

import (
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/operation"
)

// Specification: OCPP 1.6 sections 5.8, 6.23 and 9; OCPP 2.x B06.
func TestGetVariables(t *testing.T) {
	long := strings.Repeat("n", 51)
	translations[operation.GetVariables]{
		{ocppj.V16, `{}`, `GetConfiguration {}`, ""},
		{ocppj.V16, `{"variables":["HeartbeatInterval",{"variable":"vendorsOwn","attribute":"actual"}]}`, `GetConfiguration {"key":["HeartbeatInterval","vendorsOwn"]}`, ""},
		{ocppj.V16, `{"variables":[{"component":"txctrlr","variable":"EVConnectionTimeOut"}]}`, `GetConfiguration {"key":["ConnectionTimeOut"]}`, ""},
		{ocppj.V16, `{"variables":[{"component":"ClockCtrlr","variable":"DateTime"}]}`, "", fault.Invalid},
		{ocppj.V16, `{"variables":[{"variable":"HeartbeatInterval","connector":1}]}`, "", fault.Invalid},
		{ocppj.V16, `{"variables":[{"variable":"HeartbeatInterval","attribute":"maxSet"}]}`, "", fault.Invalid},
		{ocppj.V16, `{"variables":["` + long + `"]}`, "", fault.Invalid},
		{ocppj.V16, `{"variables":[{}]}`, "", fault.Malformed},
		{ocppj.V16, `{"variables":[` + strings.Repeat(`"a",`, 100) + `"a"]}`, "", fault.Invalid},

		{ocppj.V201, `{}`, "", fault.Malformed},
		{ocppj.V201, `{"variables":["heartbeatinterval"]}`, `GetVariables {"getVariableData":[{"component":{"name":"OCPPCommCtrlr"},"variable":{"name":"HeartbeatInterval"}}]}`, ""},
		{ocppj.V201, `{"variables":["TransactionMessageAttempts"]}`, `GetVariables {"getVariableData":[{"component":{"name":"OCPPCommCtrlr"},"variable":{"instance":"TransactionEvent","name":"MessageAttempts"}}]}`, ""},
		{ocppj.V201, `{"variables":["vendorsOwn"]}`, "", fault.Invalid},
		{ocppj.V201, `{"variables":[{"variable":"HeartbeatInterval","connector":1}]}`, "", fault.Invalid},
		{ocppj.V201, `{"variables":[{"component":"ClockCtrlr"}]}`, "", fault.Malformed},
		{ocppj.V201, `{"variables":[{"component":"` + long + `","variable":"a"}]}`, "", fault.Invalid},
		{ocppj.V201, `{"variables":[{"component":"ClockCtrlr","variable":"DateTime","attribute":"Actual"}]}`, "", fault.Invalid},
		{ocppj.V21, `{"variables":[{"component":"Connector","componentInstance":"left","connector":"1#2","variable":"AvailabilityState","instance":"x","attribute":"maxSet"}]}`,
			`GetVariables {"getVariableData":[{"attributeType":"MaxSet","component":{"evse":{"connectorId":2,"id":1},"instance":"left","name":"Connector"},"variable":{"instance":"x","name":"AvailabilityState"}}]}`, ""},
	}.test(t)
}
