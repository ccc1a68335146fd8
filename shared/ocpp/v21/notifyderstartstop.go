package v21

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// notifyDERStartStop: OCPP 2.1 part 2, message 1.48.
type notifyDERStartStop struct {
	ocpp.Notice
	Timestamp ocpp.Time `json:"timestamp"`
}

func (m notifyDERStartStop) Effects(received ocpp.Received) []ocpp.Effect {
	return received.Occurrence(report.DERStartStop, m.Timestamp.Time)
}
