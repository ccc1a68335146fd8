package v201

import (
	"strconv"

	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// notifyEVChargingNeeds: OCPP 2.0.1 part 2, use case K15. What an EV needs is kept, but nothing here
// calculates a schedule from it: Rejected says that the service is not available, and the EV charges without one.
type notifyEVChargingNeeds struct {
	ocpp.Plain
	EVSEID int `json:"evseId"`
}

func (notifyEVChargingNeeds) Answer(ocpp.Known) any {
	return ocpp.Unsupported("Rejected", "Schedules are not calculated from the needs of an EV.")
}

func (m notifyEVChargingNeeds) Effects(received ocpp.Received) []ocpp.Effect {
	return received.Report(report.ChargingNeeds, strconv.Itoa(m.EVSEID), received.At)
}
