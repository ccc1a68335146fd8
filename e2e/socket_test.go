package e2e

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// socket is a charge point that says exactly what it is told to.
type socket struct {
	t    *testing.T
	conn *websocket.Conn
}

// dial connects, and returns the status of the handshake, with its message when it failed.
func dial(t *testing.T, url, key string, protocols ...string) (*socket, int, string) {
	t.Helper()
	options := &websocket.DialOptions{Subprotocols: protocols, HTTPHeader: http.Header{}}
	if key != "" {
		options.HTTPHeader.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(key)))
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, response, err := websocket.Dial(ctx, url, options)
	if err != nil {
		if response == nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body) // what there is of it helps
		return nil, response.StatusCode, string(body)
	}
	conn.SetReadLimit(1 << 20)
	t.Cleanup(func() { conn.CloseNow() })
	return &socket{t, conn}, response.StatusCode, ""
}

// connect connects a charge point through the edge.
func connect(t *testing.T, id, protocol string) *socket {
	t.Helper()
	s, status, message := dial(t, stack.Addresses().ChargePoints+"/"+id, "", protocol)
	if s == nil {
		t.Fatalf("%s got %d %s", id, status, message)
	}
	if got := s.conn.Subprotocol(); got != protocol {
		t.Fatalf("subprotocol %q, want %q", got, protocol)
	}
	return s
}

func (s *socket) send(frame string) {
	s.t.Helper()
	if err := s.conn.Write(s.t.Context(), websocket.MessageText, []byte(frame)); err != nil {
		s.t.Fatal(err)
	}
}

// receive returns the next frame, and fails when none comes.
func (s *socket) receive() string {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	_, data, err := s.conn.Read(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(data)
}

// want receives the next frame and checks its beginning.
func (s *socket) want(prefix string) string {
	s.t.Helper()
	frame := s.receive()
	if !strings.HasPrefix(frame, prefix) {
		s.t.Fatalf("received %s, want %s…", frame, prefix)
	}
	return frame
}

// closed reads until the connection ends, and returns the close code.
func (s *socket) closed() websocket.StatusCode {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	for {
		if _, _, err := s.conn.Read(ctx); err != nil {
			if ctx.Err() != nil {
				s.t.Fatal("the connection stays open")
			}
			return websocket.CloseStatus(err)
		}
	}
}

// boot boots in the words of the connection's version.
func (s *socket) boot() {
	s.t.Helper()
	if s.conn.Subprotocol() == "ocpp1.6" {
		s.send(`[2,"boot","BootNotification",{"chargePointVendor":"ACME","chargePointModel":"X1"}]`)
	} else {
		s.send(`[2,"boot","BootNotification",{"reason":"PowerUp","chargingStation":{"vendorName":"ACME","model":"X2"}}]`)
	}
	if frame := s.want(`[3,"boot",`); !strings.Contains(frame, `"status":"Accepted"`) {
		s.t.Fatalf("boot answered with %s", frame)
	}
}

// call parses a CALL of the central system.
func (s *socket) call() (id, action string, payload map[string]any) {
	s.t.Helper()
	frame := s.receive()
	var parts []any
	decoder := json.NewDecoder(strings.NewReader(frame))
	decoder.UseNumber()
	if err := decoder.Decode(&parts); err != nil || len(parts) != 4 || parts[0] != json.Number("2") {
		s.t.Fatalf("received %s, want a CALL", frame)
	}
	payload, _ = parts[3].(map[string]any)
	return fmt.Sprint(parts[1]), fmt.Sprint(parts[2]), payload
}

// silent fails if anything comes within a moment.
func (s *socket) silent(moment time.Duration) {
	s.t.Helper()
	// A read that is given up ends the connection, so the silence is proved by the answer to a question that comes next.
	time.Sleep(moment)
	s.send(`[2,"still there?","Heartbeat",{}]`)
	s.want(`[3,"still there?",`)
}
