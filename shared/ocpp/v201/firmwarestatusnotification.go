package v201

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// firmwareStatusNotification: OCPP 2.0.1 part 2, use cases L01 and L02. requestId is that of UpdateFirmware,
// and absent when nothing is being updated.
type firmwareStatusNotification struct {
	ocpp.Notice
	RequestID *int `json:"requestId"`
}

func (m firmwareStatusNotification) Effects(received ocpp.Received) []ocpp.Effect {
	return received.Progress(report.Firmware, m.RequestID)
}
