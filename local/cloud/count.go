package cloud

import (
	"strings"

	"github.com/serverless-ocpp/backend/local/mqtt"
)

// thingEvents begin the topics on which the registry tells of changes.
const thingEvents = "$aws/events/thing/"

// triggered is how many rules a message on a topic triggers. Nothing is published before there are rules.
func (c *Cloud) triggered(topic string) int { return c.rules.Listening(topic) }

// countMessage counts what gets to the broker in other ways than by the API, whose calls are counted there.
func (c *Cloud) countMessage(m mqtt.Message) {
	switch {
	case m.ClientID != "":
		c.counter.Published(m.Topic, m.Payload)
	case strings.HasPrefix(m.Topic, thingEvents):
		c.counter.ThingChanged(m.Topic, m.Payload)
	}
}

// logsOf counts the lines that functions write on their way to where they are shown, and takes the metrics out of them.
func (c *Cloud) logsOf(show func(function, requestID, line string)) func(function, requestID, line string) {
	return func(function, requestID, line string) {
		c.counter.Logged(function, requestID, len(line))
		c.metrics.Line(line)
		show(function, requestID, line)
	}
}
