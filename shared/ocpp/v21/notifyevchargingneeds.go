package v21

import (
	"strconv"

	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// notifyEVChargingNeeds: OCPP 2.1 part 2, use case K15. What an EV needs is kept, but nothing here
// calculates a schedule from it. 2.1 has a word for that, where 2.0.1 can only reject.
type notifyEVChargingNeeds struct {
	ocpp.Plain
	EVSEID    int        `json:"evseId"`
	Timestamp *ocpp.Time `json:"timestamp"`
}

func (notifyEVChargingNeeds) Answer(ocpp.Known) any { return ocpp.Verdict{Status: "NoChargingProfile"} }

func (m notifyEVChargingNeeds) Effects(received ocpp.Received) []ocpp.Effect {
	return received.Report(report.ChargingNeeds, strconv.Itoa(m.EVSEID), m.Timestamp.Or(received.At))
}
