package v16

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// signedFirmwareStatusNotification: Improved security for OCPP 1.6-J, section 5. requestId is that of
// SignedUpdateFirmware, and absent when nothing is being updated.
type signedFirmwareStatusNotification struct {
	ocpp.Notice
	RequestID *int `json:"requestId"`
}

func (m signedFirmwareStatusNotification) Effects(received ocpp.Received) []ocpp.Effect {
	return received.Progress(report.Firmware, m.RequestID)
}
