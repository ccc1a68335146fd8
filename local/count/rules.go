package count

// triggered counts the rules that a message on a topic triggers; c.mu is held.
func (c *Counter) triggered(shares []share, topic string, bytes int) {
	if n := c.rules(topic); n > 0 {
		c.spread(shares, Key{Service: "iot", Operation: "RuleTriggered"}, float64(n), float64(bytes), 0, amount{IoTRule, float64(n) * blocks(bytes, 5<<10)})
	}
}

// Published counts a message of an MQTT client, and what it triggers.
func (c *Counter) Published(topic string, payload []byte) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	shares := only("(command " + causeOfFrame(payload) + ")")
	c.spread(shares, Key{Service: "iot", Operation: "MessageIn"}, 1, float64(len(payload)), 0, amount{IoTMessage, blocks(len(payload), 5<<10)})
	c.triggered(shares, topic, len(payload))
}

// ThingChanged counts the rules that an event about a Thing triggers; AWS IoT does not bill the event itself.
func (c *Counter) ThingChanged(topic string, payload []byte) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.triggered(only(Things), topic, len(payload))
}

// RuleInvoked counts an action of a rule that invokes a function.
func (c *Counter) RuleInvoked(function string, event []byte) {
	if c == nil {
		return
	}
	_, shares := causesOf(function, event)
	c.action(shares, "InvokeFunction", len(event))
}

// RuleSent counts an action of a rule that sends to a queue, which is a request of SQS as well.
func (c *Counter) RuleSent(body string) {
	if c == nil {
		return
	}
	shares := only(causeOfRecord([]byte(body)))
	c.action(shares, "SendMessage", len(body))
	c.mu.Lock()
	defer c.mu.Unlock()
	c.spread(shares, Key{Service: "sqs", Operation: "SendMessageByRule"}, 1, float64(len(body)), 0, amount{SQSRequest, blocks(len(body), 64<<10)})
}

func (c *Counter) action(shares []share, kind string, bytes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.spread(shares, Key{Service: "iot", Operation: "RuleAction" + kind}, 1, float64(bytes), 0, amount{IoTAction, blocks(bytes, 5<<10)})
}
