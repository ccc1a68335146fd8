package operation_test

import (
	"testing"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/operation"
)

// Specification: OCPP 1.6 sections 5.18 and 6.53; OCPP 2.x F05.
func TestUnlock(t *testing.T) {
	translations[operation.Unlock]{
		{ocppj.V16, `{"connector":1}`, `UnlockConnector {"connectorId":1}`, ""},
		{ocppj.V16, `{"connector":"1#1"}`, "", fault.Invalid},
		{ocppj.V16, `{"connector":0}`, "", fault.Invalid},
		{ocppj.V16, `{}`, "", fault.Malformed},
		{ocppj.V201, `{"connector":"2"}`, `UnlockConnector {"connectorId":1,"evseId":2}`, ""},
		{ocppj.V21, `{"connector":"2#3"}`, `UnlockConnector {"connectorId":3,"evseId":2}`, ""},
		{ocppj.V21, `{"connector":"0"}`, "", fault.Invalid},
	}.test(t)
}
