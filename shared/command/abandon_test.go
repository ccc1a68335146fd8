package command_test

import (
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/command"
)

// end lets the connection of the charge point end, as functions/disconnect does.
func (r *rig) end(connection string) {
	r.Helper()
	before, err := r.store.Close(r.Context(), cp001, connection, 1006, "", r.now())
	r.must(err)
	r.must(command.Abandon(r.Context(), r, cp001, before.Outstanding))
}

func TestCommandOutlivesItsConnectionForAMoment(t *testing.T) {
	r := newRig(t)
	r.connect("c1=")
	r.submit("a")
	r.end("c1=")
	r.wantState(command.Sent, "a")
	r.answer("a") // it was on its way
	r.pass(time.Minute)
	r.wantState(command.Accepted, "a")
}

// Specification: OCPP 2.0.1 part 4 section 4.1.1.
func TestAbandonedCommandIsGivenUp(t *testing.T) {
	r := newRig(t)
	r.connect("c1=")
	r.submit("a", "b")
	r.end("c1=")
	r.wait(time.Second)
	r.connect("c2=")
	r.must(r.dispatcher.Drain(r.Context(), cp001)) // it does not have to wait for the end of a
	r.wantPosts("a", "b")
	r.pass(10 * time.Second)
	r.wantState(command.TimedOut, "a")
	r.wantState(command.Sent, "b")
	r.answer("b")
	r.wantState(command.Accepted, "b")
}

func TestAbandonedAttemptIsNotTheNextOne(t *testing.T) {
	r := newRig(t)
	r.connect("c1=")
	r.submit("a")
	late := command.Timer{Kind: command.TimerAbandoned, ChargePointID: cp001, CommandID: "a", Deadline: r.now()} // not that of this attempt
	r.must(r.dispatcher.Abandoned(t.Context(), late))
	r.wantState(command.Sent, "a")
	late.CommandID = "nobody knows"
	r.must(r.dispatcher.Abandoned(t.Context(), late))
}
