package v16

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// firmwareStatusNotification: OCPP 1.6 section 4.5. It does not say which UpdateFirmware it speaks of.
type firmwareStatusNotification struct{ ocpp.Notice }

func (firmwareStatusNotification) Effects(received ocpp.Received) []ocpp.Effect {
	return received.Progress(report.Firmware, nil)
}
