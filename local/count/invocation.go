package count

import "time"

// remembered is how many invocations are kept after their begin, so that log lines and calls that come late find theirs. No more
// than a few hundred are ever under way.
const remembered = 20_000

// logOverhead is what CloudWatch adds to each log event.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
const logOverhead = 26

// invocation is a run of a function, until it is forgotten. Guarded by Counter.mu.
type invocation struct {
	function string
	shares   []share
	answers  bool // it is that of a message, whose answer has not been sent yet
	underWay int  // calls
	trips    int  // round trips that have begun
}

// Began notes that a function gets an event.
func (c *Counter) Began(trace, requestID, function string, raw []byte) {
	if c == nil {
		return
	}
	e, shares := causesOf(function, raw)
	c.mu.Lock()
	defer c.mu.Unlock()
	run := &invocation{function: function, shares: shares}
	c.remember(trace, run)
	c.remember(requestID, run)
	c.running++
	switch {
	case e.eventType == "MESSAGE":
		run.answers = true
		c.spread(shares, Key{Service: "apigateway", Operation: "MessageIn"}, 1, float64(len(e.body)), 0,
			amount{WebSocketMessage, blocks(len(e.body), 32<<10)})
	case e.kind == "REQUEST": // the handshake has come through the edge, as all but experts' do
		c.spread(shares, Key{Service: "cloudfront", Operation: "Handshake"}, 1, 0, 0, amount{EdgeRequest, 1}, amount{EdgeFunction, 1})
	case e.method != "":
		c.spread(shares, Key{Service: "apigateway", Operation: "HTTPRequest"}, 1, float64(len(e.body)), 0,
			amount{HTTPRequest, blocks(len(e.body), 512<<10)})
	}
}

// remember keeps an invocation and forgets the oldest; c.mu is held.
func (c *Counter) remember(id string, run *invocation) {
	c.invocations[id] = run
	c.order = append(c.order, id)
	if len(c.order) > 2*remembered { // each has two ids
		delete(c.invocations, c.order[0])
		c.order = c.order[1:]
	}
}

// Running is how many invocations have begun and not ended.
func (c *Counter) Running() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.running
}

// Ended notes that a function has run for some time, of which Lambda bills whole milliseconds of its memory. After no time it has
// not run, and nothing is billed.
func (c *Counter) Ended(trace string, memoryMB int, took time.Duration) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.running--
	run := c.invocations[trace]
	if run == nil || took == 0 {
		return
	}
	billed := (took + time.Millisecond - 1).Truncate(time.Millisecond)
	c.spread(run.shares, Key{Function: run.function, Service: "lambda", Operation: "Invocation"}, 1, 0, float64(billed.Milliseconds()),
		amount{LambdaRequest, 1}, amount{LambdaGBSecond, float64(memoryMB) / 1024 * billed.Seconds()})
}

// Logged notes a line that a function wrote. It is no operation: nobody calls for it.
func (c *Counter) Logged(function, requestID string, bytes int) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	shares := only("(" + function + ")") // before its first event
	if run := c.invocations[requestID]; run != nil {
		shares = run.shares
	}
	c.spread(shares, Key{Function: function, Service: "logs", Operation: "Line"}, 0, float64(bytes), 0, amount{LogByte, float64(bytes + logOverhead)})
}

// ConnectionEnded notes how long a connection was open; each minute that has begun is billed.
func (c *Counter) ConnectionEnded(lasted time.Duration) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	minutes := (lasted + time.Minute - 1).Truncate(time.Minute).Minutes()
	c.spread(only(Connection), Key{Service: "apigateway", Operation: "ConnectionMinute"}, 0, 0, 0, amount{ConnectionMinute, minutes})
}
