package main

import (
	"context"
	"net/http"
	"time"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/reservation"
)

// reservationView is a connector that is kept free for an id token.
type reservationView struct {
	ReservationID int               `json:"reservationId"`
	ChargePointID string            `json:"chargePointId"`
	Connector     string            `json:"connector"` // as in the list of connectors; "0": any
	IDToken       string            `json:"idToken"`
	GroupID       string            `json:"groupId,omitempty"`
	ExpiresAt     time.Time         `json:"expiresAt"`
	State         reservation.State `json:"state"`
	CommandID     string            `json:"commandId"`               // that asked for it
	TransactionID string            `json:"transactionId,omitempty"` // that used it
	ChangedAt     time.Time         `json:"changedAt,omitzero"`
}

// reservationList is a page of reservations.
type reservationList struct {
	Reservations []reservationView `json:"reservations"`
	NextCursor   string            `json:"nextCursor,omitempty"`
}

func (a *API) viewReservation(r reservation.Reservation) reservationView {
	return reservationView{
		ReservationID: r.ID, ChargePointID: r.ChargePointID, Connector: r.Connector, IDToken: r.IDToken, GroupID: r.GroupID,
		ExpiresAt: r.ExpiresAt, State: r.StateAt(a.Now()), CommandID: r.CommandID, TransactionID: r.TransactionID, ChangedAt: r.ChangedAt,
	}
}

func (a *API) listReservations(r *http.Request) (answer, error) {
	found, next, err := listOf(a, r, a.reservations, a.viewReservation)
	if err != nil {
		return answer{}, err
	}
	return reply(http.StatusOK, reservationList{found, next}), nil
}

// reservations is a page of reservations as they are, and not as they were noted: only an answer of the charge point moves one that
// is requested, and a command that ended while it waited has none.
func (a *API) reservations(ctx context.Context, chargePointID, cursor string, limit int) (page []reservation.Reservation, next string, err error) {
	page, next, err = a.Reservations.List(ctx, chargePointID, cursor, limit)
	for i := range page {
		if err != nil {
			break
		}
		page[i], err = a.asAsked(ctx, page[i])
	}
	return page, next, err
}

// asAsked is a reservation with what became of the command that asks for it.
func (a *API) asAsked(ctx context.Context, r reservation.Reservation) (reservation.Reservation, error) {
	if r.StateAt(a.Now()) != reservation.Requested {
		return r, nil
	}
	asks, err := a.Commands.Get(ctx, r.ChargePointID, r.CommandID)
	if err != nil && !fault.Is(err, fault.NotFound) { // it is about to be stored, or the request ended before
		return r, err
	}
	switch stateAt(asks, a.Now()) {
	case command.Expired:
		r.State = reservation.Rejected
	case command.Cancelled:
		r.State = reservation.Cancelled
	case command.Queued, command.Sent, command.TimedOut, command.InvalidResult: // it may be held
	case command.Accepted, command.Rejected, command.CallError: // the answer is about to move it
	}
	return r, nil
}
