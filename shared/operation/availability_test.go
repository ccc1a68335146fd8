package operation_test

import (
	"testing"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/operation"
)

// Specification: OCPP 1.6 sections 5.2 and 6.7; OCPP 2.x G03, G04.
func TestAvailability(t *testing.T) {
	translations[operation.Availability]{
		{ocppj.V16, `{"operative":false}`, `ChangeAvailability {"connectorId":0,"type":"Inoperative"}`, ""},
		{ocppj.V16, `{"operative":true,"connector":2}`, `ChangeAvailability {"connectorId":2,"type":"Operative"}`, ""},
		{ocppj.V16, `{"operative":true,"connector":"2#1"}`, "", fault.Invalid},
		{ocppj.V16, `{}`, "", fault.Malformed},
		{ocppj.V201, `{"operative":false}`, `ChangeAvailability {"operationalStatus":"Inoperative"}`, ""},
		{ocppj.V201, `{"operative":false,"connector":0}`, `ChangeAvailability {"operationalStatus":"Inoperative"}`, ""},
		{ocppj.V201, `{"operative":true,"connector":"2"}`, `ChangeAvailability {"evse":{"id":2},"operationalStatus":"Operative"}`, ""},
		{ocppj.V21, `{"operative":true,"connector":"2#1"}`, `ChangeAvailability {"evse":{"connectorId":1,"id":2},"operationalStatus":"Operative"}`, ""},
		{ocppj.V21, `{"connector":"2"}`, "", fault.Malformed},
	}.test(t)
}
