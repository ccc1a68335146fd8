package operation_test

import (
	"testing"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/operation"
)

// Specification: OCPP 1.6 section 5.12; OCPP 2.0.1 F03.
func TestRemoteStop(t *testing.T) {
	translations[operation.RemoteStop]{
		{ocppj.V16, `{"transactionId":7}`, `RemoteStopTransaction {"transactionId":7}`, ""},
		{ocppj.V16, `{"transactionId":"7"}`, `RemoteStopTransaction {"transactionId":7}`, ""},
		{ocppj.V16, `{"transactionId":"4e2a"}`, "", fault.Invalid},
		{ocppj.V16, `{"transactionId":4294967296}`, "", fault.Invalid},
		{ocppj.V16, `{}`, "", fault.Malformed},
		{ocppj.V16, `{"transactionId":true}`, "", fault.Malformed},
		{ocppj.V201, `{"transactionId":"4e2a"}`, `RequestStopTransaction {"transactionId":"4e2a"}`, ""},
		{ocppj.V21, `{"transactionId":7}`, `RequestStopTransaction {"transactionId":"7"}`, ""},
	}.test(t)
	stop := readInto[operation.RemoteStop](t, `{"transactionId":7}`)
	if said := stop.Said().TransactionID; said != "7" {
		t.Errorf("said transaction %q", said)
	}
}
