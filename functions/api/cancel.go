package main

import (
	"context"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// cancel takes back a command that waits, and tells integrators. Errors are those of command.Store.Apply.
func (a *API) cancel(ctx context.Context, chargePointID, id string) (command.Command, error) {
	cancelled, err := a.Commands.Apply(ctx, chargePointID, id, command.Outcome{Event: command.EventCancel, At: a.Now()})
	if err == nil {
		command.TellEnded(ctx, a.Events, cancelled)
	}
	return cancelled, err
}

// expire ends a command that was not sent in time, and returns what has become of it: a dispatcher that looked just before may be
// sending it.
func (a *API) expire(ctx context.Context, c command.Command) (command.Command, error) {
	expired, err := a.Commands.Apply(ctx, c.ChargePointID, c.ID, command.Outcome{
		Event: command.EventExpire, At: a.Now(), ErrorDescription: command.UnsentInTime,
	})
	if fault.Is(err, fault.Conflict) {
		return a.Commands.Get(ctx, c.ChargePointID, c.ID)
	}
	if err == nil {
		command.TellEnded(ctx, a.Events, expired)
	}
	return expired, err
}
