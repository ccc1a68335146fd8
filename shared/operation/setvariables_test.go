package operation_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/operation"
)

// Specification: OCPP 1.6 sections 5.3 and 6.9; OCPP 2.x B05; A01.
func TestSetVariables(t *testing.T) {
	long := func(n int) string {
		return fmt.Sprintf(`{"variables":[{"variable":"HeartbeatInterval","value":%q}]}`, strings.Repeat("9", n))
	}
	const one = `{"variables":[{"variable":"HeartbeatInterval","value":"300"}]}`
	translations[operation.SetVariables]{
		{ocppj.V16, one, `ChangeConfiguration {"key":"HeartbeatInterval","value":"300"}`, ""},
		{ocppj.V16, `{"variables":[{"variable":"HeartbeatInterval","value":300},{"variable":"vendorsOwn","value":true},{"component":"OCPPCommCtrlr","variable":"ResetRetries","value":""}]}`,
			"ChangeConfiguration {\"key\":\"HeartbeatInterval\",\"value\":\"300\"}\nChangeConfiguration {\"key\":\"vendorsOwn\",\"value\":\"true\"}\nChangeConfiguration {\"key\":\"ResetRetries\",\"value\":\"\"}", ""},
		{ocppj.V16, `{"variables":[{"variable":"AuthorizationKey","value":"x"}]}`, "", fault.Conflict},
		{ocppj.V16, `{"variables":[{"variable":"authorizationkey","value":"x"}]}`, "", fault.Conflict},
		{ocppj.V16, `{"variables":[{"component":"ClockCtrlr","variable":"TimeZone","value":"x"}]}`, "", fault.Invalid},
		{ocppj.V16, `{"variables":[{"variable":"HeartbeatInterval"}]}`, "", fault.Malformed},
		{ocppj.V16, `{"variables":[{"variable":"HeartbeatInterval","value":{}}]}`, "", fault.Malformed},
		{ocppj.V16, `{"variables":[{"value":"x"}]}`, "", fault.Malformed},
		{ocppj.V16, `{}`, "", fault.Malformed},
		{ocppj.V16, long(501), "", fault.Invalid},

		{ocppj.V201, one, `SetVariables {"setVariableData":[{"attributeValue":"300","component":{"name":"OCPPCommCtrlr"},"variable":{"name":"HeartbeatInterval"}}]}`, ""},
		{ocppj.V201, `{"variables":[{"component":"ClockCtrlr","variable":"TimeZone","attribute":"target","value":"CET"},{"variable":"LocalPreAuthorize","value":false}]}`,
			`SetVariables {"setVariableData":[{"attributeType":"Target","attributeValue":"CET","component":{"name":"ClockCtrlr"},"variable":{"name":"TimeZone"}},{"attributeValue":"false","component":{"name":"AuthCtrlr"},"variable":{"name":"LocalPreAuthorize"}}]}`, ""},
		{ocppj.V201, `{"variables":[{"component":"SecurityCtrlr","variable":"BasicAuthPassword","value":"x"}]}`, "", fault.Conflict},
		{ocppj.V201, `{"variables":[{"variable":"vendorsOwn","value":"x"}]}`, "", fault.Invalid},
		{ocppj.V201, `{"variables":[{"component":"ClockCtrlr","variable":"TimeZone","attribute":"now","value":"x"}]}`, "", fault.Invalid},
		{ocppj.V201, long(1001), "", fault.Invalid},
		{ocppj.V21, `{"variables":[` + strings.Repeat(`{"variable":"ResetRetries","value":"1"},`, 100) + `{"variable":"ResetRetries","value":"1"}]}`, "", fault.Invalid},
		{ocppj.V21, long(1001), `SetVariables {"setVariableData":[{"attributeValue":"` + strings.Repeat("9", 1001) + `","component":{"name":"OCPPCommCtrlr"},"variable":{"name":"HeartbeatInterval"}}]}`, ""},
		{ocppj.V21, long(2501), "", fault.Invalid},
	}.test(t)
}

// Every configuration key that the documentation says to be shared is, and back.
func TestSharedVariables(t *testing.T) {
	for _, key := range strings.Fields(`HeartbeatInterval WebSocketPingInterval MeterValueSampleInterval MeterValuesSampledData StopTxnSampledData
		ClockAlignedDataInterval MeterValuesAlignedData StopTxnAlignedData ConnectionTimeOut LocalAuthListEnabled AuthorizationCacheEnabled LocalPreAuthorize
		LocalAuthorizeOffline AllowOfflineTxForUnknownId AuthorizeRemoteTxRequests StopTransactionOnInvalidId StopTransactionOnEVSideDisconnect
		MaxEnergyOnInvalidId ResetRetries TransactionMessageAttempts TransactionMessageRetryInterval`) {
		body := readInto[operation.GetVariables](t, `{"variables":["`+key+`"]}`)
		calls, err := body.Calls(ocppj.V201)
		if err != nil {
			t.Errorf("%s: %v", key, err)
			continue
		}
		data := calls[0].Payload.(map[string]any)["getVariableData"].([]map[string]any)[0]
		component, variable := data["component"].(map[string]any), data["variable"].(map[string]any)
		name := operation.VariableName{Component: component["name"].(string), Variable: variable["name"].(string)}
		if instance, ok := variable["instance"].(string); ok {
			name.Instance = instance
		}
		back := operation.GetVariables{Variables: []operation.VariableToGet{{VariableName: name}}}
		if calls, err = back.Calls(ocppj.V16); err != nil {
			t.Errorf("%s: %v", key, err)
		} else if got := lines(t, ocppj.V16, calls); got != `GetConfiguration {"key":["`+key+`"]}` {
			t.Errorf("%s became %s", key, got)
		}
	}
}
