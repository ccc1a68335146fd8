package v21

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// notifyPeriodicEventStream: OCPP 2.1 part 2, message 1.54. A SEND: it is not answered, and so never repeated.
type notifyPeriodicEventStream struct {
	ocpp.Notice
	ID       int       `json:"id"`
	BaseTime ocpp.Time `json:"basetime"`
}

func (m notifyPeriodicEventStream) Effects(received ocpp.Received) []ocpp.Effect {
	return received.OccurrenceOf(report.EventStream, m.ID, m.BaseTime.Time)
}
