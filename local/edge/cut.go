package edge

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"time"
)

// idleCutter cuts a connection that was taken over, which is a WebSocket, when the
// origin has sent nothing for the limit. Bytes from the viewer do not count.
type idleCutter struct {
	http.ResponseWriter
	limit time.Duration
}

// Hijack takes over the connection and starts the clock.
func (c *idleCutter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(c.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, fmt.Errorf("taking over the connection: %w", err)
	}
	cut := &cutConn{Conn: conn, limit: c.limit}
	// Both ends see a lost connection; there is nobody to tell an error to.
	cut.timer = time.AfterFunc(c.limit, func() { _ = conn.Close() })
	buffered.Writer.Reset(cut)
	return cut, buffered, nil
}

// Unwrap lets http.ResponseController reach what the writer below can do.
func (c *idleCutter) Unwrap() http.ResponseWriter { return c.ResponseWriter }

type cutConn struct {
	net.Conn
	limit time.Duration
	timer *time.Timer
}

func (c *cutConn) Write(b []byte) (int, error) {
	c.timer.Reset(c.limit)
	return c.Conn.Write(b)
}

func (c *cutConn) Close() error {
	c.timer.Stop()
	return c.Conn.Close()
}
