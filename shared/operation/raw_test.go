package operation_test

import (
	"testing"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/operation"
)

func TestRaw(t *testing.T) {
	translations[operation.Raw]{
		{ocppj.V16, `{"action":"ClearCache"}`, `ClearCache {}`, ""},
		{ocppj.V16, `{"action":"Reset","payload":{"type":"Soft"}}`, `Reset {"type":"Soft"}`, ""},
		{ocppj.V16, `{"payload":{}}`, "", fault.Malformed},
		{ocppj.V16, `{"action":"ChangeConfiguration","payload":{"key":"AuthorizationKey","value":"00"}}`, "", fault.Conflict},
		{ocppj.V16, `{"action":"ChangeConfiguration","payload":{"key":"HeartbeatInterval","value":"300"}}`,
			`ChangeConfiguration {"key":"HeartbeatInterval","value":"300"}`, ""},
		{ocppj.V201, `{"action":"SetVariables","payload":{"setVariableData":[{"component":{"name":"SecurityCtrlr"},` +
			`"variable":{"name":"BasicAuthPassword"},"attributeValue":"0123456789abcdef"}]}}`, "", fault.Conflict},
	}.test(t)
}
