package command_test

import (
	"slices"
	"testing"

	"github.com/serverless-ocpp/backend/shared/command"
)

var states = []command.State{
	command.Queued, command.Sent, command.Accepted, command.Rejected,
	command.CallError, command.InvalidResult, command.TimedOut, command.Expired, command.Cancelled,
}

// step is an arrow of the drawing in state.go.
type step struct {
	event    command.Event
	from, to command.State
}

// machine is the drawing once more, written by hand.
var machine = []step{
	{command.EventSend, command.Queued, command.Sent},
	{command.EventReturn, command.Sent, command.Queued},
	{command.EventAccept, command.Sent, command.Accepted},
	{command.EventReject, command.Sent, command.Rejected},
	{command.EventError, command.Sent, command.CallError},
	{command.EventMisfit, command.Sent, command.InvalidResult},
	{command.EventGiveUp, command.Sent, command.TimedOut},
	{command.EventExpire, command.Queued, command.Expired},
	{command.EventCancel, command.Queued, command.Cancelled},
}

func TestTransitions(t *testing.T) {
	for _, want := range machine {
		if from, to := command.Transition(want.event); from != want.from || to != want.to {
			t.Errorf("%s: %s to %s, want %s to %s", want.event, from, to, want.from, want.to)
		}
	}
}

func TestFinal(t *testing.T) {
	for _, state := range states {
		leaves := slices.ContainsFunc(machine, func(s step) bool { return s.from == state })
		if state.Final() == leaves {
			t.Errorf("%s: Final is %t, but events lead out of it: %t", state, state.Final(), leaves)
		}
	}
}

// What cannot be told from the answer may be done all the same.
func TestMayBeDone(t *testing.T) {
	may := []command.State{command.Sent, command.Accepted, command.InvalidResult, command.TimedOut}
	for _, state := range states {
		if want := slices.Contains(may, state); state.MayBeDone() != want {
			t.Errorf("%s: %t, want %t", state, state.MayBeDone(), want)
		}
	}
}

func TestUnknownEventPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("an event that is none has a transition")
		}
	}()
	command.Transition("explode")
}
