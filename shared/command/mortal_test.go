package command_test

import (
	"context"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
)

// stepper is a process: it makes its steps, until it is dead.
type stepper interface {
	// step does one, or returns an error in its place. An error may also mean that it was done.
	step(do func() error) error
}

// What a dispatcher works with, as the steps of a process.

type mortalRegistry struct {
	chargepoint.Registry
	stepper
}

func (m mortalRegistry) Get(ctx context.Context, id string) (cp chargepoint.ChargePoint, err error) {
	err = m.step(func() (err error) { cp, err = m.Registry.Get(ctx, id); return err })
	return cp, err
}

type mortalSessions struct {
	chargepoint.Sessions
	stepper
}

func (m mortalSessions) Close(ctx context.Context, id, connection string, code int, reason string, at time.Time) (before chargepoint.ChargePoint, err error) {
	err = m.step(func() (err error) {
		before, err = m.Sessions.Close(ctx, id, connection, code, reason, at)
		return err
	})
	return before, err
}

type mortalTurns struct {
	command.Turns
	stepper
}

func (m mortalTurns) Take(ctx context.Context, id string, turn chargepoint.Outstanding) error {
	return m.step(func() error { return m.Turns.Take(ctx, id, turn) })
}

func (m mortalTurns) Give(ctx context.Context, id, commandID string) error {
	return m.step(func() error { return m.Turns.Give(ctx, id, commandID) })
}

func (m mortalTurns) Release(ctx context.Context, id string, turn chargepoint.Outstanding) error {
	return m.step(func() error { return m.Turns.Release(ctx, id, turn) })
}

type mortalCommands struct {
	command.Store
	stepper
}

func (m mortalCommands) Create(ctx context.Context, c command.Command) error {
	return m.step(func() error { return m.Store.Create(ctx, c) })
}

func (m mortalCommands) Get(ctx context.Context, chargePointID, id string) (c command.Command, err error) {
	err = m.step(func() (err error) { c, err = m.Store.Get(ctx, chargePointID, id); return err })
	return c, err
}

func (m mortalCommands) NextQueued(ctx context.Context, chargePointID string) (c command.Command, err error) {
	err = m.step(func() (err error) { c, err = m.Store.NextQueued(ctx, chargePointID); return err })
	return c, err
}

func (m mortalCommands) Send(ctx context.Context, chargePointID, id string, at, deadline time.Time) (c command.Command, err error) {
	err = m.step(func() (err error) { c, err = m.Store.Send(ctx, chargePointID, id, at, deadline); return err })
	return c, err
}

func (m mortalCommands) Apply(ctx context.Context, chargePointID, id string, outcome command.Outcome) (c command.Command, err error) {
	err = m.step(func() (err error) { c, err = m.Store.Apply(ctx, chargePointID, id, outcome); return err })
	return c, err
}

// mortalRim is the way out: timers, connections, mirror.
type mortalRim struct {
	command.Timers
	command.Connections
	command.Mirror
	stepper
}

func (m mortalRim) After(ctx context.Context, delay time.Duration, timer command.Timer) error {
	return m.step(func() error { return m.Timers.After(ctx, delay, timer) })
}

func (m mortalRim) Post(ctx context.Context, connection string, frame []byte) error {
	return m.step(func() error { return m.Connections.Post(ctx, connection, frame) })
}

func (m mortalRim) Out(ctx context.Context, chargePointID string, frame []byte) error {
	return m.step(func() error { return m.Mirror.Out(ctx, chargePointID, frame) })
}
