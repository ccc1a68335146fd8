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

// crash ends a dispatcher at its nth step: before the step, or after it took effect and before its answer came. Afterwards nothing
// that the dispatcher does has an effect.
type crash struct {
	at    int
	after bool
	steps int
	dead  bool
}

var errDead = errors.New("the process is dead")

func (c *crash) step(do func() error) error {
	if c.dead {
		return errDead
	}
	if c.steps++; c.steps != c.at {
		return do()
	}
	c.dead = true
	if c.after {
		if err := do(); err != nil {
			return err
		}
	}
	return errDead
}

// mortal returns a dispatcher on the rig's tables that dies at its nth step.
func (r *rig) mortal(c *crash) *command.Dispatcher {
	return &command.Dispatcher{
		Registry: mortalRegistry{r.store, c}, Sessions: mortalSessions{r.store, c}, Turns: mortalTurns{r.store, c}, Commands: mortalCommands{r.commands, c},
		Timers: mortalRim{r, c}, Connections: mortalRim{r, c}, Mirror: mortalRim{r, c}, Now: r.now,
	}
}

// everyCrash runs a test for each place at which a dispatcher can die while it does something.
func everyCrash(t *testing.T, scenario func(r *rig, mortal *command.Dispatcher)) {
	for _, after := range []bool{false, true} {
		for at := 1; ; at++ {
			c := &crash{at: at, after: after}
			t.Run(fmt.Sprintf("step %d, after it %t", at, after), func(t *testing.T) {
				r := newRig(t)
				scenario(r, r.mortal(c))
			})
			if !c.dead {
				if at < 3 {
					t.Errorf("only %d steps: the scenario does nothing", c.steps)
				}
				break // it had no more steps
			}
		}
	}
}

// wantHealthy checks, after everything has had its time, that the queue works and nothing was sent too often.
func (r *rig) wantHealthy(ids ...string) {
	r.Helper()
	r.pass(3 * time.Minute)
	r.submit("probe")
	r.answer("probe")
	r.wantState(command.Accepted, "probe")
	for _, id := range append(ids, "probe") {
		c, err := r.commands.Get(r.Context(), cp001, id)
		r.must(err)
		if !c.State.Final() {
			r.Errorf("%s is stuck: %s", id, c.State)
		}
		posts := 0
		for _, post := range r.posts {
			if post.command == id {
				posts++
			}
		}
		if posts > c.Attempt {
			r.Errorf("%s was posted %d times in %d attempts", id, posts, c.Attempt)
		}
	}
	if r.turn() != "" {
		r.Errorf("the turn is still %q", r.turn())
	}
}

func TestCrashInSubmit(t *testing.T) {
	everyCrash(t, func(r *rig, mortal *command.Dispatcher) {
		r.connect("c1=")
		submitErr := mortal.Submit(r.Context(), r.order("a"))
		_, err := r.commands.Get(r.Context(), cp001, "a")
		if submitErr == nil && err != nil {
			r.Errorf("Submit succeeded, but: %v", err)
		}
		if err != nil {
			r.wantHealthy() // it died before a was stored
			return
		}
		r.wantHealthy("a")
		if len(r.posts) == 0 {
			r.Error("nothing was ever posted")
		}
	})
}

func TestCrashAfterTheAnswer(t *testing.T) {
	for _, repeated := range []bool{false, true} { // does the queue hand the answer out again?
		t.Run(fmt.Sprintf("repeated %t", repeated), func(t *testing.T) {
			everyCrash(t, func(r *rig, mortal *command.Dispatcher) {
				r.connect("c1=")
				r.submit("a", "b")
				accepted := command.Outcome{Event: command.EventAccept, At: r.now()}
				err := mortal.Finish(r.Context(), cp001, "a", accepted)
				if repeated {
					r.must(r.dispatcher.Finish(r.Context(), cp001, "a", accepted))
				} else if err == nil {
					r.wantState(command.Accepted, "a")
				}
				r.wantHealthy("a", "b")
				if last := r.posts[len(r.posts)-1]; last.command != "probe" {
					r.Errorf("the last post is %+v", last)
				}
			})
		})
	}
}

func TestCrashWhenTheConnectionIsGone(t *testing.T) {
	everyCrash(t, func(r *rig, mortal *command.Dispatcher) {
		r.connect("c1=")
		r.onPost = func(connection string) error {
			if connection == "c1=" {
				return gone
			}
			return nil
		}
		// What it returns is of no interest: it is dead, or it has put the command back.
		if err := mortal.Submit(r.Context(), r.order("a")); err != nil && !errors.Is(err, errDead) {
			r.Fatal(err)
		}
		r.wait(time.Second)
		r.connect("c2=")
		r.must(r.dispatcher.Drain(r.Context(), cp001))
		if _, err := r.commands.Get(r.Context(), cp001, "a"); err != nil {
			r.wantHealthy()
			return
		}
		r.wantHealthy("a")
	})
}

func TestCrashInDeadline(t *testing.T) {
	everyCrash(t, func(r *rig, mortal *command.Dispatcher) {
		r.connect("c1=")
		r.submit("a", "b")
		r.wait(31 * time.Second)
		timer := command.Timer{Kind: command.TimerDeadline, ChargePointID: cp001, CommandID: "a", ConnectionID: "c1="}
		if err := mortal.Deadline(r.Context(), timer); err != nil && !errors.Is(err, errDead) {
			r.Fatal(err)
		}
		r.wantHealthy("a", "b") // the timer is still in the queue
		r.wantState(command.TimedOut, "a")
	})
}

type mortalRegistry struct {
	chargepoint.Registry
	*crash
}

func (m mortalRegistry) Get(ctx context.Context, id string) (cp chargepoint.ChargePoint, err error) {
	err = m.step(func() (err error) { cp, err = m.Registry.Get(ctx, id); return err })
	return cp, err
}

type mortalSessions struct {
	chargepoint.Sessions
	*crash
}

func (m mortalSessions) Close(ctx context.Context, id, connection string, code int, reason string, at time.Time) (before chargepoint.ChargePoint, err error) {
	err = m.step(func() (err error) {
		before, err = m.Sessions.Close(ctx, id, connection, code, reason, at)
		return err
	})
	return before, err
}

type mortalTurns struct {
	chargepoint.Turns
	*crash
}

func (m mortalTurns) Take(ctx context.Context, id string, turn chargepoint.Outstanding) error {
	return m.step(func() error { return m.Turns.Take(ctx, id, turn) })
}

func (m mortalTurns) Give(ctx context.Context, id, commandID string) error {
	return m.step(func() error { return m.Turns.Give(ctx, id, commandID) })
}

type mortalCommands struct {
	command.Store
	*crash
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
	*rig
	*crash
}

func (m mortalRim) After(ctx context.Context, delay time.Duration, timer command.Timer) error {
	return m.step(func() error { return m.rig.After(ctx, delay, timer) })
}

func (m mortalRim) Post(ctx context.Context, connection string, frame []byte) error {
	return m.step(func() error { return m.rig.Post(ctx, connection, frame) })
}

func (m mortalRim) Out(ctx context.Context, chargePointID string, frame []byte) error {
	return m.step(func() error { return m.rig.Out(ctx, chargePointID, frame) })
}
