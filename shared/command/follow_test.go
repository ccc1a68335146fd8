package command_test

import (
	"testing"
	"time"

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
