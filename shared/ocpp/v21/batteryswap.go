package v21

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// batterySwap: OCPP 2.1 part 2, section S. The battery that comes in and the one that goes out are two
// messages with one request id, be it ours (S02) or the charge point's.
type batterySwap struct {
	ocpp.Notice
	RequestID int `json:"requestId"`
}

func (m batterySwap) Effects(received ocpp.Received) []ocpp.Effect {
	return received.UnnumberedPart(report.BatterySwap, m.RequestID, false)
}
