package command_test

import (
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/command"
)

// note has it known that the answer to a command is in the journal, as functions/message does.
func (r *rig) note(id string) {
	r.Helper()
	r.must(r.commands.Answered(r.Context(), cp001, id, r.now().Add(-time.Hour), r.now()))
}

// An answer that came in time, and is read late, is the end of its command; and the charge point, which does not owe an answer any
// more, is sent the next.
func TestAnAnswerInTheJournalIsAwaited(t *testing.T) {
	r := newRig(t)
	watcher := r.watch()
	r.connect("c1=")
	r.submit("a", "b")
	r.note("a")
	r.pass(29 * time.Second)
	r.wantPosts("a")
	r.pass(2 * time.Second)
	r.wantState(command.Sent, "a")
	r.wantPosts("a", "b")
	r.pass(2*time.Minute - 20*time.Second)
	r.wantState(command.Sent, "a")
	r.answer("a")
	r.wantState(command.Accepted, "a")
	r.pass(20 * time.Minute)
	watcher.wantTold(t, "command b timedOut", "command a accepted")
	r.wantHealthy("a", "b")
}

// One that lies in the dead letter queue ends its command as none does, later.
func TestAnAnswerThatIsNeverReadIsNotAwaited(t *testing.T) {
	r := newRig(t)
	watcher := r.watch()
	r.connect("c1=")
	r.submit("a")
	r.note("a")
	r.pass(14 * time.Minute)
	r.wantState(command.Sent, "a")
	r.pass(2 * time.Minute)
	r.wantState(command.TimedOut, "a")
	watcher.wantTold(t, "command a timedOut")
	if c, err := r.commands.Get(t.Context(), cp001, "a"); err != nil || c.ErrorDescription != "the charge point answered, but its answer could not be processed" {
		t.Errorf("why: %q (%v)", c.ErrorDescription, err)
	}
	if len(r.pending) > 0 {
		t.Errorf("timers are left: %+v", r.pending)
	}
}

// A charge point may answer and hang up.
func TestTheEndOfAConnectionDoesNotOvertakeAnAnswer(t *testing.T) {
	r := newRig(t)
	r.connect("c1=")
	r.submit("a")
	r.note("a")
	r.end("c1=")
	r.pass(2 * time.Minute)
	r.wantState(command.Sent, "a")
	r.answer("a")
	r.pass(time.Hour)
	r.wantState(command.Accepted, "a")
}

// Whoever finds a turn whose timer did not come leaves its command to the answer, too.
func TestAnAnswerIsAwaitedWithoutATimer(t *testing.T) {
	r := newRig(t)
	r.connect("c1=")
	r.submit("a")
	r.note("a")
	r.pending = nil // its timer ends in the dead letter queue
	r.wait(5 * time.Minute)
	r.submit("b")
	r.wantPosts("a", "b")
	r.wantState(command.Sent, "a")
	r.pass(11 * time.Minute)
	r.wantState(command.TimedOut, "a")
}
