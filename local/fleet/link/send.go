package link

import (
	"context"

	"github.com/coder/websocket"
)

// Send writes a frame. An error means that the connection is of no use any more; Lost follows where it was not known yet.
func (l *Link) Send(ctx context.Context, frame []byte) error {
	if l.conn == nil {
		return ErrNotConnected
	}
	ctx, cancel := context.WithTimeout(ctx, writeLimit)
	defer cancel()
	return l.conn.Write(ctx, websocket.MessageText, frame)
}
