package v201

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// reservationStatusUpdate: OCPP 2.0.1 part 2, section H. A reservation is over by it, without a transaction.
type reservationStatusUpdate struct {
	ocpp.Notice
	ReservationID int `json:"reservationId"`
}

func (m reservationStatusUpdate) Effects(received ocpp.Received) []ocpp.Effect {
	return received.Progress(report.Reservation, &m.ReservationID)
}
