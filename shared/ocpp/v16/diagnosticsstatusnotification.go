package v16

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// diagnosticsStatusNotification: OCPP 1.6 section 4.4. It does not say which GetDiagnostics it speaks of.
type diagnosticsStatusNotification struct{ ocpp.Notice }

func (diagnosticsStatusNotification) Effects(received ocpp.Received) []ocpp.Effect {
	return received.Progress(report.Diagnostics, nil)
}
