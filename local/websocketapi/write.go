package websocketapi

import (
	"context"

	"github.com/coder/websocket"
)

// send puts a message in line for the client, or tells that the line is full.
func (c *connection) send(message []byte) bool {
	select {
	case c.out <- outgoing{message: message}:
		c.touch()
		c.api.config.OnMessage(Message{ConnectionID: c.id, Body: message})
		return true
	default:
		return false
	}
}

// write sends what is in line, in order, as text frames.
func (c *connection) write() {
	for {
		select {
		case next := <-c.out:
			if next.end != nil {
				c.close(*next.end)
				return
			}
			// Closing ends a write that waits for a client that does not read.
			if err := c.socket.Write(context.Background(), websocket.MessageText, next.message); err != nil {
				c.api.config.Logger.Debug("message not delivered", "connectionId", c.id, "error", err)
				return
			}
		case <-c.ended:
			return
		}
	}
}

// closeAfterQueue closes the connection when everything in line has been sent, at
// once if the line is full. For @connections it is gone at once.
func (c *connection) closeAfterQueue(how closure) {
	c.api.forget(c)
	select {
	case c.out <- outgoing{end: &how}:
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
