package command_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// failure is a step that fails, the nth of a process that lives on: it is not done, or nobody is told that it is.
type failure struct {
	at    int
	after bool
	steps int
}

var errFailed = errors.New("internal server error")

func (f *failure) step(do func() error) error {
	if f.steps++; f.steps != f.at {
		return do()
	}
	if f.after {
		if err := do(); err != nil {
			return err
		}
	}
	return errFailed
}

// mortalEvents are the events of a process.
type mortalEvents struct {
	event.Publisher
	stepper
}

func (m mortalEvents) Publish(ctx context.Context, e event.Event) error {
	return m.step(func() error { return m.Publisher.Publish(ctx, e) })
}

// A step that fails is made again, by whoever is told of the failure (the queue, which hands out a timer or an answer again) or by a
// timer that is set: nothing is left out, and everybody learns the end of each command.
func TestAnyStepMayFail(t *testing.T) {
	for _, test := range []struct {
		name  string
		begin func(r *rig)
		do    func(r *rig) func(d *command.Dispatcher) error
		told  []string // commands whose end somebody is told
	}{
		{"submit", func(r *rig) { r.connect("c1=") }, submitting("a"), nil},
		{"answer", func(r *rig) { r.connect("c1="); r.submit("a", "b") }, finishing("a"), []string{"a", "b"}},
		{"answer that is late", func(r *rig) { r.connect("c1="); r.submit("a", "b"); r.pass(31 * time.Second) }, finishing("a"), []string{"a", "b"}},
		{"deadline", func(r *rig) { r.connect("c1="); r.submit("a", "b"); r.wait(31 * time.Second) }, firing(command.TimerDeadline, 0), []string{"a", "b"}},
		{"deadline of an answer in the journal", func(r *rig) {
			r.connect("c1=")
			r.submit("a", "b")
			r.note("a")
			r.wait(31 * time.Second)
		}, firing(command.TimerDeadline, 0), []string{"a", "b"}},
		{"end of a connection", func(r *rig) { r.connect("c1="); r.submit("a"); r.end("c1="); r.wait(5 * time.Second) }, firing(command.TimerAbandoned, 0), []string{"a"}},
		{"connection", func(r *rig) { r.submit("a"); r.pending = nil; r.arrive("c1="); r.wait(11 * time.Second) }, firing(command.TimerDrain, 0), []string{"a"}},
		{"expiry", func(r *rig) { r.submit("a"); r.wait(time.Hour) }, firing(command.TimerDrain, 0), []string{"a"}},
		{"turn of the dead", func(r *rig) { r.connect("c1="); r.submit("a"); r.pending = nil; r.wait(2 * time.Minute) }, submitting("b"), nil},
	} {
		for _, after := range []bool{false, true} {
			for f := (&failure{after: after}); f.steps >= f.at; {
				f = &failure{after: after, at: f.at + 1}
				t.Run(fmt.Sprintf("%s, step %d, after it %t", test.name, f.at, after), func(t *testing.T) {
					r := newRig(t)
					watcher := r.watch()
					test.begin(r)
					failing, do := r.mortal(f), test.do(r)
					failing.Events = mortalEvents{watcher, f}
					if do(failing) != nil {
						r.wait(2 * time.Minute) // the queue's visibility timeout
						r.must(do(r.dispatcher))
					}
					r.pass(20 * time.Minute)
					if cp, err := r.store.Get(t.Context(), cp001); err == nil && cp.Session == nil {
						r.connect("c2=")
					}
					r.wantHealthy(test.told...)
					for _, id := range test.told {
						if !slices.ContainsFunc(watcher.events, func(e event.Event) bool { return e.ID == id }) {
							t.Errorf("nobody was told the end of %s", id)
						}
					}
				})
			}
		}
	}
}

// submitting stores a command, which is there already when it is submitted again.
func submitting(id string) func(r *rig) func(d *command.Dispatcher) error {
	return func(r *rig) func(d *command.Dispatcher) error {
		order := r.order(id)
		return func(d *command.Dispatcher) error {
			err := d.Submit(r.Context(), order)
			if fault.Is(err, fault.Conflict) {
				return nil
			}
			return err
		}
	}
}

// finishing brings a command its answer.
func finishing(id string) func(r *rig) func(d *command.Dispatcher) error {
	return func(r *rig) func(d *command.Dispatcher) error {
		accepted := command.Outcome{Event: command.EventAccept, At: r.now()}
		return func(d *command.Dispatcher) error { return d.Finish(r.Context(), cp001, id, accepted) }
	}
}

// firing takes the next timer of a kind out of the queue, which is due, or early by so much.
func firing(kind command.TimerKind, early time.Duration) func(r *rig) func(d *command.Dispatcher) error {
	return func(r *rig) func(d *command.Dispatcher) error {
		found := slices.IndexFunc(r.pending, func(p pending) bool { return p.timer.Kind == kind })
		if found < 0 || r.pending[found].at.After(r.now().Add(early)) {
			r.Fatalf("no timer %s is due", kind)
		}
		timer := r.pending[found].timer
		r.pending = slices.Delete(r.pending, found, found+1)
		return func(d *command.Dispatcher) error {
			switch kind {
			case command.TimerDeadline:
				return d.Deadline(r.Context(), timer)
			case command.TimerAbandoned:
				return d.Abandoned(r.Context(), timer)
			default:
				return d.Drained(r.Context(), timer)
			}
		}
	}
}
