package v201

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// reportChargingProfiles: OCPP 2.0.1 part 2, use case K09.
type reportChargingProfiles struct {
	ocpp.Notice
	RequestID int  `json:"requestId"`
	TBC       bool `json:"tbc"`
}

func (m reportChargingProfiles) Effects(received ocpp.Received) []ocpp.Effect {
	return received.UnnumberedPart(report.ChargingProfiles, m.RequestID, m.TBC)
}
