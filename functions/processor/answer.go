package main

import (
	"context"
	"encoding/json"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/journal"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Finisher ends commands; command.Dispatcher is one.
type Finisher interface {
	// Finish records the outcome of a sent command and sends the next. Repeating it changes nothing.
	Finish(ctx context.Context, chargePointID, commandID string, outcome command.Outcome) error
}

// applyAnswer brings a charge point's answer to its command.
func (h *Handler) applyAnswer(ctx context.Context, record journal.Record, answer ocppj.Frame) error {
	outcome := command.Outcome{At: record.ReceivedAt}
	if answer.Type == ocppj.CallError {
		outcome.Event = command.EventError
		outcome.ErrorCode, outcome.ErrorDescription, outcome.ErrorDetails = answer.ErrorCode, answer.ErrorDescription, answer.ErrorDetails
	} else {
		outcome.Event = verdict(answer.Payload)
		outcome.Result = answer.Payload
	}
	if err := h.Commands.Finish(ctx, record.ChargePointID, answer.ID, outcome); err != nil {
		return err
	}
	if answer.Type == ocppj.CallError {
		return nil
	}
	if told := toldBy(answer.Payload, record.ReceivedAt); len(told) > 0 {
		if err := h.keepVariables(ctx, record, answer, told); err != nil {
			return err
		}
	}
	return h.Shadow.Answered(ctx, record.ChargePointID, answer.ID, record.ReceivedAt, answer.Payload)
}

// agreed are the statuses with which a charge point does what it was asked for. A result without a
// status, such as that of GetConfiguration, agrees as well.
// AcceptedCanceled agrees, and gives up an earlier download or upload for it (OCPP 2.0.1 LogStatusEnumType,
// UpdateFirmwareStatusEnumType).
var agreed = map[string]bool{"": true, "Accepted": true, "Scheduled": true, "Unlocked": true, "RebootRequired": true, "AcceptedCanceled": true}

func verdict(result json.RawMessage) command.Event {
	var answer struct {
		Status string `json:"status"`
	}
	if err := json.Unmarshal(result, &answer); err != nil || !agreed[answer.Status] {
		return command.EventReject
	}
	return command.EventAccept
}
