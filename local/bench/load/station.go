// Package load is a load client: charge points that do nothing but send messages and wait for the answers, as many at once as
// wanted. It is light, because it runs on the machine of the system that it measures: a charge point is a connection
// and a goroutine. What charge points really do is package fleet's.
package load

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/coder/websocket"
)

// A Protocol is an OCPP version by the name of its WebSocket subprotocol.
type Protocol string

// The protocols that charge points of this package speak.
const (
	OCPP16  Protocol = "ocpp1.6"
	OCPP201 Protocol = "ocpp2.0.1"
)

// station is one charge point. One goroutine at a time may use it.
type station struct {
	id       string
	protocol Protocol
	conn     *websocket.Conn
	script   script // of the mix that is under way
	answer   []byte // the payload of the answer before, for the script
	messages int    // sent so far; the next one's id
}

// errRefused is a handshake that was answered with something else than 101.
type errRefused struct{ status int }

func (e errRefused) Error() string { return "handshake answered " + strconv.Itoa(e.status) }

// connect opens the connection. errRefused if the other side answers with another status than 101.
func (s *station) connect(ctx context.Context, url string) error {
	conn, answer, err := websocket.Dial(ctx, url+"/"+s.id, &websocket.DialOptions{
		Subprotocols: []string{string(s.protocol)}, CompressionMode: websocket.CompressionDisabled,
	})
	if err != nil {
		if answer != nil && answer.StatusCode != http.StatusSwitchingProtocols {
			return errRefused{answer.StatusCode}
		}
		return err
	}
	s.conn = conn
	return nil
}

// boot sends a BootNotification, which has to be accepted.
func (s *station) boot(ctx context.Context) error {
	payload := `{"chargePointVendor":"ACME","chargePointModel":"X1","firmwareVersion":"1.2.3"}`
	if s.protocol != OCPP16 {
		payload = `{"reason":"PowerUp","chargingStation":{"model":"X1","vendorName":"ACME","firmwareVersion":"1.2.3"}}`
	}
	answer, err := s.call(ctx, message{action: "BootNotification", payload: payload})
	if err != nil {
		return err
	}
	var registration struct{ Status string }
	if err := json.Unmarshal(answer, &registration); err != nil || registration.Status != "Accepted" {
		return fmt.Errorf("%s: the boot is answered %s", s.id, answer)
	}
	return nil
}

// call sends a CALL, waits for its answer and returns the payload. Everything but a CALLRESULT is an error.
func (s *station) call(ctx context.Context, m message) (answer []byte, err error) {
	s.messages++
	id := strconv.Itoa(s.messages)
	frame := make([]byte, 0, 64+len(m.payload))
	frame = append(frame, `[2,"`...)
	frame = append(frame, id...)
	frame = append(frame, `","`...)
	frame = append(frame, m.action...)
	frame = append(frame, `",`...)
	frame = append(frame, m.payload...)
	frame = append(frame, ']')
	if err := s.conn.Write(ctx, websocket.MessageText, frame); err != nil {
		return nil, fmt.Errorf("%s: %s: %w", s.id, m.action, err)
	}
	_, received, err := s.conn.Read(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: answer to %s: %w", s.id, m.action, err)
	}
	payload, found := bytes.CutPrefix(received, []byte(`[3,"`+id+`",`))
	if !found {
		return nil, fmt.Errorf("%s: %s is answered %s", s.id, frame, received)
	}
	return bytes.TrimSuffix(payload, []byte("]")), nil
}

// begin makes a charge point ready for a mix.
func (s *station) begin(mix Mix) { s.script, s.answer = mix.script(s.protocol), nil }

// step sends the next message of the mix.
func (s *station) step(ctx context.Context) error {
	next, err := s.script.next(s.answer)
	if err != nil {
		return fmt.Errorf("%s: %w", s.id, err)
	}
	s.answer, err = s.call(ctx, next)
	return err
}

// leave closes the connection without waiting for the other side.
func (s *station) leave() error {
	if s.conn == nil {
		return nil
	}
	err := s.conn.CloseNow()
	s.conn = nil
	return err
}

// retryPause is how long a refused charge point waits before its n-th attempt: as real ones do, it backs off.
func retryPause(attempt int) time.Duration {
	return min(time.Duration(attempt)*250*time.Millisecond, 2*time.Second)
}
