package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// heartbeat tells nothing new and is not journaled.
const heartbeat = "Heartbeat"

// unreadable is the id of a CALLERROR to a frame that has none (OCPP-J errata): to what API Gateway itself says when it throttles.
const unreadable = "-1"

// messages compares what a charge point said with the message log.
func (c *comparison) messages() {
	sent := map[string]bool{}
	answers := map[string]bool{} // ids of CALLs that it has answered
	for _, command := range c.told.Commands {
		answers[command.ID] = true
	}
	for _, m := range c.told.Messages {
		sent[m.ID] = true
		c.answers(m)
		if m.Action != heartbeat {
			c.stored(m)
		}
	}
	for _, stray := range c.told.Strays {
		c.find(AnswerForeign, stray.MessageID, stray.Frame, "")
	}
	for _, id := range slices.Sorted(maps.Keys(c.known.Frames)) {
		if !sent[id] && !answers[id] && id != unreadable {
			c.find(MessageInvented, id, "", fmt.Sprintf("%+v", c.known.Frames[id]))
		}
	}
}

// stored compares one message with its rows.
func (c *comparison) stored(m *Message) {
	taken := 0 // rows that say that the message was taken
	for _, frame := range c.known.Frames[m.ID] {
		if frame.Action != m.Action {
			c.find(MessageInvented, m.ID, m.Action, "stored as "+frame.Action)
		}
		if frame.Answer == "" || strings.HasPrefix(strings.TrimSpace(frame.Answer), "[3") {
			taken++
		}
	}
	told := fmt.Sprintf("%s, sent %d times, answered %s", m.Action, len(m.Connections), spelled(m.Answers))
	stored := fmt.Sprintf("%d rows in the message log", taken)
	switch {
	case m.acknowledged() && taken == 0:
		c.find(MessageLost, m.ID, told, stored)
	case taken > len(m.Connections):
		c.find(MessageTwice, m.ID, told, stored)
	case taken > len(m.Connections)-m.refusals():
		c.find(MessageRefused, m.ID, told, stored)
	}
}

// answers compares the answers to one message with where it was sent, and with each other.
func (c *comparison) answers(m *Message) {
	given := ""
	for _, a := range m.Answers {
		if !slices.Contains(m.Connections, a.Connection) {
			c.find(AnswerForeign, m.ID, fmt.Sprintf("%s: answered on connection %d, sent on %v", m.Action, a.Connection, m.Connections), "")
		}
		if a.ErrorCode != "" || m.Action != "StartTransaction" {
			continue
		}
		id := field(a.Payload, "transactionId")
		if given != "" && id != given {
			c.find(AnswerChanged, m.ID, "transaction "+given+", then "+id, "")
		}
		given = id
	}
}

// spelled shows answers in a line.
func spelled(answers []Answer) string {
	if len(answers) == 0 {
		return "never"
	}
	var words []string
	for _, a := range answers {
		if a.ErrorCode != "" {
			words = append(words, a.ErrorCode)
		} else {
			words = append(words, fmt.Sprintf("%.200s", a.Payload))
		}
	}
	return strings.Join(words, ", ")
}
