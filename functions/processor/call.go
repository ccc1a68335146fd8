package main

import (
	"context"
	"encoding/json"
	"log/slog"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/journal"
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/ocpp/dialect"
	"github.com/serverless-ocpp/backend/shared/ocppj"
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
	message, err := understand(record, call)
	if err != nil {
		return err
	}
	return h.applyMessage(ctx, record, call, message, answer.Payload)
}

// applySend applies the effects of a SEND (OCPP 2.1). Nobody could refuse it, so that one which is not understood
// must not hold up the messages behind it.
func (h *Handler) applySend(ctx context.Context, record journal.Record, send ocppj.Frame) error {
	message, err := understand(record, send)
	if err != nil {
		slog.WarnContext(ctx, "message without an answer is not understood, it changes nothing",
			"chargePointId", record.ChargePointID, "messageId", send.ID, "action", send.Action, "error", err)
		return nil
	}
	return h.applyMessage(ctx, record, send, message, nil)
}

// understand reads a CALL or SEND. fault.Malformed if its version does not have the action here, or the payload
// cannot be read.
func understand(record journal.Record, frame ocppj.Frame) (ocpp.Message, error) {
	action, served := dialect.Actions(ocppj.Version(record.Protocol))[frame.Action]
	if !served {
		return nil, fault.New(fault.Malformed, "charge point %s sent a %s of %s, which %s does not have here", record.ChargePointID, frame.Type, frame.Action, record.Protocol)
	}
	return action.Decode(frame.Payload)
}

func (h *Handler) applyMessage(ctx context.Context, record journal.Record, frame ocppj.Frame, message ocpp.Message, answer json.RawMessage) error {
	for _, effect := range message.Effects(ocpp.Received{At: record.ReceivedAt, Action: frame.Action, Payload: frame.Payload, Answer: answer}) {
		if err := h.apply(ctx, record, frame, effect); err != nil {
			return err
		}
	}
	return nil
}
