package main

import (
	"context"
	"log/slog"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// mayName tells whether an event can say which remote start a transaction came from: in 1.6 its start, in 2.x any that
// carries the number, for the start may be lost.
func mayName(protocol string, event transaction.Event) bool {
	if ocppj.Version(protocol) == ocppj.V16 {
		return event.Kind == transaction.EventStarted
	}
	return event.RemoteStartID != nil
}

// ledBy returns the id of the remote start that a transaction came from; "" if nobody started it remotely.
func (e *Effects) ledBy(ctx context.Context, chargePointID string, event transaction.Event) (commandID string, err error) {
	starts, err := e.RemoteStarts.RemoteStarts(ctx, chargePointID)
	if err != nil {
		return "", err
	}
	led, _ := command.Led(starts, command.Start{At: event.At, IDToken: event.IDToken, Connector: event.Connector, RemoteStartID: event.RemoteStartID})
	return led.ID, nil
}

// link notes the transaction with its remote start, once the transaction has noted the remote start: in that order a
// record that comes again finds it whatever happened between.
func (e *Effects) link(ctx context.Context, t transaction.Transaction) error {
	err := e.RemoteStarts.Link(ctx, t.ChargePointID, t.CommandID, t.ID)
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.NotFound) {
		slog.WarnContext(ctx, "the remote start of a transaction is not told of it", "chargePointId", t.ChargePointID, "messageId", t.CommandID, "transactionId", t.ID, "error", err)
		return nil
	}
	return err
}
