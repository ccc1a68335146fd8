package localhttp

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

// keptBuffer is how large a buffer stays with a connection for its next answer.
const keptBuffer = 64 << 10

// answer is the http.ResponseWriter of one request after another.
type answer struct {
	connection *connection
	request    *http.Request
	context    *requestContext

	header   http.Header
	status   int
	body     []byte
	hijacked bool
}

// begin makes the answer that of the next request.
func (a *answer) begin(c *connection, r *http.Request, ctx *requestContext) {
	a.connection, a.request, a.context = c, r, ctx
	clear(a.header)
	a.status, a.body = 0, a.body[:0]
	if cap(a.body) > keptBuffer {
		a.body = nil
	}
}

// Header implements http.ResponseWriter.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

// Write implements http.ResponseWriter.
func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	a.body = append(a.body, p...)
	return len(p), nil
}

// WriteString implements io.StringWriter.
func (a *answer) WriteString(s string) (int, error) {
	a.WriteHeader(http.StatusOK)
	a.body = append(a.body, s...)
	return len(s), nil
}

// Hijack implements http.Hijacker. A status that was written before is sent first, as by net/http's server.
func (a *answer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	if a.hijacked {
		return nil, nil, http.ErrHijacked
	}
	if a.status != 0 {
		if err := a.write(false); err != nil {
			return nil, nil, err
		}
	}
	a.context.end()
	a.hijacked = true
	return a.connection.conn, bufio.NewReadWriter(a.connection.in, a.connection.out), nil
}

// write sends the answer, with the headers that net/http's server would add.
func (a *answer) write(last bool) error {
	to, r := a.connection.out, a.request
	a.WriteHeader(http.StatusOK)
	withBody := a.status >= http.StatusOK && a.status != http.StatusNoContent && a.status != http.StatusNotModified
	if withBody {
		if len(a.body) > 0 && a.header["Content-Type"] == nil {
			a.header.Set("Content-Type", http.DetectContentType(a.body))
		}
		if r.Method != http.MethodHead || len(a.body) > 0 {
			a.header["Content-Length"] = []string{strconv.Itoa(len(a.body))}
		}
	}
	if a.header["Date"] == nil {
		a.header["Date"] = []string{time.Now().UTC().Format(http.TimeFormat)}
	}
	if last {
		a.header["Connection"] = []string{"close"}
	} else if !r.ProtoAtLeast(1, 1) { // that asked for it
		a.header["Connection"] = []string{"keep-alive"}
	}
	// The writer keeps its first error, and tells it at the end.
	_, _ = to.WriteString("HTTP/1.1 " + strconv.Itoa(a.status) + " " + http.StatusText(a.status) + "\r\n")
	_ = a.header.Write(to)
	_, _ = io.WriteString(to, "\r\n")
	if withBody && r.Method != http.MethodHead {
		_, _ = to.Write(a.body)
	}
	return to.Flush()
}
