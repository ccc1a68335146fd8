package command_test

import (
	"context"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
)

// slowSend lets something happen between a dispatcher's taking the turn and its note that the command is sent.
type slowSend struct {
	command.Store
	meanwhile func()
}

func (s *slowSend) Send(ctx context.Context, chargePointID, id string, at, deadline time.Time) (command.Command, error) {
	if meanwhile := s.meanwhile; meanwhile != nil {
		s.meanwhile = nil
		meanwhile()
	}
	return s.Store.Send(ctx, chargePointID, id, at, deadline)
}

// slow returns a dispatcher that is overtaken.
func (r *rig) slow(meanwhile func()) *command.Dispatcher {
	slow := *r.dispatcher
	slow.Commands = &slowSend{Store: r.commands, meanwhile: meanwhile}
	return &slow
}

// slowTake lets something happen between a dispatcher's setting its timer and its knowing that it has the turn.
type slowTake struct {
	command.Turns
	meanwhile func(take func() error)
}

func (s slowTake) Take(ctx context.Context, id string, turn chargepoint.Outstanding) error {
	take := func() error { return s.Turns.Take(ctx, id, turn) }
	s.meanwhile(take)
	return take()
}

// secondLook lets something happen before a charge point is looked at for the second time.
type secondLook struct {
	chargepoint.Registry
	before func()
	looks  int
}

func (s *secondLook) Get(ctx context.Context, id string) (chargepoint.ChargePoint, error) {
	if s.looks++; s.looks == 2 {
		s.before()
	}
	return s.Registry.Get(ctx, id)
}

// A timer may fire a little early: with a short timeout before its dispatcher has the turn, which is taken before the timer's own
// dispatcher would send. The command has no other.
func TestATimerThatIsFasterThanItsDispatcher(t *testing.T) {
	r := newRig(t)
	r.connect("c1=")
	order := r.order("a")
	order.Timeout = time.Second
	slow := *r.dispatcher
	slow.Turns = slowTake{r.store, func(take func() error) {
		early := firing(command.TimerDeadline, time.Second)(r)
		fast := *r.dispatcher
		fast.Registry = &secondLook{Registry: r.store, before: func() { r.must(take()) }}
		r.must(early(&fast))
	}}
	r.must(slow.Submit(t.Context(), order))
	r.wantPosts("a")
	r.pass(2 * time.Second)
	r.wantState(command.TimedOut, "a")
	r.wantHealthy("a")
}

// A dispatcher that is slower than the timeout does not post: the charge point has been given up, and another CALL may
// be outstanding.
func TestTooLateToPost(t *testing.T) {
	r := newRig(t)
	r.connect("c1=")
	order := r.order("a")
	order.Timeout = time.Second
	r.must(r.slow(func() { r.pass(3 * time.Second) }).Submit(t.Context(), order))
	posts := len(r.posts)
	if c, err := r.commands.Get(t.Context(), cp001, "a"); err != nil || c.Attempt != posts+1 {
		t.Errorf("%d posts in %d attempts (%v): the late one is none", posts, c.Attempt, err)
	}
	r.wantHealthy("a")
}

// The turn of a dispatcher that may still live is its own, whatever its deadline says.
func TestASlowDispatcherKeepsTheTurn(t *testing.T) {
	r := newRig(t)
	r.connect("c1=")
	order := r.order("a")
	order.Timeout = time.Second
	r.must(r.slow(func() {
		r.pass(20 * time.Second)
		if r.turn() != "a" {
			t.Errorf("the turn is %q while a dispatcher is sending", r.turn())
		}
	}).Submit(t.Context(), order))
	r.wantHealthy("a")
}

// An answer to a command that is not sent yet does not give away the turn that it is sent in.
func TestAnAnswerAheadOfItsCall(t *testing.T) {
	r := newRig(t)
	r.connect("c1=")
	r.must(r.slow(func() {
		r.answer("a")
		if r.turn() != "a" {
			t.Errorf("the turn is %q", r.turn())
		}
	}).Submit(t.Context(), r.order("a")))
	r.wantPosts("a")
	r.wantState(command.Sent, "a")
}

// A dispatcher that lost its session gives back no turn but its own, even if another sends the same command.
func TestReconnectOvertakesADispatcher(t *testing.T) {
	r := newRig(t)
	r.connect("c1=")
	r.must(r.slow(func() {
		r.wait(time.Second)
		r.connect("c2=")
		r.must(r.dispatcher.Drain(t.Context(), cp001))
	}).Submit(t.Context(), r.order("a")))
	r.wantPosts("a")
	if r.posts[0].connection != "c2=" || r.turn() != "a" {
		t.Errorf("posted %v, the turn is %q", r.posts, r.turn())
	}
}

// A deadline that comes early, as messages of a queue do, comes again, and that of another attempt does not.
func TestEarlyDeadline(t *testing.T) {
	for _, early := range []time.Duration{500 * time.Millisecond, 5 * time.Second} {
		r := newRig(t)
		r.connect("c1=")
		r.submit("a")
		own := r.pending[len(r.pending)-1].timer
		if own.Kind != command.TimerDeadline {
			t.Fatalf("the last timer is %+v", own)
		}
		r.pending = nil
		r.wait(command.DefaultTimeout - early)
		other := own
		other.Deadline = own.Deadline.Add(-time.Minute)
		if r.must(r.dispatcher.Deadline(t.Context(), other)); len(r.pending) > 0 {
			t.Errorf("the timer of another attempt comes again: %+v", r.pending)
		}
		r.must(r.dispatcher.Deadline(t.Context(), own))
		r.wantState(command.Sent, "a")
		r.pass(early + time.Second)
		r.wantState(command.TimedOut, "a")
		if r.turn() != "" {
			t.Errorf("the turn is %q", r.turn())
		}
	}
}

// A turn that is over cannot be given back, not even by the command that has the turn again.
func TestTakenTurnsDiffer(t *testing.T) {
	r := newRig(t)
	r.connect("c1=")
	first := chargepoint.Outstanding{CommandID: "a", ConnectionID: "c1=", Deadline: r.now().Add(time.Second)}
	r.must(r.store.Take(t.Context(), cp001, first))
	r.must(r.store.Release(t.Context(), cp001, first))
	second := first
	second.Deadline = first.Deadline.Add(time.Millisecond)
	r.must(r.store.Take(t.Context(), cp001, second))
	r.must(r.store.Release(t.Context(), cp001, first))
	if r.turn() != "a" {
		t.Error("the second turn ended with the first")
	}
	r.must(r.store.Release(t.Context(), cp001, second))
	if r.turn() != "" {
		t.Errorf("the turn is %q", r.turn())
	}
}

// A dispatcher that dies with the turn keeps it as long as it may have lived, however much time the charge point has to answer. A
// command that nobody submitted since is sent all the same.
func TestADeadDispatcherGivesTheTurnBack(t *testing.T) {
	for _, waits := range []int{1, 2} {
		r := newRig(t)
		r.connect("c1=")
		order := r.order("a")
		order.Timeout = command.MaxTimeout
		const takesTheTurn = 6
		c := &crash{at: takesTheTurn, after: true}
		r.must(r.mortal(c).Submit(t.Context(), order))
		if r.turn() != "a" {
			t.Fatalf("the turn is %q: it did not die with it", r.turn())
		}
		if waits > 1 {
			r.submit("b")
		}
		r.pass(command.DispatcherLife - time.Second)
		if r.wantPosts(); r.turn() != "a" {
			t.Errorf("the turn is %q, and its dispatcher may live", r.turn())
		}
		r.pass(10 * time.Second) // the second look, and one as late as a dispatcher lives
		r.wantPosts("a")
		r.answer("a")
		r.wantHealthy("a")
	}
}
