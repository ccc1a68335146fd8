package link

import "github.com/coder/websocket"

// Drop ends the connection without a close frame, as a cut cable does. No event follows.
func (l *Link) Drop() {
	l.current++
	l.conn = nil
	l.cancel()
}

// Close ends the connection with a close frame and returns a channel that is closed when the other side has agreed, or has
// not for some seconds. No event follows.
func (l *Link) Close(reason string) <-chan struct{} {
	done := make(chan struct{})
	conn, cancel := l.conn, l.cancel
	l.current++
	l.conn, l.cancel = nil, func() {}
	if conn == nil {
		cancel()
		close(done)
		return done
	}
	go func() {
		defer close(done)
		defer cancel()
		// The connection is given up whatever it says.
		_ = conn.Close(websocket.StatusNormalClosure, reason)
	}()
	return done
}
