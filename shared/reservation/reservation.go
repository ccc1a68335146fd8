// Package reservation is the vocabulary of reservations: a connector kept free for an id token.
package reservation

import (
	"context"
	"time"
)

// State of a reservation.
//
//	requested ── accept ──> reserved ──> used | cancelled | removed | expired
//	    └────── reject ──> rejected
type State string

const (
	Requested State = "requested" // the charge point has not answered
	Reserved  State = "reserved"
	Rejected  State = "rejected"  // it did not agree, or could not be asked
	Used      State = "used"      // a transaction began on it
	Cancelled State = "cancelled" // by us
	Removed   State = "removed"   // by the charge point (2.x ReservationStatusUpdate)
	Expired   State = "expired"
)

// Reservation is one row of the ReservationTable.
type Reservation struct {
	ChargePointID string
	ID            int    // the reservationId of OCPP
	Connector     string // as in chargepoint.Connector; "0": any
	IDToken       string
	GroupID       string
	ExpiresAt     time.Time
	State         State
	CommandID     string // the command that asked for it
	TransactionID string // that used it
	ChangedAt     time.Time
}

// StateAt tells a reservation that has run out from one that holds: the charge points of 1.6 never say so.
func (r Reservation) StateAt(now time.Time) State {
	if (r.State == Requested || r.State == Reserved) && !now.Before(r.ExpiresAt) {
		return Expired
	}
	return r.State
}

// Store keeps reservations.
type Store interface {
	// Put notes a reservation that is being asked for. One of the same id is replaced, as a charge point does
	// (OCPP 1.6 section 5.13, OCPP 2.0.1 H01.FR.02).
	Put(ctx context.Context, r Reservation) error
	// Answered moves a requested reservation to reserved or rejected, if it is still that command's. Repeating
	// it changes nothing; a reservation that nobody knows is no error.
	Answered(ctx context.Context, chargePointID string, id int, commandID string, accepted bool, at time.Time) error
	// End moves a reservation that is requested or reserved to a final state; one that is final already, or that
	// nobody knows, is left alone. transactionID is for Used, else "".
	End(ctx context.Context, chargePointID string, id int, state State, transactionID string, at time.Time) error
	// List returns a page of a charge point's reservations, those with the highest id first.
	List(ctx context.Context, chargePointID, cursor string, limit int) (reservations []Reservation, next string, err error)
}
