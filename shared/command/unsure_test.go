package command_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
)

// unsure is a table that fails once, and lets nobody know whether it did what it was told.
type unsure struct {
	done, failed bool
}

var errUnsure = errors.New("connection reset")

func (u *unsure) step(do func() error) error {
	if u.failed {
		return do()
	}
	u.failed = true
	if u.done {
		if err := do(); err != nil {
			return err
		}
	}
	return errUnsure
}

type unsureTurns struct {
	command.Turns
	*unsure
}

func (u unsureTurns) Take(ctx context.Context, id string, turn chargepoint.Outstanding) error {
	return u.step(func() error { return u.Turns.Take(ctx, id, turn) })
}

type unsureSend struct {
	command.Store
	*unsure
}

func (u unsureSend) Send(ctx context.Context, chargePointID, id string, at, deadline time.Time) (c command.Command, err error) {
	err = u.step(func() (err error) { c, err = u.Store.Send(ctx, chargePointID, id, at, deadline); return err })
	return c, err
}

// A dispatcher that cannot take the turn, or is not told that it has, leaves nothing in the way of the next.
func TestNobodyKnowsWhetherTheTurnIsTaken(t *testing.T) {
	for _, done := range []bool{false, true} {
		t.Run(fmt.Sprintf("done %t", done), func(t *testing.T) {
			r := newRig(t)
			r.connect("c1=")
			r.dispatcher.Turns = unsureTurns{r.store, &unsure{done: done}}
			r.submit("a")
			if r.wantPosts(); r.turn() != "" {
				t.Errorf("the turn is %q", r.turn())
			}
			r.pass(6 * time.Second) // the second look
			r.wantPosts("a")
			r.answer("a")
			r.wantHealthy("a")
		})
	}
}

// A command of which nobody knows whether it counts as sent is sent once, and keeps no turn that it does not use.
func TestNobodyKnowsWhetherItIsSent(t *testing.T) {
	for _, done := range []bool{false, true} {
		t.Run(fmt.Sprintf("done %t", done), func(t *testing.T) {
			r := newRig(t)
			r.connect("c1=")
			r.dispatcher.Commands = unsureSend{r.commands, &unsure{done: done}}
			r.submit("a")
			if done {
				r.wantPosts("a")
			} else if r.wantPosts(); r.turn() != "" {
				t.Errorf("the turn is %q", r.turn())
			}
			r.pass(6 * time.Second)
			r.wantPosts("a")
			r.answer("a")
			r.wantState(command.Accepted, "a")
			r.wantHealthy("a")
		})
	}
}
