package main

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/operation"
)

// place submits the commands of an order, and answers with their fate as far as the caller prefers to wait for it. A
// request that is repeated under its Idempotency-Key makes no second command: it is answered from the records of the
// first, or carried out under the same ids if the first time ended before it had stored them.
func (a *API) place(r *http.Request, cp chargepoint.ChargePoint, o order) (answer, error) {
	id, repeated, err := a.claim(r, cp.ID, o.body, command.NewID())
	if err != nil {
		return answer{}, err
	}
	if repeated {
		before, err := a.placedBefore(r.Context(), cp.ID, id)
		if err != nil {
			return answer{}, err
		}
		if len(before) > 0 && !halfPlaced(o.operation, before) {
			told, err := a.submittedAnswer(r, before, operation.Said{}, o.timing)
			if err != nil {
				return answer{}, err
			}
			return told.with(replayedHeader, "true"), nil
		}
	}
	version, err := o.speaks(cp)
	if err != nil {
		return answer{}, err
	}
	orders := operation.Orders{Desk: a.Desk, Submit: a.Submit}
	if r.Header.Get(keyHeader) != "" {
		orders.Submit = a.submitOnce
	}
	terms := operation.Terms{Kind: o.kind, CommandID: id, Expiry: o.expiry(), Timeout: o.timeout(), Origin: command.OriginHTTP}
	commands, said, err := orders.Place(r.Context(), cp, version, o.operation, terms)
	if err != nil {
		return answer{}, err
	}
	return a.submittedAnswer(r, commands, said, o.timing)
}

// submitOnce submits a command unless the same request has done so before, or does so at this moment.
func (a *API) submitOnce(ctx context.Context, c command.Command) error {
	if err := a.Submit(ctx, c); !fault.Is(err, fault.Conflict) {
		return err
	}
	return nil
}

// placedBefore returns the commands of an earlier request by the id of the first; none if it did not get that far.
func (a *API) placedBefore(ctx context.Context, chargePointID, id string) (commands []command.Command, err error) {
	for {
		c, err := a.Commands.Get(ctx, chargePointID, command.NthID(id, len(commands)))
		if fault.Is(err, fault.NotFound) {
			return commands, nil
		}
		if err != nil {
			return nil, err
		}
		commands = append(commands, c)
	}
}

// halfPlaced tells whether an operation has more CALLs than were stored. One that notes things beforehand must not do
// so again, and so counts as whole.
func halfPlaced(o operation.Operation, commands []command.Command) bool {
	if _, prepared := o.(operation.Prepared); prepared {
		return false
	}
	calls, err := o.Calls(ocppj.Version(commands[0].Protocol))
	return err == nil && len(calls) > len(commands)
}

// follow reads what became of commands that were just submitted, and waits for their end as long as the caller likes.
// Only fault.Offline is an error: told another, the caller would ask again, and the charge point be commanded twice.
func (a *API) follow(r *http.Request, commands []command.Command, timing timing, wait time.Duration) ([]command.Command, error) {
	enough := a.Now().Add(wait)
	seen := slices.Clone(commands)
	for i, c := range commands {
		now, err := a.settle(r.Context(), c.ChargePointID, c.ID, 0)
		if err == nil && i == 0 {
			now, err = a.takeBackIfOffline(r, now, commands, timing)
		}
		if left := enough.Sub(a.Now()); err == nil && wait > 0 && !now.State.Final() {
			now, err = a.settle(r.Context(), c.ChargePointID, c.ID, left)
		}
		switch {
		case fault.Is(err, fault.Offline):
			return nil, err
		case err != nil:
			slog.ErrorContext(r.Context(), "the command is stored, but its state cannot be read", "chargePointId", c.ChargePointID, "messageId", c.ID, "action", c.Action, "error", err)
		default:
			seen[i] = now
		}
	}
	return seen, nil
}

// takeBackIfOffline cancels commands that must not wait for a connection, when sending the first has shown that the
// connection is gone: fault.Offline, as if that had been known before.
func (a *API) takeBackIfOffline(r *http.Request, first command.Command, all []command.Command, timing timing) (command.Command, error) {
	if first.State != command.Queued || timing.ExpiresInSeconds > 0 {
		return first, nil
	}
	cp, err := a.ChargePoints.Get(r.Context(), first.ChargePointID)
	if err != nil || cp.Session != nil {
		return first, err
	}
	for i, c := range all {
		_, err := a.cancel(r.Context(), c.ChargePointID, c.ID)
		if i == 0 && fault.Is(err, fault.Conflict) { // it connected again meanwhile, and the command was sent
			return a.Commands.Get(r.Context(), c.ChargePointID, c.ID)
		}
		if err != nil {
			return first, err
		}
	}
	return first, offline(first.ChargePointID)
}
