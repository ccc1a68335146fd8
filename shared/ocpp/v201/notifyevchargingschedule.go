package v201

import (
	"strconv"

	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// notifyEVChargingSchedule: OCPP 2.0.1 part 2, use case K15. Rejected would begin another negotiation
// with the EV, which could end no better: the charge point itself keeps it within the limits that it has.
type notifyEVChargingSchedule struct {
	ocpp.Plain
	TimeBase ocpp.Time `json:"timeBase"`
	EVSEID   int       `json:"evseId"`
}

func (notifyEVChargingSchedule) Answer(ocpp.Known) any { return ocpp.Verdict{Status: "Accepted"} }

func (m notifyEVChargingSchedule) Effects(received ocpp.Received) []ocpp.Effect {
	return received.Report(report.ChargingSchedule, strconv.Itoa(m.EVSEID), m.TimeBase.Time)
}
