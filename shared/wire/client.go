// Package wire speaks HTTP/1.1 with AWS in the goroutine of whoever calls. net/http's own transport has two goroutines for
// each connection, through which every request and every answer passes, which a function pays for in each of its many calls
// (BenchmarkClient, and BenchmarkCall of shared/settings). Messages are written and read by net/http all the same.
package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"time"
)

// Client is an HTTP client (aws.HTTPClient) that keeps its connections. It speaks no HTTP/2, knows no proxies, follows no redirects,
// and compresses nothing of its own accord. It is safe for use by many goroutines at once.
type Client struct {
	Dial             func(ctx context.Context, network, address string) (net.Conn, error)
	TLS              *tls.Config // nil: Go's
	HandshakeTimeout time.Duration
	AnswerTimeout    time.Duration // from the request until the headers of the answer; 0: none

	// A service ends connections that nobody uses, and may do so at any time. One that is idle for longer than IdleTimeout is not used
	// again; nor is one of which it is known here already that it ended.
	IdleTimeout time.Duration
	MaxIdle     int // connections kept for a host; more may be in use

	idle pool
}

// Unkept is a client with the same limits that opens a connection for each request and keeps none.
func (c *Client) Unkept() *Client {
	return &Client{Dial: c.Dial, TLS: c.TLS, HandshakeTimeout: c.HandshakeTimeout, AnswerTimeout: c.AnswerTimeout}
}

// Do sends a request and returns the answer, whatever its status is. Whoever gets it closes its body; read to its end, the
// connection serves the next request. An error of the request's context is returned as it is.
func (c *Client) Do(request *http.Request) (*http.Response, error) {
	for {
		connection, err := c.connection(request)
		if err != nil {
			closeBody(request)
			return nil, err
		}
		answer, err := connection.send(request, c.AnswerTimeout)
		if err == nil {
			return answer, nil
		}
		connection.net.Close()
		if given := request.Context().Err(); given != nil {
			return nil, given
		}
		if request, err = again(request, connection, err); err != nil {
			return nil, err
		}
	}
}

// connection is one that waits, or a new one.
func (c *Client) connection(request *http.Request) (*connection, error) {
	if err := request.Context().Err(); err != nil {
		return nil, err
	}
	host := hostOf(request.URL)
	if kept := c.idle.take(host, c.IdleTimeout); kept != nil {
		return kept, nil
	}
	return c.dial(request.Context(), host)
}

// again is the request once more, if the connection was an old one that ended just when it was used, before anything was answered.
// That is no failure of the service, and on a new connection it cannot happen.
func again(request *http.Request, used *connection, err error) (*http.Request, error) {
	if !used.reused || !errors.Is(err, errEnded) || request.Body != nil && request.Body != http.NoBody && request.GetBody == nil {
		return nil, err
	}
	if request.GetBody == nil {
		return request, nil
	}
	body, bodyErr := request.GetBody()
	if bodyErr != nil {
		return nil, bodyErr
	}
	repeated := *request
	repeated.Body = body
	return &repeated, nil
}

func closeBody(request *http.Request) {
	if request.Body != nil {
		request.Body.Close()
	}
}

// errEnded is that the other side ended the connection before it said anything.
var errEnded = errors.New("the connection was ended by the other side")

// unlessEnded makes errEnded of an end where an answer should begin.
func unlessEnded(err error) error {
	if errors.Is(err, io.EOF) || isReset(err) {
		return errors.Join(errEnded, err)
	}
	return err
}
