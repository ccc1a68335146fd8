package v21

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// notifyDERAlarm: OCPP 2.1 part 2, message 1.47.
type notifyDERAlarm struct {
	ocpp.Notice
	Timestamp ocpp.Time `json:"timestamp"`
}

func (m notifyDERAlarm) Effects(received ocpp.Received) []ocpp.Effect {
	return received.Occurrence(report.DERAlarm, m.Timestamp.Time)
}
