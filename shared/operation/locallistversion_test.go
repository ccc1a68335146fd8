package operation_test

import (
	"testing"

	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/operation"
)

// Specification: OCPP 1.6 sections 5.10 and 6.27; OCPP 2.x D02.
func TestLocalListVersion(t *testing.T) {
	translations[operation.LocalListVersion]{
		{ocppj.V16, `{}`, `GetLocalListVersion {}`, ""},
		{ocppj.V201, `{}`, `GetLocalListVersion {}`, ""},
		{ocppj.V21, `{}`, `GetLocalListVersion {}`, ""},
	}.test(t)
}
