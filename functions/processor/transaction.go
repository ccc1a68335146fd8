package main

import (
	"context"
	"strings"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/journal"
	"github.com/serverless-ocpp/backend/shared/reservation"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// tries is how often a lost race for a transaction's record is run again. The queue lets one message
// of a charge point through at a time, so that a second loss is rare already.
const tries = 3

// transaction applies an event to its transaction, and returns the record after it.
func (e *Effects) transaction(ctx context.Context, record journal.Record, event transaction.Event) (transaction.Transaction, error) {
	if err := e.Readings.Add(ctx, record.ChargePointID, event.TransactionID, event.Connector, event.Readings); err != nil {
		return transaction.Transaction{}, err
	}
	named := mayName(record.Protocol, event)
	after, err := e.change(ctx, record.ChargePointID, event.TransactionID, func(before transaction.Transaction) (after transaction.Transaction, write bool, err error) {
		before.Protocol = record.Protocol
		if named && before.CommandID == "" {
			before.CommandID, err = e.ledBy(ctx, record.ChargePointID, event)
		}
		return before.Apply(event), true, err
	})
	if err != nil {
		return after, err
	}
	if named && after.CommandID != "" {
		if err := e.link(ctx, after); err != nil {
			return after, err
		}
	}
	if event.ReservationID != nil {
		if err := e.Reservations.End(ctx, record.ChargePointID, *event.ReservationID, reservation.Used, after.ID, record.ReceivedAt); err != nil {
			return after, err
		}
	}
	return after, e.occupy(ctx, after, event.Kind)
}

// occupy follows which transaction runs on which EVSE. One that is still running where another begins
// has lost its end: it stays open, with a doubt.
func (e *Effects) occupy(ctx context.Context, t transaction.Transaction, kind transaction.EventKind) error {
	evse, _, _ := strings.Cut(t.Connector, "#")
	switch {
	case evse == "":
		return nil
	case kind == transaction.EventEnded:
		return e.Connectors.Vacate(ctx, t.ChargePointID, evse, t.ID)
	case kind != transaction.EventStarted || t.State == transaction.Ended:
		return nil
	}
	stale, err := e.Connectors.Occupy(ctx, t.ChargePointID, evse, t.ID, t.StartedAt)
	if err != nil || stale == "" {
		return err
	}
	_, err = e.change(ctx, t.ChargePointID, stale, func(before transaction.Transaction) (after transaction.Transaction, write bool, err error) {
		return before.Supersede(t.ID), before.Revision > 0 && before.SupersededBy == "", nil
	})
	return err
}

// change reads a transaction, which may not exist yet, and writes what becomes of it if it is to be written.
func (e *Effects) change(ctx context.Context, chargePointID, id string, change func(transaction.Transaction) (after transaction.Transaction, write bool, err error)) (transaction.Transaction, error) {
	for try := 1; ; try++ {
		before, err := e.Transactions.Get(ctx, chargePointID, id)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return before, err
		}
		before.ChargePointID = chargePointID
		after, write, err := change(before)
		if err != nil || !write {
			return before, err
		}
		err = e.Transactions.Put(ctx, after)
		if err == nil || !fault.Is(err, fault.Conflict) || try == tries {
			return after, err
		}
	}
}
