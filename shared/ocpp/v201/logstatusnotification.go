package v201

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// logStatusNotification: OCPP 2.0.1 part 2, use case N01. requestId is that of GetLog, and absent when
// nothing is being uploaded.
type logStatusNotification struct {
	ocpp.Notice
	RequestID *int `json:"requestId"`
}

func (m logStatusNotification) Effects(received ocpp.Received) []ocpp.Effect {
	return received.Progress(report.Log, m.RequestID)
}
