package main

import (
	"context"
	"time"

	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// Nine of ten messages that must be kept bring readings and nothing else. The journal gives the others their order, and
// tries again what fails half way; a reading needs neither: it may be stored in any order, and twice. So it is stored where
// it is read before it is answered, which costs a third of its way through the journal, and takes as long. One that
// cannot be stored at once goes through the journal after all.

// Readings takes messages that bring readings and nothing else. dynamo.Samples does.
type Readings interface {
	// Keep returns when the readings and the frames of their message are safe. Repeating it changes nothing.
	Keep(ctx context.Context, event transaction.Event, exchange dynamo.Exchange) error
}

// Mirror shows observers what charge points send. iotcore.Mirror is one.
type Mirror interface {
	In(ctx context.Context, chargePointID string, frame []byte) error
}

// patience is for what is kept without the journal: long enough for a second attempt, with enough left for the journal.
const patience = 4 * time.Second

// keep brings a message and its answer to safety. Some readings go the long way all the same, so that the record of their
// transaction, the shadow and integrators follow.
func (h *Handler) keep(ctx context.Context, from connection, call ocppj.Frame, text []byte, decided decision) error {
	event, only := h.onlyReadings(from, call, decided)
	follow := only && h.memory.mayFollow(from, event.TransactionID)
	if only && !follow {
		err := h.keepReadings(ctx, from, call, text, decided, event)
		if err == nil {
			return nil
		}
		from.log.WarnContext(ctx, "readings could not be stored at once, so they go through the journal", "error", err)
	}
	if err := h.journal(ctx, from, text, decided.frame); err != nil {
		return err
	}
	if follow {
		h.memory.followed(from, event.TransactionID)
	}
	return nil
}

// onlyReadings returns what a message says if it need not be journaled. Readings of a transaction that are told late change its record
// at once, and integrators hear of it: it may have ended. Whether it has is not looked up, which would cost every reading a third more.
func (h *Handler) onlyReadings(from connection, call ocppj.Frame, decided decision) (transaction.Event, bool) {
	if h.Readings == nil || !decided.action.Readings || decided.message == nil {
		return transaction.Event{}, false
	}
	event, only := ocpp.OnlyReadings(decided.message.Effects(ocpp.Received{At: from.ReceivedAt, Action: call.Action, Payload: call.Payload}))
	if event.TransactionID != "" && event.Late(from.ReceivedAt) {
		only = false
	}
	return event, only
}

// keepReadings stores a message and shows it to observers. The processor does the same, in one order, and does it again
// if only a part was done here.
func (h *Handler) keepReadings(ctx context.Context, from connection, call ocppj.Frame, text []byte, decided decision, event transaction.Event) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var both sideBySide
	both.do(func() error {
		return h.Readings.Keep(ctx, event, dynamo.Exchange{
			ChargePointID: from.ChargePointID, ConnectionID: from.ID, MessageID: call.ID, Action: call.Action,
			Frame: text, Answer: decided.frame, At: from.ReceivedAt,
		})
	})
	both.do(func() error { return h.Mirror.In(ctx, from.ChargePointID, text) })
	return both.wait()
}
