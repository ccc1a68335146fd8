package dynamo

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/dynamo/expression"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/reservation"
)

// Reservations is the ReservationTable, one item per reservation:
//
//	chargePointId  S  partition key
//	reservationId  S  sort key: ten digits
//	connector      S  0 is any
//	idToken, groupId  S
//	expiresAt      S
//	state          S  requested, reserved, rejected, used, cancelled, removed, expired; see also reservation.StateAt
//	commandId      S  that asked for it
//	transactionId  S  that used it
//	changedAt      S
type Reservations struct{ table }

// NewReservations opens the ReservationTable.
func NewReservations(api *dynamodb.Client, tableName string) *Reservations {
	return &Reservations{open(api, tableName, "chargePointId", "reservationId")}
}

var _ reservation.Store = (*Reservations)(nil)

type reservationItem struct {
	ChargePointID string            `dynamodbav:"chargePointId"`
	ReservationID string            `dynamodbav:"reservationId"`
	Connector     string            `dynamodbav:"connector,omitempty"`
	IDToken       string            `dynamodbav:"idToken,omitempty"`
	GroupID       string            `dynamodbav:"groupId,omitempty"`
	ExpiresAt     time.Time         `dynamodbav:"expiresAt,omitempty"`
	State         reservation.State `dynamodbav:"state"`
	CommandID     string            `dynamodbav:"commandId,omitempty"`
	TransactionID string            `dynamodbav:"transactionId,omitempty"`
	ChangedAt     time.Time         `dynamodbav:"changedAt,omitempty"`
}

// reservationKey has as many digits as a number of 31 bits, so that ids sort as numbers.
func reservationKey(id int) string { return fmt.Sprintf("%010d", id) }

func (t *Reservations) row(chargePointID string, id int) row {
	return row{
		key:  item{t.hash: text(chargePointID), t.sort: text(reservationKey(id))},
		name: fmt.Sprintf("reservation %d of charge point %s", id, chargePointID),
	}
}

// undecided are the states in which a reservation can still be ended.
func undecided() expression.Condition {
	return name("state").In(value(string(reservation.Requested)), value(string(reservation.Reserved)))
}

// Put implements reservation.Store. Noting again what a command asks for does not undo its answer.
func (t *Reservations) Put(ctx context.Context, r reservation.Reservation) error {
	encoded, err := encode(reservationItem{
		ChargePointID: r.ChargePointID, ReservationID: reservationKey(r.ID), Connector: r.Connector, IDToken: r.IDToken, GroupID: r.GroupID,
		ExpiresAt: r.ExpiresAt, State: r.State, CommandID: r.CommandID, TransactionID: r.TransactionID, ChangedAt: r.ChangedAt,
	})
	if err != nil {
		return err
	}
	replaceable := absent(t.hash).
		Or(name("commandId").NotEqual(value(r.CommandID))).
		Or(name("state").Equal(value(string(reservation.Requested))))
	_, err = t.put(ctx, t.row(r.ChargePointID, r.ID).name, encoded, replaceable)
	return err
}

// Answered implements reservation.Store.
func (t *Reservations) Answered(ctx context.Context, chargePointID string, id int, commandID string, accepted bool, at time.Time) error {
	state := reservation.Rejected
	if accepted {
		state = reservation.Reserved
	}
	asked := name("commandId").Equal(value(commandID)).And(name("state").Equal(value(string(reservation.Requested))))
	return t.move(ctx, t.row(chargePointID, id), asked, expression.Set(name("state"), value(string(state))).Set(name("changedAt"), value(at)))
}

// End implements reservation.Store. fault.Invalid for a state that is not final.
func (t *Reservations) End(ctx context.Context, chargePointID string, id int, state reservation.State, transactionID string, at time.Time) error {
	r := t.row(chargePointID, id)
	switch state {
	case reservation.Requested, reservation.Reserved:
		return fault.New(fault.Invalid, "%s cannot end as %s", r.name, state)
	case reservation.Rejected, reservation.Used, reservation.Cancelled, reservation.Removed, reservation.Expired:
	}
	change := expression.Set(name("state"), value(string(state))).Set(name("changedAt"), value(at))
	if transactionID != "" {
		change = change.Set(name("transactionId"), value(transactionID))
	}
	return t.move(ctx, r, undecided(), change)
}

// move changes a reservation if its state takes the change; else it is left alone.
func (t *Reservations) move(ctx context.Context, r row, condition expression.Condition, change expression.Update) error {
	_, _, err := t.update(ctx, r, condition, change, types.ReturnValueNone)
	return err
}

// List implements reservation.Store.
func (t *Reservations) List(ctx context.Context, chargePointID, cursor string, limit int) (reservations []reservation.Reservation, next string, err error) {
	items, next, err := t.query(ctx, chargePointID, descending, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	for _, stored := range items {
		row, err := decode[reservationItem](stored)
		if err != nil {
			return nil, "", err
		}
		id, err := strconv.Atoi(row.ReservationID)
		if err != nil {
			return nil, "", fault.Wrap(fault.Internal, err, "reservation %q of charge point %s has no number", row.ReservationID, chargePointID)
		}
		reservations = append(reservations, reservation.Reservation{
			ChargePointID: row.ChargePointID, ID: id, Connector: row.Connector, IDToken: row.IDToken, GroupID: row.GroupID,
			ExpiresAt: row.ExpiresAt, State: row.State, CommandID: row.CommandID, TransactionID: row.TransactionID, ChangedAt: row.ChangedAt,
		})
	}
	return reservations, next, nil
}
