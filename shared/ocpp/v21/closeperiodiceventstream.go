package v21

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// closePeriodicEventStream: OCPP 2.1 part 2, use case N13. It stands after what the stream brought.
type closePeriodicEventStream struct {
	ocpp.Notice
	ID int `json:"id"`
}

func (m closePeriodicEventStream) Effects(received ocpp.Received) []ocpp.Effect {
	return received.OccurrenceOf(report.EventStream, m.ID, received.At)
}
