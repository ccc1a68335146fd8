package command_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
)

// Nobody connects, and still each command's fate is told at its time: of one that waits longer than a timer can, too.
func TestExpiryIsToldWithoutAConnection(t *testing.T) {
	r := newRig(t)
	watcher := r.watch()
	r.submit("long")
	short := r.order("short")
	short.ExpiresAt = r.now().Add(time.Minute)
	r.must(r.dispatcher.Submit(t.Context(), short))

	r.pass(59 * time.Second)
	watcher.wantTold(t)
	r.pass(2 * time.Second)
	watcher.wantTold(t, "command short expired")
	r.wantState(command.Expired, "short")
	r.pass(58 * time.Minute)
	r.wantState(command.Queued, "long")
	r.pass(2 * time.Minute)
	watcher.wantTold(t, "command short expired", "command long expired")
	if len(r.pending) > 0 {
		t.Errorf("timers are left: %+v", r.pending)
	}
}

// Whoever takes a waiting command back, or finds it expired, may die before it tells anybody: before the timer looks for the first time,
// and after that.
func TestEndOfAWaitingCommandIsToldWhoeverDies(t *testing.T) {
	for _, end := range []command.Event{command.EventCancel, command.EventExpire} {
		for _, after := range []time.Duration{time.Second, 10 * time.Second, 55 * time.Minute} {
			r := newRig(t)
			watcher := r.watch()
			r.submit("a")
			r.pass(after)
			ended, err := r.commands.Apply(t.Context(), cp001, "a", command.Outcome{Event: end, At: r.now()})
			r.must(err)
			r.pass(time.Hour)
			if watcher.wantTold(t, "command a "+string(ended.State)); len(r.pending) > 0 {
				t.Errorf("timers are left: %+v", r.pending)
			}
		}
	}
}

func TestNothingFollowsACommandThatWasSent(t *testing.T) {
	r := newRig(t)
	r.connect("c1=")
	r.submit("a")
	r.answer("a")
	r.pass(time.Minute)
	if r.wantState(command.Accepted, "a"); len(r.pending) > 0 {
		t.Errorf("timers are left: %+v", r.pending)
	}
}

// arrive opens a session that has not booted, with its timer, as functions/connect does.
func (r *rig) arrive(connection string) {
	r.Helper()
	_, err := r.store.Open(r.Context(), cp001, chargepoint.Session{ConnectionID: connection, Protocol: protocol, ConnectedAt: r.now()})
	r.must(err)
	r.must(r.After(r.Context(), chargepoint.QuietAfterConnect+time.Second, command.Timer{Kind: command.TimerDrain, ChargePointID: cp001, ConnectionID: connection}))
}

// A charge point that connects again and again, and never boots, has no more timers than connections that are new.
func TestTimersOfEarlierConnectionsEnd(t *testing.T) {
	r := newRig(t)
	watcher := r.watch()
	order := r.order("short")
	order.ExpiresAt = r.now().Add(100 * time.Second)
	r.must(r.dispatcher.Submit(t.Context(), order))
	r.submit("a")
	for i := range 60 {
		r.arrive(fmt.Sprintf("c%02d=", i))
		r.pass(2 * time.Second)
		if most := 6 + 2; len(r.pending) > most { // of the connections of eleven seconds, and of each command
			t.Fatalf("after %d connections: timers %+v", i+1, r.pending)
		}
	}
	watcher.wantTold(t, "command short expired")
	r.wantPosts()
	r.pass(10 * time.Second) // now it stays
	r.wantPosts("a")
	r.answer("a")
	if r.pass(time.Minute); len(r.pending) > 0 {
		t.Errorf("timers are left: %+v", r.pending)
	}
}

// A timer that comes a little early, as messages of a queue do, comes again. When it does not come at all, a command is sent by its
// own.
func TestTheTimerOfAConnectionIsEarlyOrLost(t *testing.T) {
	for _, lost := range []bool{false, true} {
		r := newRig(t)
		r.arrive("c1=")
		r.submit("a")
		if lost {
			r.pending = r.pending[1:]
		} else {
			r.pending[0].at = r.now().Add(chargepoint.QuietAfterConnect - 500*time.Millisecond)
		}
		r.pass(chargepoint.QuietAfterConnect - 10*time.Millisecond)
		if r.wantPosts(); lost {
			r.pass(command.DispatcherLife)
		}
		r.pass(time.Second)
		r.wantPosts("a")
	}
}

// Whatever a timer is for, its charge point may be deleted.
func TestDrainedOfNobody(t *testing.T) {
	r := newRig(t)
	r.must(r.store.Forget(t.Context(), cp001, "thing"))
	r.must(r.dispatcher.Drained(t.Context(), command.Timer{Kind: command.TimerDrain, ChargePointID: cp001, ConnectionID: "c1="}))
}
