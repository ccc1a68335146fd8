package localhttp

import (
	"context"
	"sync"
	"time"
)

// requestContext is done when its request has been answered or hijacked, or its client has left. For the latter somebody has to read from the
// connection, which costs a goroutine and some system calls: it is done from the first Done on.
type requestContext struct {
	connection *connection
	body       *body

	mu      sync.Mutex
	ended   bool
	done    chan struct{} // nil until somebody asks for it
	watched chan struct{} // closed when the connection is not watched any more; nil when it never was
}

// Done implements context.Context.
func (c *requestContext) Done() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done == nil {
		c.done = make(chan struct{})
		if c.ended {
			close(c.done)
		} else if c.body.ended.Load() {
			c.watched = make(chan struct{})
			go c.watch(c.watched)
		}
	}
	return c.done
}

// watch ends the context if the client leaves. What it reads, a request that comes before the answer to this one, stays
// in the connection's buffer.
func (c *requestContext) watch(watched chan struct{}) {
	defer close(watched)
	if _, err := c.connection.in.Peek(1); err != nil {
		c.finish()
	}
}

// finish makes the context done.
func (c *requestContext) finish() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return
	}
	c.ended = true
	if c.done != nil {
		close(c.done)
	}
}

// end makes the context done and returns when nobody reads from the connection any more.
func (c *requestContext) end() {
	c.finish()
	c.mu.Lock()
	watched := c.watched
	c.watched = nil // and nothing watches again, after the end
	c.mu.Unlock()
	if watched == nil {
		return
	}
	// A deadline cannot be set on a connection that has ended, and then nobody reads from it for long.
	_ = c.connection.conn.SetReadDeadline(past)
	<-watched
	_ = c.connection.conn.SetReadDeadline(time.Time{})
}

// Err implements context.Context.
func (c *requestContext) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return context.Canceled
	}
	return nil
}

// Deadline implements context.Context: there is none.
func (c *requestContext) Deadline() (time.Time, bool) { return time.Time{}, false }

// Value implements context.Context: there are none.
func (c *requestContext) Value(any) any { return nil }
