package operation_test

import (
	"testing"

	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/operation"
)

// Specification: OCPP 1.6 sections 5.4 and 6.11; OCPP 2.x C11.
func TestClearCache(t *testing.T) {
	translations[operation.ClearCache]{
		{ocppj.V16, `{}`, `ClearCache {}`, ""},
		{ocppj.V201, `{}`, `ClearCache {}`, ""},
		{ocppj.V21, `{}`, `ClearCache {}`, ""},
	}.test(t)
}
