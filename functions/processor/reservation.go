package main

import (
	"context"

	"github.com/serverless-ocpp/backend/shared/exactjson"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/journal"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/reservation"
)

// ends are what a charge point says became of a reservation (ReservationUpdateStatusEnumType; 2.1 adds NoTransaction: it
// was used, but nothing was charged).
var ends = map[string]reservation.State{
	"Expired":       reservation.Expired,
	"Removed":       reservation.Removed,
	"NoTransaction": reservation.Used,
}

// endReservation follows a ReservationStatusUpdate (OCPP 2.0.1 H03, H04).
func (e *Effects) endReservation(ctx context.Context, record journal.Record, frame ocppj.Frame) error {
	var update struct {
		ReservationID int    `json:"reservationId"`
		Status        string `json:"reservationUpdateStatus"`
	}
	if err := exactjson.Unmarshal(frame.Payload, &update); err != nil {
		return unlessInvalid(ctx, record, frame, fault.Wrap(fault.Invalid, err, "the reservation is left as it is"))
	}
	state, known := ends[update.Status]
	if !known {
		return nil // a word of a later version: the report has it
	}
	return e.Reservations.End(ctx, record.ChargePointID, update.ReservationID, state, "", record.ReceivedAt)
}
