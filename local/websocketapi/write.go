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

// write sends what is in line, in order, each message as one text frame. Whether AWS
// splits a message of more than 32 KB is not documented.
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
