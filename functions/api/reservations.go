package main

import (
	"net/http"
	"time"

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
	found, next, err := listOf(a, r, a.Reservations.List, a.viewReservation)
	if err != nil {
		return answer{}, err
	}
	return reply(http.StatusOK, reservationList{found, next}), nil
}
