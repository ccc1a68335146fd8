package localhttp

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// unreadLimit is how much of a request's body that its handler left is read, to get to the next request.
const unreadLimit = 256 << 10

// connection is one client, which sends one request after another.
type connection struct {
	server *Server
	conn   net.Conn
	client string // its address
	in     *bufio.Reader
	out    *bufio.Writer
	answer answer

	mu      sync.Mutex
	waiting bool // for a request
	ending  bool // when what is being answered has been answered
}

func newConnection(s *Server, conn net.Conn) *connection {
	return &connection{
		server: s, conn: conn, client: conn.RemoteAddr().String(), waiting: true,
		in: bufio.NewReader(conn), out: bufio.NewWriter(conn),
		answer: answer{header: http.Header{}},
	}
}

// serve is the life of a connection.
func (c *connection) serve() {
	defer c.server.remove(c)
	defer c.leave()
	defer c.recovered()
	for {
		if _, err := c.in.Peek(1); err != nil {
			return // the client has left
		}
		if !c.begin() {
			return
		}
		request, err := c.read()
		if err != nil {
			c.refuse(err)
			return
		}
		if !c.serveRequest(request) || !c.rest() {
			return
		}
	}
}

// leave ends the connection, unless it is somebody else's now.
func (c *connection) leave() {
	if !c.answer.hijacked {
		c.cut()
	}
}

// read reads the head of a request.
func (c *connection) read() (*http.Request, error) {
	if limit := c.server.HeaderTimeout; limit > 0 {
		if err := c.conn.SetReadDeadline(time.Now().Add(limit)); err != nil {
			return nil, err
		}
	}
	r, err := http.ReadRequest(c.in)
	if err != nil {
		return nil, err
	}
	if r.Host == "" && r.ProtoAtLeast(1, 1) {
		return nil, errNoHost
	}
	if c.server.HeaderTimeout > 0 {
		err = c.conn.SetReadDeadline(time.Time{})
	}
	return r, err
}

var errNoHost = errors.New("missing required Host header")

// recovered ends a connection whose handler has panicked. http.ErrAbortHandler is how a handler ends it on purpose.
func (c *connection) recovered() {
	reason := recover()
	if err, ok := reason.(error); reason == nil || ok && errors.Is(err, http.ErrAbortHandler) {
		return
	}
	c.server.log().Error("handler panicked", "error", reason, "stack", string(debug.Stack()))
}

// serveRequest answers one request, and tells whether another can follow.
func (c *connection) serveRequest(r *http.Request) bool {
	r.RemoteAddr = c.client
	if r.ProtoAtLeast(1, 1) && strings.EqualFold(r.Header.Get("Expect"), "100-continue") {
		if _, err := io.WriteString(c.conn, "HTTP/1.1 100 Continue\r\n\r\n"); err != nil {
			return false
		}
	}
	body := &body{ReadCloser: r.Body}
	body.ended.Store(r.Body == http.NoBody)
	r.Body = body
	ctx := &requestContext{connection: c, body: body}
	r = r.WithContext(ctx)
	defer ctx.end()
	c.answer.begin(c, r, ctx)
	c.server.Handler.ServeHTTP(&c.answer, r)
	if c.answer.hijacked {
		return false
	}
	ctx.end() // before anything else is read
	last := r.Close || !body.skip()
	return c.answer.write(last) == nil && !last
}

// refuse answers what is no request of HTTP.
func (c *connection) refuse(err error) {
	c.server.log().Debug("request not understood", "error", err)
	// A client that does not speak HTTP may well not read the answer.
	_, _ = fmt.Fprintf(c.conn, "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request: %v", err)
}

// begin notes that a request has come, unless it is too late for it.
func (c *connection) begin() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting = false
	return !c.ending
}

// rest notes that a request has been answered, and tells whether another is welcome.
func (c *connection) rest() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting = true
	return !c.ending
}

// cutWhenIdle ends the connection as soon as nothing is being answered.
func (c *connection) cutWhenIdle() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ending = true
	if c.waiting {
		c.cut()
	}
}

// cut ends the connection. The only error is that it has ended already.
func (c *connection) cut() { _ = c.conn.Close() }

// body is the body of a request, which knows whether it has been read to its end.
type body struct {
	io.ReadCloser
	ended atomic.Bool
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == io.EOF {
		b.ended.Store(true)
	}
	return n, err
}

// skip reads what is left, and tells whether that was the end.
func (b *body) skip() bool {
	if b.ended.Load() {
		return true
	}
	// An error shows as an end that was not reached.
	_, _ = io.CopyN(io.Discard, b, unreadLimit)
	return b.ended.Load()
}
