package v201

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// publishFirmwareStatusNotification: OCPP 2.0.1 part 2, use case L03. requestId is that of PublishFirmware,
// and absent when nothing is being published.
type publishFirmwareStatusNotification struct {
	ocpp.Notice
	RequestID *int `json:"requestId"`
}

func (m publishFirmwareStatusNotification) Effects(received ocpp.Received) []ocpp.Effect {
	return received.Progress(report.PublishedFirmware, m.RequestID)
}
