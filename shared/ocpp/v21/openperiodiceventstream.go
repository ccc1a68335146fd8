package v21

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// openPeriodicEventStream: OCPP 2.1 part 2, use case N11. What the stream will bring is kept, so it is
// accepted. The message says which monitor the numbers come from, and stands before them under the stream's id.
type openPeriodicEventStream struct {
	ocpp.Plain
	Stream struct {
		ID int `json:"id"`
	} `json:"constantStreamData"`
}

func (openPeriodicEventStream) Answer(ocpp.Known) any { return ocpp.Verdict{Status: "Accepted"} }

func (m openPeriodicEventStream) Effects(received ocpp.Received) []ocpp.Effect {
	return received.OccurrenceOf(report.EventStream, m.Stream.ID, received.At)
}
