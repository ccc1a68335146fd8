package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// States of commands, as the system spells them.
const (
	accepted      = "accepted"
	rejected      = "rejected"
	callError     = "callError"
	invalidResult = "invalidResult"
	timedOut      = "timedOut"
	expired       = "expired"
	cancelled     = "cancelled"
)

// originHTTP is how the system spells where a command of the HTTP API comes from.
const originHTTP = "http"

// final tells whether a state that somebody was told is an outcome.
func final(state string) bool {
	return slices.Contains([]string{accepted, rejected, callError, invalidResult, timedOut, expired, cancelled}, state)
}

// commands compares what operators asked for, what the charge point received, and what the system says of it.
func (c *comparison) commands(deadLetters map[string][]string) {
	received := map[string][]*Command{}
	for _, command := range c.told.Commands {
		received[command.ID] = append(received[command.ID], command)
	}
	for _, id := range slices.Sorted(maps.Keys(received)) {
		if _, known := c.known.Commands[id]; !known {
			c.find(CommandMade, id, fmt.Sprintf("received %s", received[id][0].Action), "")
		}
	}
	for _, id := range slices.Sorted(maps.Keys(c.known.Commands)) {
		c.command(id, c.known.Commands[id], received[id])
	}
	c.placed(deadLetters)
	if c.known.Turn != "" {
		c.find(Stuck, c.known.Turn, "", "the turn is not given back")
	}
}

// command compares the record of a command with what the charge point received and answered.
func (c *comparison) command(id string, row CommandRow, received []*Command) {
	var answers []Answer
	for _, command := range received {
		answers = append(answers, command.Answers...)
	}
	told := fmt.Sprintf("received %d times, answered %s", len(received), spelled(answers))
	known := fmt.Sprintf("%s is %s after %d attempts, result %s%s", row.Action, row.State, row.Attempts, row.Result, row.ErrorCode)
	if len(received) > 1 {
		c.find(CommandTwice, id, told, known)
	}
	results := slices.ContainsFunc(answers, func(a Answer) bool { return a.ErrorCode == "" && same(a.Payload, row.Result) })
	untrue := false
	switch row.State {
	case accepted:
		untrue = !results || word(row.Result) == "Rejected" || field(row.Result, "status") == "Rejected"
	case rejected:
		untrue = !results || field(row.Result, "status") == "Accepted"
	case callError:
		untrue = !slices.ContainsFunc(answers, func(a Answer) bool { return a.ErrorCode != "" && a.ErrorCode == row.ErrorCode })
	case invalidResult:
		untrue = true // fleets answer by the schema
	case expired, cancelled:
		untrue = len(received) > 0
	case timedOut: // the answer may have been lost on its way: the probes tell whether that ends with the faults
	default:
		c.find(CommandOpen, id, told, known)
	}
	for _, command := range received {
		untrue = untrue || command.Action != row.Action
	}
	if untrue {
		c.find(CommandUntrue, id, told, known)
	}
	if c.heard && final(row.State) && len(c.outcomes[id]) == 0 {
		c.find(OutcomeUntold, id, "integrators: nothing", known)
	}
	for _, outcome := range c.outcomes[id] {
		if outcome != row.State {
			c.find(OutcomeChanged, id, "integrators: "+outcome, known)
		}
	}
}

// placed compares the orders with the records.
func (c *comparison) placed(deadLetters map[string][]string) {
	undecided, mine := 0, map[string]bool{}
	for _, order := range c.orders {
		if order.CommandID == "" {
			undecided++
			continue
		}
		mine[order.CommandID] = true
		row, known := c.known.Commands[order.CommandID]
		kept := slices.ContainsFunc(deadLetters[eventsQueue], func(letter string) bool { return strings.Contains(letter, order.CommandID) })
		if final(order.Outcome) && order.Outcome != row.State {
			c.find(OutcomeChanged, order.CommandID, "the operator: "+order.Outcome, row.State)
		}
		switch {
		case !known && !kept:
			c.find(CommandLost, order.CommandID, order.Action, "")
		case order.Probe && row.State != accepted && row.State != rejected:
			c.find(Stuck, order.CommandID, order.Action+", asked when nothing went wrong any more", fmt.Sprintf("%s after %d attempts", row.State, row.Attempts))
		}
	}
	unasked := 0
	for id, row := range c.known.Commands {
		if row.Origin == originHTTP && !mine[id] {
			unasked++
		}
	}
	if unasked > undecided {
		c.find(CommandTwice, "", fmt.Sprintf("%d orders whose fate was not told", undecided), fmt.Sprintf("%d commands that nobody was told", unasked))
	}
}
