package main

import (
	"context"
	"reflect"
	"strings"
	"time"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/journal"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/reservation"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// tries is how often a lost race for a transaction's record is run again. The queue lets one message
// of a charge point through at a time, so that a second loss is rare already.
const tries = 3

// transaction applies an event to its transaction, and returns the record after it.
func (e *Effects) transaction(ctx context.Context, record journal.Record, event transaction.Event) (transaction.Transaction, error) {
	named := mayName(record.Protocol, event)
	after, err := e.change(ctx, record.ChargePointID, event.TransactionID, justBegun(record, event), func(before transaction.Transaction) (after transaction.Transaction, write bool, err error) {
		after = before
		after.Protocol = record.Protocol
		if named && before.CommandID == "" {
			if after.CommandID, err = e.ledBy(ctx, record.ChargePointID, event); err != nil {
				return before, false, err
			}
		}
		read, err := e.read(ctx, before, event)
		after = after.ApplyAll(read).Apply(event)
		return after, !reflect.DeepEqual(after, before), err // of an event that comes again the revision is the same
	})
	if err != nil {
		return after, err
	}
	// Only now, for rows from before events had keys of their own hold what was read above, and an end may bring readings again.
	if err := e.Readings.Add(ctx, record.ChargePointID, event.TransactionID, event.Connector, event.Readings); err != nil {
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
	return after, e.occupy(ctx, record, after, event.Kind)
}

// read returns the events that were kept with their readings alone: the record takes them in when it changes for another
// reason. A start has none before it; one that is told late finds them when the record is read, or ends. What is told of a transaction that
// has ended is rare, and may be the last of it, so it takes all in.
func (e *Effects) read(ctx context.Context, before transaction.Transaction, event transaction.Event) ([]transaction.Event, error) {
	if before.State != transaction.Ended && (event.Kind == transaction.EventStarted || event.Periodic) {
		return nil, nil
	}
	return e.Readings.Events(ctx, before.ChargePointID, event.TransactionID, time.Time{})
}

// justBegun is what the record most probably is, which saves reading it: nearly every start is the first that is heard
// of its transaction. In 1.6 its id was claimed before the answer (transaction.Store.Begin), which was the first write.
func justBegun(record journal.Record, event transaction.Event) *transaction.Transaction {
	if event.Kind != transaction.EventStarted {
		return nil
	}
	begun := transaction.Transaction{ID: event.TransactionID}
	if ocppj.Version(record.Protocol) == ocppj.V16 {
		begun.Revision = 1
	}
	return &begun
}

// occupy follows which transaction runs on which EVSE. A start that is told behind its own end takes the place, and leaves it.
func (e *Effects) occupy(ctx context.Context, record journal.Record, t transaction.Transaction, kind transaction.EventKind) error {
	evse, _, _ := strings.Cut(t.Connector, "#")
	if evse == "" || kind == transaction.EventUpdated {
		return nil
	}
	if kind == transaction.EventStarted {
		if err := e.supersede(ctx, record, t, evse); err != nil {
			return err
		}
	}
	if t.State == transaction.Ended {
		return e.Connectors.Vacate(ctx, t.ChargePointID, evse, t.ID)
	}
	return nil
}

// supersede has a transaction take the place of another one on its EVSE. One that is still running where another begins has
// lost its end: it stays open, with a doubt, until that comes after all. Of two the one that began later takes the place, whichever is
// heard of first. No start is later than its message: a clock that was ahead once would have all after it be the older ones.
func (e *Effects) supersede(ctx context.Context, record journal.Record, t transaction.Transaction, evse string) error {
	startedAt := t.StartedAt
	if startedAt.After(record.ReceivedAt) {
		startedAt = record.ReceivedAt
	}
	before, after, err := e.Connectors.Occupy(ctx, t.ChargePointID, evse, t.ID, startedAt)
	if err != nil {
		return err
	}
	stale, by := before, t.ID
	if after != "" {
		stale, by = t.ID, after
	}
	if stale == "" || stale == t.ID && t.State == transaction.Ended {
		return nil
	}
	_, err = e.change(ctx, t.ChargePointID, stale, nil, func(before transaction.Transaction) (after transaction.Transaction, write bool, err error) {
		return before.Supersede(by), before.Revision > 0 && before.State != transaction.Ended && before.SupersededBy == "", nil
	})
	return err
}

// change reads a transaction, which may not exist yet, writes what becomes of it if it is to be written, and returns what is
// stored then. A guess at what it is saves the reading, once: if it is wrong nothing is written.
func (e *Effects) change(ctx context.Context, chargePointID, id string, guess *transaction.Transaction, change func(transaction.Transaction) (after transaction.Transaction, write bool, err error)) (transaction.Transaction, error) {
	for try := 1; ; try++ {
		before, err := e.before(ctx, chargePointID, id, guess)
		if err != nil {
			return before, err
		}
		after, write, err := change(before)
		if err != nil || !write {
			return before, err
		}
		if err = e.Transactions.Put(ctx, after); err == nil {
			after.Revision++
		}
		if err == nil || !fault.Is(err, fault.Conflict) || try > tries {
			return after, err
		}
		guess = nil
	}
}

// before is the guess, or else what is stored.
func (e *Effects) before(ctx context.Context, chargePointID, id string, guess *transaction.Transaction) (before transaction.Transaction, err error) {
	if guess != nil {
		before = *guess
	} else if before, err = e.Transactions.Get(ctx, chargePointID, id); err != nil && !fault.Is(err, fault.NotFound) {
		return before, err
	}
	before.ChargePointID = chargePointID
	return before, nil
}
