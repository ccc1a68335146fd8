package main

import (
	"context"
	"log/slog"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/journal"
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/ocpp/dialect"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// applyCall applies the effects of a CALL that was answered with a CALLRESULT. One that was refused has none.
func (h *Handler) applyCall(ctx context.Context, record journal.Record, call ocppj.Frame) error {
	answer, err := ocppj.Parse(record.Answer)
	if err != nil {
		return fault.Wrap(fault.Malformed, err, "answer to %s of charge point %s", call.Action, record.ChargePointID)
	}
	if answer.Type != ocppj.CallResult {
		return nil
	}
	action, served := dialect.Actions(ocppj.Version(record.Protocol))[call.Action]
	if !served {
		return fault.New(fault.Malformed, "charge point %s was answered to %s, which %s does not have here", record.ChargePointID, call.Action, record.Protocol)
	}
	message, err := action.Decode(call.Payload)
	if err != nil {
		return err
	}
	for _, effect := range message.Effects(ocpp.Received{At: record.ReceivedAt, Action: call.Action, Payload: call.Payload, Answer: answer.Payload}) {
		if err := h.apply(ctx, record, call, effect); err != nil {
			return err
		}
	}
	slog.DebugContext(ctx, "applied", "chargePointId", record.ChargePointID, "messageId", call.ID, "action", call.Action)
	return nil
}

// apply applies one effect, to the tables first and then to the shadow.
func (h *Handler) apply(ctx context.Context, record journal.Record, call ocppj.Frame, effect ocpp.Effect) error {
	switch e := effect.(type) {
	case ocpp.Booted:
		if err := h.Effects.Boots.DescribeBoot(ctx, record.ChargePointID, e.Boot, record.ReceivedAt); err != nil {
			return unlessGone(err)
		}
		return h.Shadow.Booted(ctx, record.ChargePointID, e.Boot)
	case ocpp.ConnectorChanged:
		e.Connector.ChargePointID = record.ChargePointID
		return h.Effects.Connectors.Put(ctx, e.Connector)
	case ocpp.TransactionChanged:
		after, err := h.Effects.transaction(ctx, record, e.Event)
		if err != nil {
			return err
		}
		return h.Shadow.TransactionChanged(ctx, after, e.Event, record.ReceivedAt, call.Payload)
	case ocpp.MeterRead:
		return h.Effects.Readings.Add(ctx, record.ChargePointID, "", e.Connector, e.Readings)
	}
	return fault.New(fault.Internal, "no way to apply a %T", effect)
}

// unlessGone drops the error that a charge point was deleted meanwhile: nothing is left to change.
func unlessGone(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// Effects is where the effects of messages go.
type Effects struct {
	Boots        chargepoint.Boots
	Connectors   chargepoint.Connectors
	Transactions transaction.Store
	Readings     transaction.Readings
}
