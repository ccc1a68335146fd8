package main

import (
	"context"
	"log/slog"

	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/journal"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Log keeps frames for operators. dynamo.MessageLog is one.
type Log interface {
	// Received keeps frames from charge points and their answers, in one call for many. Repeating it changes nothing.
	Received(ctx context.Context, exchanges []dynamo.Exchange) error
}

// noLog keeps nothing: the message log is switched off.
type noLog struct{}

func (noLog) Received(context.Context, []dynamo.Exchange) error { return nil }

// log keeps the frames of a batch in one call. When that fails each charge point's are tried by themselves, so that nobody's frame
// holds up others; what is not logged then becomes nil, like the frames of records that failed before.
func (h *Handler) log(ctx context.Context, done []*dynamo.Exchange) {
	byChargePoint := make(map[string][]dynamo.Exchange)
	var all []dynamo.Exchange
	for _, frames := range done {
		if frames != nil {
			all = append(all, *frames)
			byChargePoint[frames.ChargePointID] = append(byChargePoint[frames.ChargePointID], *frames)
		}
	}
	if len(all) == 0 || len(byChargePoint) > 1 && h.received(ctx, all) == nil {
		return
	}
	for id, exchanges := range byChargePoint {
		err := h.received(ctx, exchanges)
		if err == nil {
			continue
		}
		slog.ErrorContext(ctx, "records returned to the queue, for their frames could not be logged; after their last try they lie in the dead letter queue",
			"chargePointId", id, "records", len(exchanges), "error", err)
		for number, frames := range done {
			if frames != nil && frames.ChargePointID == id {
				done[number] = nil
			}
		}
	}
}

func (h *Handler) received(ctx context.Context, exchanges []dynamo.Exchange) error {
	return fault.Recovered(func() error { return h.Log.Received(ctx, exchanges) })
}

// framesOf is what is kept of a record.
func framesOf(record journal.Record, frame ocppj.Frame) dynamo.Exchange {
	return dynamo.Exchange{
		ChargePointID: record.ChargePointID, ConnectionID: record.ConnectionID, MessageID: frame.ID, Action: frame.Action,
		Frame: record.Message, Answer: record.Answer, At: record.ReceivedAt,
	}
}
