package main

import (
	"context"

	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/journal"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Log keeps frames for operators. dynamo.MessageLog is one.
type Log interface {
	// Received keeps a frame from a charge point and its answer. Repeating it changes nothing.
	Received(ctx context.Context, exchange dynamo.Exchange) error
}

// noLog keeps nothing: the message log is switched off.
type noLog struct{}

func (noLog) Received(context.Context, dynamo.Exchange) error { return nil }

// log keeps a record.
func (h *Handler) log(ctx context.Context, record journal.Record, frame ocppj.Frame) error {
	return h.Log.Received(ctx, dynamo.Exchange{
		ChargePointID: record.ChargePointID, ConnectionID: record.ConnectionID, MessageID: frame.ID, Action: frame.Action,
		Frame: record.Message, Answer: record.Answer, At: record.ReceivedAt,
	})
}
