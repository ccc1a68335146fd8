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

// repeatedApply is a table whose client did not get the first answer, and asked again.
type repeatedApply struct{ command.Store }

func (a repeatedApply) Apply(ctx context.Context, chargePointID, id string, outcome command.Outcome) (command.Command, error) {
	if _, err := a.Store.Apply(ctx, chargePointID, id, outcome); err != nil {
		return command.Command{}, err
	}
	return a.Store.Apply(ctx, chargePointID, id, outcome)
}

func TestAnEndWhoseAnswerWasLostIsTold(t *testing.T) {
	r := newRig(t)
	watcher := r.watch()
	r.dispatcher.Commands = repeatedApply{r.commands}
	expires := r.order("expires")
	expires.ExpiresAt = r.now().Add(time.Minute)
	r.must(r.dispatcher.Submit(t.Context(), expires))
	r.pass(2 * time.Minute)
	watcher.wantTold(t, "command expires expired")

	r.connect("c1=")
	r.submit("overdue", "abandoned")
	r.pass(40 * time.Second)
	r.end("c1=")
	r.pass(10 * time.Second)
	watcher.wantTold(t, "command expires expired", "command overdue timedOut", "command abandoned timedOut")
}

// A timer that dies between a command's end and its event comes again, and tells it.
func TestAnExpiryIsToldByTheNextTry(t *testing.T) {
	everyCrash(t, func(r *rig, mortal *command.Dispatcher) {
		watcher := r.watch()
		mortal.Events = r.dispatcher.Events
		order := r.order("a")
		order.ExpiresAt = r.now().Add(time.Minute)
		r.must(r.dispatcher.Submit(r.Context(), order))
		r.pass(time.Minute - time.Second)
		timer, found := r.due(r.now().Add(time.Minute))
		if !found {
			r.Fatal("no timer follows the command")
		}
		if mortal.Drained(r.Context(), timer) != nil {
			r.wait(2 * time.Minute) // the queue's visibility timeout
			r.must(r.dispatcher.Drained(r.Context(), timer))
		}
		r.wantState(command.Expired, "a")
		if len(watcher.events) == 0 {
			r.Error("nobody was told")
		}
	})
}
