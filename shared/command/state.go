package command

// The life of a command:
//
//	          send             accept
//	 queued ────────> sent ─────────────> accepted
//	  │  ^             │ ├──── reject ──> rejected
//	  │  └── return ───┘ ├──── error ───> callError
//	  │                  ├─── misfit ───> invalidResult
//	  │                  └─ giveUp ────> timedOut
//	  ├──── expire ──> expired
//	  └──── cancel ──> cancelled

// State of a command.
type State string

const (
	Queued        State = "queued"
	Sent          State = "sent"
	Accepted      State = "accepted"      // the charge point agreed
	Rejected      State = "rejected"      // it answered, and did not agree
	CallError     State = "callError"     // it could not process the CALL
	InvalidResult State = "invalidResult" // its answer breaks the schema of the action
	TimedOut      State = "timedOut"      // no answer by the deadline, or the connection ended before it
	Expired       State = "expired"       // it could not be sent in time
	Cancelled     State = "cancelled"
)

// States are all of them, in the order of a command's life.
var States = []State{Queued, Sent, Accepted, Rejected, CallError, InvalidResult, TimedOut, Expired, Cancelled}

// Event moves a command.
type Event string

const (
	EventSend   Event = "send"
	EventReturn Event = "return" // it did not reach the connection: back to the queue
	EventAccept Event = "accept"
	EventReject Event = "reject"
	EventError  Event = "error"
	EventMisfit Event = "misfit"
	EventGiveUp Event = "giveUp"
	EventExpire Event = "expire"
	EventCancel Event = "cancel"
)

// transitions is the whole machine: what is not in it does not happen.
var transitions = map[Event]struct{ from, to State }{
	EventSend:   {Queued, Sent},
	EventReturn: {Sent, Queued},
	EventAccept: {Sent, Accepted},
	EventReject: {Sent, Rejected},
	EventError:  {Sent, CallError},
	EventMisfit: {Sent, InvalidResult},
	EventGiveUp: {Sent, TimedOut},
	EventExpire: {Queued, Expired},
	EventCancel: {Queued, Cancelled},
}

// Transition returns the one state that takes an event, for the condition of the write, and the state
// after it. It panics on an event that is none: events are constants of this package.
func Transition(event Event) (from, to State) {
	step, ok := transitions[event]
	if !ok {
		panic("command: no such event: " + string(event))
	}
	return step.from, step.to
}

// Final tells whether nothing can happen to a command in that state any more.
func (s State) Final() bool {
	return s != Queued && s != Sent
}

// Failed tells whether a command ended otherwise than was wanted. One that was taken back ended as was wanted.
func (s State) Failed() bool {
	switch s {
	case Rejected, CallError, InvalidResult, TimedOut, Expired:
		return true
	case Queued, Sent, Accepted, Cancelled:
	}
	return false
}

// MayBeDone tells whether the charge point may be doing what it was told, or have done it. No answer, and one that
// cannot be read, do not say that it did not.
func (s State) MayBeDone() bool {
	switch s {
	case Sent, Accepted, InvalidResult, TimedOut:
		return true
	case Queued, Rejected, CallError, Expired, Cancelled:
		return false
	}
	return false // a state that this program does not know
}
