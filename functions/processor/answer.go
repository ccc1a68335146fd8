package main

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"slices"

	"github.com/serverless-ocpp/backend/functions/processor/consequence"
	"github.com/serverless-ocpp/backend/schemas"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/exactjson"
	"github.com/serverless-ocpp/backend/shared/journal"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/secret"
)

// Commands ends commands and makes new ones; command.Dispatcher does.
type Commands interface {
	// Submit stores a command and sends it if it is its turn. The same command again is no error.
	Submit(ctx context.Context, c command.Command) error
	// Finish records the outcome of a sent command and sends the next. Repeating it changes nothing.
	Finish(ctx context.Context, chargePointID, commandID string, outcome command.Outcome) error
}

// Asked knows what a charge point was asked; command.Store does.
type Asked interface {
	// Get reads a command, consistently. fault.NotFound if there is none.
	Get(ctx context.Context, chargePointID, id string) (command.Command, error)
}

// applyAnswer brings a charge point's answer to its command, and returns the command's action if it is known.
func (h *Handler) applyAnswer(ctx context.Context, record journal.Record, answer ocppj.Frame) (action string, err error) {
	asked, err := h.Asked.Get(ctx, record.ChargePointID, answer.ID)
	if unlessGone(err) != nil {
		return "", err
	}
	answer.Action = asked.Action // "" of an answer to nothing, which Finish ignores
	if asked.SentAt.Before(record.ConnectedAt) && !asked.SentAt.IsZero() {
		// The CALL failed with the connection that it was sent on (OCPP 2.0.1 part 4, section 4.1.1).
		slog.InfoContext(ctx, "answer to a CALL of an earlier connection, ignored", "chargePointId", record.ChargePointID, "messageId", answer.ID, "action", answer.Action)
		return answer.Action, nil
	}
	return answer.Action, h.settle(ctx, record, answer, asked)
}

// settle applies an answer. What else it changes comes before the command is finished, and so is repeated when
// this fails half way.
func (h *Handler) settle(ctx context.Context, record journal.Record, answer ocppj.Frame, asked command.Command) error {
	outcome, err := h.outcome(ctx, record, answer, asked)
	if err != nil {
		return err
	}
	for _, change := range consequence.Of(asked, outcome) {
		if err := h.change(ctx, record, answer, change); err != nil {
			return err
		}
	}
	if err := h.Commands.Finish(ctx, record.ChargePointID, answer.ID, outcome); err != nil {
		return err
	}
	if outcome.Event != command.EventAccept && outcome.Event != command.EventReject {
		return nil
	}
	if told := toldBy(answer.Payload, record.ReceivedAt); len(told) > 0 {
		if err := h.keepVariables(ctx, record, answer, told); err != nil {
			return err
		}
	}
	return h.Shadow.Answered(ctx, record.ChargePointID, answer.ID, record.ReceivedAt, secret.Masked(answer.Payload))
}

// outcome is what an answer means to its command.
func (h *Handler) outcome(ctx context.Context, record journal.Record, answer ocppj.Frame, asked command.Command) (command.Outcome, error) {
	outcome := command.Outcome{At: record.ReceivedAt}
	if answer.Type == ocppj.CallError {
		outcome.Event = command.EventError
		outcome.ErrorCode, outcome.ErrorDescription, outcome.ErrorDetails = answer.ErrorCode, answer.ErrorDescription, answer.ErrorDetails
		return outcome, nil
	}
	if !bytes.HasPrefix(answer.Payload, []byte("{")) { // the record and its event have room for objects only; the message log has the rest
		outcome.Event, outcome.ErrorCode = command.EventMisfit, ocppj.FormatViolation.Code(ocppj.Version(record.Protocol))
		outcome.ErrorDescription = "the result is no JSON object"
		return outcome, h.complain(ctx, record, answer, outcome)
	}
	outcome.Event, outcome.Result = verdict(answer.Payload), answer.Payload
	if asked.Action == "" {
		return outcome, nil // nobody knows what it should look like
	}
	fault, err := misfit(asked, answer.Payload, record.Strict)
	if err != nil || fault == nil {
		return outcome, err
	}
	version := ocppj.Version(record.Protocol)
	outcome.Event, outcome.ErrorCode, outcome.ErrorDescription = command.EventMisfit, fault.ErrorKind().Code(version), "the result breaks its schema: "+fault.String()
	return outcome, h.complain(ctx, record, answer, outcome)
}

// misfit returns the first fault of a result that is not tolerated.
func misfit(asked command.Command, result json.RawMessage, strict bool) (*schemas.Violation, error) {
	violations, err := schemas.Validate(ocppj.Version(asked.Protocol), asked.Action, schemas.Response, result)
	if err != nil {
		return nil, err
	}
	for _, violation := range violations {
		if strict || !violation.Tolerable() {
			return &violation, nil
		}
	}
	return nil, nil
}

// complain tells a charge point of 2.1 that its result could not be processed; earlier versions have no
// message for that (OCPP 2.1 part 4, section 4.2.3). It may be told again when the record comes again.
func (h *Handler) complain(ctx context.Context, record journal.Record, answer ocppj.Frame, outcome command.Outcome) error {
	if ocppj.Version(record.Protocol) != ocppj.V21 {
		return nil
	}
	frame, err := ocppj.EncodeResultError(answer.ID, outcome.ErrorCode, outcome.ErrorDescription, nil)
	if err != nil {
		return err
	}
	if err := h.Answers.Answer(ctx, record.ConnectionID, frame); err != nil {
		slog.InfoContext(ctx, "the charge point is not told that its result is wrong", "chargePointId", record.ChargePointID, "messageId", answer.ID, "error", err)
	}
	return nil
}

// agreed are the statuses with which a charge point does what it was asked for. A result without a
// status, such as that of GetConfiguration, agrees as well.
// AcceptedCanceled agrees, and gives up an earlier download or upload for it (OCPP 2.0.1 LogStatusEnumType,
// UpdateFirmwareStatusEnumType).
var agreed = map[string]bool{
	"": true, "Accepted": true, "Scheduled": true, "Unlocked": true, "Unpublished": true, "RebootRequired": true, "AcceptedCanceled": true,
}

// verdict is the event that a result is. Results about several things (SetVariables, SetVariableMonitoring,
// ClearVariableMonitoring in 2.x, ClearTariffs in 2.1) agree when the charge point did one of them; the result tells which.
func verdict(result json.RawMessage) command.Event {
	var answer struct {
		Status    string `json:"status"`
		Variables []struct {
			Status string `json:"attributeStatus"`
		} `json:"setVariableResult"`
		Monitors []struct {
			Status string `json:"status"`
		} `json:"setMonitoringResult"`
		Cleared []struct {
			Status string `json:"status"`
		} `json:"clearMonitoringResult"`
		Tariffs []struct {
			Status string `json:"status"`
		} `json:"clearTariffsResult"`
	}
	if err := exactjson.Unmarshal(result, &answer); err != nil {
		return command.EventReject
	}
	each := make([]string, 0, 1)
	for _, variable := range answer.Variables {
		each = append(each, variable.Status)
	}
	for _, one := range slices.Concat(answer.Monitors, answer.Cleared, answer.Tariffs) {
		each = append(each, one.Status)
	}
	if len(each) == 0 {
		each = append(each, answer.Status)
	}
	if slices.ContainsFunc(each, func(status string) bool { return agreed[status] }) {
		return command.EventAccept
	}
	return command.EventReject
}
