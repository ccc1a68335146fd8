package command_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

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

// mortal returns a dispatcher on the rig's tables that makes its steps as c lets it.
func (r *rig) mortal(c stepper) *command.Dispatcher {
	rim := mortalRim{r, r, r, c}
	return &command.Dispatcher{
		Registry: mortalRegistry{r.store, c}, Sessions: mortalSessions{r.store, c}, Turns: mortalTurns{r.store, c}, Commands: mortalCommands{r.commands, c},
		Timers: rim, Connections: rim, Mirror: rim, Now: r.now,
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
