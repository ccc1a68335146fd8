package wire

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"syscall"
	"time"
)

// writeBuffer takes most requests whole, with their headers, so that each is one write.
const writeBuffer = 8 << 10

// connection serves one request at a time.
type connection struct {
	net  net.Conn
	in   *bufio.Reader
	out  *bufio.Writer // to Write
	host host

	failed error // of Write
	idle   *pool // where it waits between requests
	max    int
	reused bool
	since  time.Time // it has been waiting
}

// send writes a request and reads the headers of its answer, whose body gives the connection back at its end.
func (c *connection) send(request *http.Request, timeout time.Duration) (*http.Response, error) {
	released := c.guard(request.Context(), timeout)
	if err := c.write(request); err != nil {
		released()
		return nil, err
	}
	answer, err := c.read(request)
	if err != nil {
		released()
		return nil, err
	}
	if timeout > 0 {
		c.net.SetDeadline(time.Time{}) // an error would come again with the next read
	}
	waiting := &body{ReadCloser: answer.Body, connection: c, released: released, kept: !answer.Close && !request.Close}
	if err := request.Context().Err(); err != nil {
		waiting.end(err) // it was given up when the deadline was lifted
		return nil, err
	}
	if answer.Body == http.NoBody {
		waiting.end(io.EOF)
	} else {
		answer.Body = waiting
	}
	return answer, nil
}

// guard ends all waiting on the connection when the context does, or after the timeout. What it returns tells whether neither happened.
func (c *connection) guard(ctx context.Context, timeout time.Duration) (released func() bool) {
	if timeout > 0 {
		c.net.SetDeadline(time.Now().Add(timeout))
	}
	if ctx.Done() == nil {
		return func() bool { return true }
	}
	return context.AfterFunc(ctx, func() { c.net.SetDeadline(time.Unix(1, 0)) })
}

// write sends the whole request, and closes its body.
func (c *connection) write(request *http.Request) error {
	err := request.Write(c.out)
	if err == nil {
		err = c.out.Flush()
	}
	if c.failed != nil {
		return unlessEnded(c.failed) // net/http takes it for an error of the request's body
	}
	return err
}

// Write writes to the other side, and remembers when that fails.
func (c *connection) Write(p []byte) (int, error) {
	n, err := c.net.Write(p)
	if err != nil {
		c.failed = err
	}
	return n, err
}

// read returns the answer, and passes by what is said before it (1xx).
func (c *connection) read(request *http.Request) (*http.Response, error) {
	if _, err := c.in.Peek(1); err != nil {
		return nil, unlessEnded(err)
	}
	for {
		answer, err := http.ReadResponse(c.in, request)
		if err != nil || answer.StatusCode >= 200 || answer.StatusCode == http.StatusSwitchingProtocols {
			return answer, err
		}
	}
}

// isReset tells whether the other side takes no more.
func isReset(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// body is the body of an answer. Behind its end the connection is free.
type body struct {
	io.ReadCloser
	connection *connection
	released   func() bool
	kept       bool
	ended      error // nil: there is more to read
}

func (b *body) Read(p []byte) (int, error) {
	if b.ended != nil {
		return 0, b.ended
	}
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		b.end(err)
	}
	return n, err
}

// Close gives up what was not read, and the connection with it.
func (b *body) Close() error {
	if b.ended == nil {
		b.end(http.ErrBodyReadAfterClose)
	}
	return nil
}

// end lets the connection go: to wait for the next request, if this one was dealt with to its end and nothing is left over.
func (b *body) end(why error) {
	b.ended = why
	if b.released() && why == io.EOF && b.kept && b.connection.in.Buffered() == 0 {
		b.connection.idle.put(b.connection)
		return
	}
	b.connection.net.Close()
}
