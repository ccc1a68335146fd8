package settings

import (
	"os"

	"github.com/serverless-ocpp/backend/shared/invocation"
	"github.com/serverless-ocpp/backend/shared/metric"
)

// Metrics makes the recorder of a function's metrics, which are lines of its log. The variable STACK_NAME tells the
// metrics of two stacks apart.
func (e *Environment) Metrics() *metric.Recorder {
	return metric.New(e.Required("STACK_NAME"), os.Stdout, invocation.Now)
}
