package command_test

import (
	"slices"
	"testing"

	"github.com/serverless-ocpp/backend/shared/command"
)

var states = []command.State{
	command.Queued, command.Sent, command.Accepted, command.Rejected,
	command.CallError, command.TimedOut, command.Expired, command.Cancelled,
}

// machine is the drawing in state.go once more, written by hand: event, from, to.
var machine = []struct {
	event    command.Event
	from, to command.State
}{
	{command.EventSend, command.Queued, command.Sent},
	{command.EventReturn, command.Sent, command.Queued},
	{command.EventAccept, command.Sent, command.Accepted},
	{command.EventReject, command.Sent, command.Rejected},
	{command.EventError, command.Sent, command.CallError},
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
		leaves := slices.ContainsFunc(machine, func(step struct {
			event    command.Event
			from, to command.State
		}) bool {
			return step.from == state
		})
		if state.Final() == leaves {
			t.Errorf("%s: Final is %t, but events lead out of it: %t", state, state.Final(), leaves)
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
