package websocketapi

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// endOf waits for the $disconnect event and returns what it says.
func (s *stage) endOf(t testing.TB) (code int, reason string) {
	t.Helper()
	eventually(t, "the end arrives", func() bool { return len(s.of("disconnect")) == 1 })
	c := s.of("disconnect")[0].event.RequestContext
	return c.DisconnectStatusCode, *c.DisconnectReason
}

func TestDisconnectTellsHow(t *testing.T) {
	tests := []struct {
		name   string
		end    func(*websocket.Conn)
		code   int
		reason string
	}{
		{"client's code", func(c *websocket.Conn) { c.Close(1000, "done") }, 1000, "done"},
		{"no code", func(c *websocket.Conn) { c.Close(websocket.StatusNoStatusRcvd, "") }, 1005, "Client-side close frame status not set"},
		{"lost", func(c *websocket.Conn) { c.CloseNow() }, 1006, "Connection closed abnormally"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newStage(t, nil)
			socket, id := s.dial(t, nil)
			test.end(socket)
			if code, reason := s.endOf(t); code != test.code || reason != test.reason {
				t.Errorf("told %d %q, want %d %q", code, reason, test.code, test.reason)
			}
			if s.api.find(id) != nil {
				t.Error("the connection is still known")
			}
		})
	}
}

// Whatever ends a connection, it is closed on this side as well: a client that does not mask its frames waits for nothing (RFC 6455,
// section 5.1), and of one that is gone nothing is left.
func TestAConnectionThatEndedIsClosed(t *testing.T) {
	for name, end := range map[string]func(*net.TCPConn){
		"a frame that is not masked":     func(c *net.TCPConn) { fmt.Fprint(c, "\x81\x02hi") },
		"no close frame":                 func(c *net.TCPConn) { c.CloseWrite() },
		"no close frame, within a frame": func(c *net.TCPConn) { fmt.Fprint(c, "\x81\x82"); c.CloseWrite() },
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, nil)
			conn, err := net.Dial("tcp", s.server.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
				t.Fatal(err)
			}
			fmt.Fprint(conn, "GET /ocpp HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
			in := bufio.NewReader(conn)
			if response, err := http.ReadResponse(in, nil); err != nil || response.StatusCode != http.StatusSwitchingProtocols {
				t.Fatal(response, err)
			}
			end(conn.(*net.TCPConn))
			if _, err := io.ReadAll(in); errors.Is(err, os.ErrDeadlineExceeded) {
				t.Error("the connection stays open")
			}
			if code, _ := s.endOf(t); code != 1006 {
				t.Errorf("told %d", code)
			}
			if messages := s.of("message"); len(messages) != 0 {
				t.Errorf("%d messages were taken", len(messages))
			}
		})
	}
}

func TestLifetimeEndsAConnection(t *testing.T) {
	s := newStage(t, func(c *Config, _ *invoker) { c.Lifetime = 50 * time.Millisecond })
	socket, _ := s.dial(t, nil)
	if closed := closedWith(t, socket); closed.Code != 1001 || closed.Reason != "Going away" {
		t.Errorf("closed with %+v", closed)
	}
	if code, reason := s.endOf(t); code != 1001 || reason != "Going away" {
		t.Errorf("told %d %q", code, reason)
	}
}

func TestMessagesEitherWayKeepAConnection(t *testing.T) {
	const limit = 150 * time.Millisecond
	s := newStage(t, func(c *Config, _ *invoker) { c.IdleTimeout = limit })
	socket, id := s.dial(t, nil)
	began := time.Now()
	for i := range 6 {
		time.Sleep(limit / 3)
		if i%2 == 0 {
			send(t, socket, `[]`)
		} else if c := s.api.find(id); c == nil || !c.send([]byte("x")) {
			t.Fatalf("closed after %s", time.Since(began))
		}
	}
	if closed := closedWith(t, socket); closed.Code != 1001 || closed.Reason != "Going away" {
		t.Errorf("closed with %+v", closed)
	}
	if lived := time.Since(began); lived < 3*limit {
		t.Errorf("closed after %s", lived)
	}
}

func TestCloseOfTheAPI(t *testing.T) {
	s := newStage(t, nil)
	socket, _ := s.dial(t, nil)
	closed := make(chan websocket.CloseError)
	go func() { closed <- closedWith(t, socket) }()
	if err := s.api.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := <-closed; got.Code != 1001 {
		t.Errorf("closed with %+v", got)
	}
	if code, _ := s.endOf(t); code != 1001 {
		t.Errorf("$disconnect was told %d", code)
	}
}

// A client that takes no part in closing does not hold up the others' $disconnect, nor its own.
func TestCloseOfTheAPIWithAClientThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.dial(t, nil) // nobody reads, so nothing answers the close frame
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
	defer cancel()
	if err := s.api.Close(ctx); err != nil {
		t.Fatal(err)
	}
	if code, reason := s.endOf(t); code != 1001 || reason != "Going away" {
		t.Errorf("$disconnect was told %d %q", code, reason)
	}
}
