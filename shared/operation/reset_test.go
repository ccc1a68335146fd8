package operation_test

import (
	"testing"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/operation"
)

func TestReset(t *testing.T) {
	translations[operation.Reset]{
		{ocppj.V16, `{}`, `Reset {"type":"Soft"}`, ""},
		{ocppj.V16, `{"type":"hard"}`, `Reset {"type":"Hard"}`, ""},
		{ocppj.V16, `{"connector":1}`, "", fault.Invalid},
		{ocppj.V201, `{"type":"soft"}`, `Reset {"type":"OnIdle"}`, ""},
		{ocppj.V201, `{"type":"hard","connector":"2"}`, `Reset {"evseId":2,"type":"Immediate"}`, ""},
		{ocppj.V21, `{"type":"now"}`, "", fault.Invalid},
	}.test(t)
}
