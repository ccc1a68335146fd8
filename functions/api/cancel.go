package main

import (
	"context"

	"github.com/serverless-ocpp/backend/shared/command"
)

// cancel takes back a command that waits, and tells integrators. Errors are those of command.Store.Apply.
func (a *API) cancel(ctx context.Context, chargePointID, id string) (command.Command, error) {
	cancelled, err := a.Commands.Apply(ctx, chargePointID, id, command.Outcome{Event: command.EventCancel, At: a.Now()})
	if err == nil {
		command.TellFinished(ctx, a.Events, cancelled)
	}
	return cancelled, err
}
