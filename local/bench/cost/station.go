package cost

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/coder/websocket"
)

// station is a charge point. One goroutine at a time may use it.
type station struct {
	id         string
	version    Version
	connection *websocket.Conn
	sent       int
	session    session
}

// connect opens its connection.
func (s *station) connect(ctx context.Context, url string) error {
	connection, _, err := websocket.Dial(ctx, url+"/"+s.id, &websocket.DialOptions{Subprotocols: []string{string(s.version)}})
	if err != nil {
		return fmt.Errorf("charge point %s does not get in: %w", s.id, err)
	}
	s.connection = connection
	s.session.chargePoint = s.id
	return nil
}

// leave closes its connection.
func (s *station) leave() error { return s.connection.Close(websocket.StatusNormalClosure, "") }

// vanish ends its connection without a word, if there is one.
func (s *station) vanish() {
	if s.connection != nil {
		// It may have ended already.
		_ = s.connection.CloseNow()
	}
}

// say sends a message and waits for its answer.
func (s *station) say(ctx context.Context, m message) error {
	s.sent++
	id := fmt.Sprint(s.sent)
	if m.begins() {
		s.session.number++
		s.session.sequence = 0
	}
	call := fmt.Sprintf("[2,%q,%q,%s]", id, m.action, m.payload(&s.session))
	if err := s.connection.Write(ctx, websocket.MessageText, []byte(call)); err != nil {
		return fmt.Errorf("%s of charge point %s cannot be sent: %w", m.name, s.id, err)
	}
	for {
		_, text, err := s.connection.Read(ctx)
		if err != nil {
			return fmt.Errorf("%s of charge point %s is not answered: %w", m.name, s.id, err)
		}
		var kind int
		var answered string
		var payload struct{ TransactionID int }
		if err := json.Unmarshal(text, &[]any{&kind, &answered, &payload}); err != nil || kind != 3 {
			return fmt.Errorf("%s of charge point %s is answered %s", m.name, s.id, text)
		}
		if answered != id { // an answer may arrive twice: the one before, on a machine that is too busy
			continue
		}
		if m.name == "StartTransaction" {
			s.session.transaction = payload.TransactionID
		}
		return nil
	}
}
