package check

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// Kind names what is wrong.
type Kind string

// Kinds of findings.
const (
	MessageLost      Kind = "message lost"                // answered with a CALLRESULT, and not stored
	MessageTwice     Kind = "message stored too often"    // more often than it was sent
	MessageInvented  Kind = "message invented"            // stored, and never sent
	MessageRefused   Kind = "refused message stored"      // answered with a CALLERROR, and stored as taken
	AnswerForeign    Kind = "answered for another"        // to a message that this charge point, or this connection, never sent
	AnswerChanged    Kind = "answered differently"        // a repetition of one StartTransaction gave another transaction
	TransactionLost  Kind = "transaction lost"            // its start was acknowledged
	TransactionTwice Kind = "transaction twice"           // two records of one transaction
	TransactionMade  Kind = "transaction invented"        // no charge point has it
	TransactionWrong Kind = "transaction wrong"           // another time, energy, id token or state than the charge point's
	ReadingLost      Kind = "reading lost"                // of an acknowledged message
	ReadingMade      Kind = "reading invented"            // never sent
	StatusWrong      Kind = "status wrong"                // another than the last one acknowledged
	CommandLost      Kind = "command lost"                // placed, and unknown
	CommandTwice     Kind = "command received too often"  // more than once, or made twice of one order
	CommandMade      Kind = "command invented"            // received, and unknown
	CommandUntrue    Kind = "outcome untrue"              // not what the charge point answered
	CommandOpen      Kind = "command open"                // still not final
	CommandsAtOnce   Kind = "two commands at once"        // the second while the first was outstanding
	OutcomeChanged   Kind = "outcome told differently"    // to somebody who was told it, than what it is
	OutcomeUntold    Kind = "outcome not told"            // to integrators, who listened all the time
	ThingWrong       Kind = "thing wrong"                 // not mirrored as it is
	Stuck            Kind = "stuck"                       // a turn, a queue, or a charge point that takes no commands or cannot connect
	DeadLetter       Kind = "dead letter after redriving" // it does not go through without faults, either
)

// Finding is one difference.
type Finding struct {
	Kind        Kind
	ChargePoint string
	Subject     string // message id, transaction, connector or queue
	Told        string // to the charge point or to the operator
	Known       string // to the system
}

func (f Finding) String() string {
	return fmt.Sprintf("%s: %s %s: told %s; known %s", f.Kind, f.ChargePoint, f.Subject, cmp.Or(f.Told, "nothing"), cmp.Or(f.Known, "nothing"))
}

// Compare returns all differences, by charge point.
func Compare(told Told, known Known) (findings []Finding) {
	for _, id := range slices.Sorted(maps.Keys(told.ChargePoints)) {
		record := known.ChargePoints[id]
		if record == nil {
			record = &Record{}
		}
		c := comparison{id: id, told: told.ChargePoints[id], known: record, outcomes: told.Outcomes, heard: told.Heard}
		for _, order := range told.Orders {
			if order.ChargePoint == id {
				c.orders = append(c.orders, order)
			}
		}
		c.messages()
		c.transactions()
		c.readings()
		c.statuses()
		c.commands(known.DeadLetters)
		c.order()
		findings = append(findings, c.findings...)
	}
	for _, id := range told.Absent {
		findings = append(findings, Finding{Stuck, id, "connection", "", "it could not connect when nothing went wrong any more"})
	}
	return append(append(findings, things(known)...), queues(known)...)
}

// comparison is that of one charge point.
type comparison struct {
	id       string
	told     *ChargePoint
	known    *Record
	orders   []Order
	outcomes map[string][]string // by command
	heard    bool
	findings []Finding
}

func (c *comparison) find(kind Kind, subject, told, known string) {
	c.findings = append(c.findings, Finding{kind, c.id, subject, told, known})
}

// eventsQueue is the dead letter queue of events that Lambda or a rule gave up. They are not redriven: there is no queue to
// return them to.
const eventsQueue = "DeadLetterQueueForIoTEvents"

// queues finds what is left in queues.
func queues(known Known) (findings []Finding) {
	for _, name := range slices.Sorted(maps.Keys(known.Queues)) {
		if left := known.Queues[name]; left > 0 {
			findings = append(findings, Finding{Stuck, "", name, "", fmt.Sprintf("%d messages are left", left)})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(known.DeadLetters)) {
		if letters := known.DeadLetters[name]; len(letters) > 0 && name != eventsQueue {
			findings = append(findings, Finding{DeadLetter, "", name, "", fmt.Sprintf("%d messages, the first: %.500s", len(letters), letters[0])})
		}
	}
	return findings
}
