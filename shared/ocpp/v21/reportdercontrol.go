package v21

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// reportDERControl: OCPP 2.1 part 2, message 1.64.
type reportDERControl struct {
	ocpp.Notice
	RequestID int  `json:"requestId"`
	TBC       bool `json:"tbc"`
}

func (m reportDERControl) Effects(received ocpp.Received) []ocpp.Effect {
	return received.UnnumberedPart(report.DERControl, m.RequestID, m.TBC)
}
