package dynamo

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo/expression"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/secret"
)

// A move of a command is one update on the condition that the command is in the state which takes the
// event (command.Transition), so of several that come at once one wins and the others are conflicts.

// Send implements command.Store. The same Send again succeeds: a write whose answer was lost is repeated by the client,
// and a command that counts as sent must be sent. No two dispatchers do the same: they have the turn one after the other.
func (t *Commands) Send(ctx context.Context, chargePointID, id string, at, deadline time.Time) (command.Command, error) {
	change := expression.
		Set(name("sentAt"), value(at)).
		Set(name("deadline"), value(deadline)).
		Add(name("attempt"), value(1)).
		Remove(name("queuedAt"))
	r := t.row(chargePointID, id)
	sent, err := t.move(ctx, r, command.EventSend, 0, change)
	if !fault.Is(err, fault.Conflict) {
		return sent, err
	}
	same := name("state").Equal(value(string(command.Sent))).And(name("sentAt").Equal(value(at)), name("deadline").Equal(value(deadline)))
	stored, done, matchErr := t.update(ctx, r, same, expression.Remove(name(neverWritten)), types.ReturnValueAllNew)
	if matchErr != nil {
		return command.Command{}, matchErr
	}
	if !done {
		return command.Command{}, err
	}
	return commandOf(stored)
}

// Apply implements command.Store. An end that the command has already, of that very moment, is success: a write whose answer was lost is
// repeated by the client, and whoever ended a command tells so. It does not send: fault.Invalid for command.EventSend, see Send.
func (t *Commands) Apply(ctx context.Context, chargePointID, id string, outcome command.Outcome) (command.Command, error) {
	r := t.row(chargePointID, id)
	var change expression.Update
	switch _, to := command.Transition(outcome.Event); to {
	case command.Queued:
		change = expression.
			Set(name("queuedAt"), name("queuePosition")).
			Remove(name("sentAt")).
			Remove(name("deadline")).
			Remove(name("answeredAt"))
	case command.Accepted, command.Rejected, command.CallError, command.InvalidResult, command.TimedOut, command.Expired, command.Cancelled:
		var err error
		if change, err = ending(to, outcome, r, chargePointID); err != nil {
			return command.Command{}, err
		}
	default: // command.Sent
		return command.Command{}, fault.New(fault.Invalid, "%s cannot be moved to %s without a deadline", r.name, to)
	}
	moved, err := t.move(ctx, r, outcome.Event, outcome.Attempt, change)
	if !fault.Is(err, fault.Conflict) {
		return moved, err
	}
	found, there, readErr := t.update(ctx, r, present(t.hash), expression.Remove(name(neverWritten)), types.ReturnValueAllNew)
	switch {
	case readErr != nil:
		return command.Command{}, readErr
	case !there:
		return command.Command{}, t.missing(r)
	}
	stored, readErr := commandOf(found)
	if readErr != nil {
		return command.Command{}, readErr
	}
	if hadEnd(stored, outcome) {
		return stored, nil
	}
	return command.Command{}, err
}

// hadEnd tells whether a command has had that very end.
func hadEnd(c command.Command, outcome command.Outcome) bool {
	_, to := command.Transition(outcome.Event)
	return to.Final() && c.State == to && c.FinishedAt.Equal(outcome.At.Truncate(time.Millisecond)) &&
		(outcome.Attempt == 0 || c.Attempt == outcome.Attempt)
}

// ending is the change that finishes a command: its outcome is noted, it leaves the queue, and its secrets are
// forgotten, those of the payload by the copy that Create made. It stays among the remote starts while it may
// still lead to a transaction.
func ending(to command.State, outcome command.Outcome, r row, chargePointID string) (expression.Update, error) {
	failedOn := ""
	if to.Failed() {
		failedOn = failedCommands.dayOf(chargePointID, outcome.At)
	}
	ended, err := encode(commandItem{
		FailedOn:   failedOn,
		FinishedAt: outcome.At, Result: string(secret.Masked(outcome.Result)),
		ErrorCode: outcome.ErrorCode, ErrorDescription: outcome.ErrorDescription, ErrorDetails: string(secret.Masked(outcome.ErrorDetails)),
	})
	change := setAll(removeAll(expression.Update{}, "queuedAt", "maskedPayload"), ended, r.key).
		Set(name("payload"), name("maskedPayload").IfNotExists(name("payload")))
	if !to.MayBeDone() {
		change = change.Remove(name("remoteStartedAt"))
	}
	return change, err
}

// move makes a transition of an attempt (0: of any). fault.Conflict if its condition fails.
func (t *Commands) move(ctx context.Context, r row, event command.Event, attempt int, change expression.Update) (command.Command, error) {
	from, to := command.Transition(event)
	condition, wanted := name("state").Equal(value(string(from))), string(from)
	if attempt > 0 {
		condition, wanted = condition.And(name("attempt").Equal(value(attempt))), fmt.Sprintf("%s in attempt %d", from, attempt)
	}
	moved, done, err := t.update(ctx, r, condition, change.Set(name("state"), value(string(to))), types.ReturnValueAllNew)
	if err != nil {
		return command.Command{}, err
	}
	if !done {
		return command.Command{}, fault.New(fault.Conflict, "%s does not take the event %q: it is not %s (any more)", r.name, event, wanted)
	}
	return commandOf(moved)
}
