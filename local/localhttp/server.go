// Package localhttp serves HTTP/1.1 to programs on this machine, at two thirds of what net/http's server takes for a small
// request. Functions make a dozen calls for one message of a charge point, and on one machine each of them counts.
//
// It differs in three things. An answer is kept until its handler returns, and then sent whole, so that one that never ends
// cannot be served. A connection is watched for its client's leaving only while somebody waits for that: from the first call of
// the request's Context().Done() on, if its body has been read by then. And no client is given up for being slow, but for
// HeaderTimeout.
package localhttp

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// A Server serves what connects to one listener.
type Server struct {
	Handler http.Handler
	Log     *slog.Logger // what goes wrong; nil means slog.Default()
	// HeaderTimeout is how long the head of a request may take from its first byte on; 0 is for ever.
	HeaderTimeout time.Duration

	mu       sync.Mutex
	closed   bool
	listener net.Listener
	open     map[*connection]struct{}
	serving  sync.WaitGroup // one for each connection
}

// Serve answers requests until Close or Shutdown, and then returns http.ErrServerClosed; or until the listener fails.
func (s *Server) Serve(listener net.Listener) error {
	if !s.began(listener) {
		return errors.Join(http.ErrServerClosed, listener.Close())
	}
	for {
		conn, err := listener.Accept()
		if err != nil {
			if s.isClosed() {
				return http.ErrServerClosed
			}
			return err
		}
		c := newConnection(s, conn)
		if !s.add(c) {
			c.cut()
			return http.ErrServerClosed
		}
	}
}

// Close ends everything, requests that are being answered included.
func (s *Server) Close() error {
	return s.end(func(c *connection) { c.cut() })
}

// Shutdown ends what waits for a request, and waits until all others are answered or ctx ends.
func (s *Server) Shutdown(ctx context.Context) error {
	err := s.end(func(c *connection) { c.cutWhenIdle() })
	done := make(chan struct{})
	go func() {
		s.serving.Wait()
		close(done)
	}()
	select {
	case <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Server) began(listener net.Listener) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listener = listener
	return !s.closed
}

func (s *Server) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// add serves a connection, unless the server has been closed meanwhile.
func (s *Server) add(c *connection) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	if s.open == nil {
		s.open = map[*connection]struct{}{}
	}
	s.open[c] = struct{}{}
	s.serving.Go(c.serve)
	return true
}

func (s *Server) remove(c *connection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, c)
}

// end stops the listener and does something to each connection.
func (s *Server) end(to func(*connection)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	again := s.closed
	s.closed = true
	for c := range s.open {
		to(c)
	}
	if s.listener == nil || again {
		return nil
	}
	return s.listener.Close()
}

func (s *Server) log() *slog.Logger {
	if s.Log == nil {
		return slog.Default()
	}
	return s.Log
}

// past is a deadline that ends a read at once.
var past = time.Unix(1, 0)
