package websocketapi

import (
	"time"

	"github.com/coder/websocket"
)

// queueGrace is how long a closing connection may take to send what is in line, so
// that a client that does not read is closed all the same.
const queueGrace = time.Second

// answerGrace is how long clients may take to answer the close frame when the whole
// stage closes. Most do in a millisecond, and whoever ends it waits for the others.
const answerGrace = time.Second

// closure is how a connection ends: status code and reason of RFC 6455, section 7.4.
type closure struct {
	code   websocket.StatusCode
	reason string
}

// goingAway is what API Gateway says at its idle limit and lifetime limit.
var goingAway = closure{websocket.StatusGoingAway, "Going away"}

// closeAfterQueue closes the connection when everything in line has been sent, or
// after a second, or at once if the line is full. For @connections it is gone at once.
func (c *connection) closeAfterQueue(how closure) {
	c.api.forget(c)
	select {
	case c.out <- outgoing{end: &how}:
		time.AfterFunc(queueGrace, func() { c.close(how) }) // nothing is left to do if it is closed by then
	default:
		go c.close(how)
	}
}

// close begins the end of the connection from the gateway's side: it is unknown
// from now on, gets a close frame, and has five seconds to answer that. The first
// of several calls decides how the connection ends.
func (c *connection) close(how closure) {
	c.endOnce.Do(func() {
		c.end.Store(&how)
		c.api.forget(c)
		if err := c.socket.Close(how.code, how.reason); err != nil {
			c.api.config.Logger.Debug("client did not take part in closing", "connectionId", c.id, "error", err)
		}
	})
}

// cut ends the connection without asking the client. websocket.Conn.CloseNow would wait
// for the closing that has begun.
func (c *connection) cut() {
	if err := c.frames.Conn.Close(); err != nil {
		c.api.config.Logger.Debug("connection was closed already", "connectionId", c.id, "error", err)
	}
}
