package fault

import (
	"slices"
	"strings"
)

// A Point is a moment at which the stand-in asks for faults.
type Point int

// The points, in the order of places.
const (
	Call       Point = iota // an AWS call arrives
	Function                // a function is invoked
	Retry                   // an asynchronous invocation has failed and is going to be repeated
	Handshake               // a charge point wants to connect
	Message                 // a message came from a charge point
	Post                    // a message for a charge point was taken from @connections
	Disconnect              // $disconnect is due
	Connection              // a connection is open; may it break?
	Idle                    // a connection is open; how long may it be idle?
	Lifetime                // a connection is open; how long may it last?
	Batch                   // an event source mapping has received a batch
	Done                    // a function has dealt with a message of a batch
	Undone                  // a message of a batch stays in the queue
	Topic                   // a message reaches the rules engine of AWS IoT
)

// A Kind is what goes wrong.
type Kind string

// The kinds. What each of them means at which target is told in docs/faults.md.
const (
	Throttle    Kind = "throttle"
	Error       Kind = "error"
	Gone        Kind = "gone"         // 410 of @connections
	Partial     Kind = "partial"      // half of a BatchWriteItem comes back unprocessed
	Slow        Kind = "slow"         // after Rule.Delay
	LoseRequest Kind = "lose-request" // no answer, and nothing has happened
	LoseAnswer  Kind = "lose-answer"  // no answer, but it has happened
	KillBefore  Kind = "kill-before"
	KillAfter   Kind = "kill-after"
	Fail        Kind = "fail" // a function error without a run of the function
	Cold        Kind = "cold" // no instance is reused; it starts Rule.Delay later
	Cut         Kind = "cut"  // the TCP connection ends, without a close frame
	Lose        Kind = "lose"
	Twice       Kind = "twice"
	IdleLimit   Kind = "idle"     // Rule.Delay replaces the idle limit
	LifeLimit   Kind = "lifetime" // Rule.Delay replaces the lifetime limit
	Again       Kind = "again"    // a message that was dealt with is not deleted
	Shorten     Kind = "shorten"  // Rule.Delay replaces the time after which AWS tries again
)

// A place is a point, the beginning of the targets that mean it, and what can go wrong there. One target may stand for several
// points, which the kind tells apart.
type place struct {
	point  Point
	prefix string // all of the target when it does not end in a colon
	kinds  []Kind
}

var places = []place{
	{Call, "", []Kind{Throttle, Error, Gone, Partial, Slow, LoseRequest, LoseAnswer, KillBefore, KillAfter}},
	{Function, "function:", []Kind{Throttle, Error, Fail, Slow, Cold, KillBefore, KillAfter}},
	{Retry, "function:", []Kind{Shorten}},
	{Handshake, "websocket:connect", []Kind{Throttle, Error, Slow, Cut}},
	{Message, "websocket:message", []Kind{Throttle, Error, Slow, Cut}},
	{Post, "websocket:post", []Kind{Cut}},
	{Disconnect, "websocket:disconnect", []Kind{Lose, Slow, Twice}},
	{Connection, "websocket:connection", []Kind{Cut}},
	{Idle, "websocket:connection", []Kind{IdleLimit}},
	{Lifetime, "websocket:connection", []Kind{LifeLimit}},
	{Batch, "queue:", []Kind{Twice, Slow}},
	{Done, "queue:", []Kind{Again}},
	{Undone, "queue:", []Kind{Shorten}},
	{Topic, "topic:", []Kind{Twice, Slow}},
}

// placesOf are the places that a target means, and the pattern of names that it leaves. What begins like none of the others
// is an AWS call.
func placesOf(target string) (found []place, pattern string) {
	for _, p := range places[1:] {
		rest, begins := strings.CutPrefix(target, p.prefix)
		if begins && (rest == "" || strings.HasSuffix(p.prefix, ":")) {
			found, pattern = append(found, p), rest
		}
	}
	if found == nil {
		return places[:1], target
	}
	return found, pattern
}

// kindsOf are all that can go wrong at a target's places.
func kindsOf(places []place) (kinds []Kind) {
	for _, p := range places {
		kinds = append(kinds, p.kinds...)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}
