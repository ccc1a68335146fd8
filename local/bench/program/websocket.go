package program

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/coder/websocket"
)

// served is how a CALL is answered: what a charge point reads from it, whatever it asks.
const served = `[3,%q,{"currentTime":%q,"interval":300,"status":"Accepted"}]`

// serveChargePoint answers each CALL of a charge point until it leaves.
func (s *Stack) serveChargePoint(w http.ResponseWriter, r *http.Request) {
	connection, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"ocpp2.0.1"}})
	if err != nil {
		return // Accept has answered
	}
	defer connection.CloseNow()
	for err == nil {
		err = s.answerNext(r.Context(), connection)
	}
}

func (s *Stack) answerNext(ctx context.Context, connection *websocket.Conn) error {
	_, message, err := connection.Read(ctx)
	if err != nil {
		return err
	}
	var frame []json.RawMessage
	if err := json.Unmarshal(message, &frame); err != nil {
		return err
	}
	var id string
	if len(frame) < 2 || json.Unmarshal(frame[1], &id) != nil {
		return fmt.Errorf("%.100s is no CALL", message)
	}
	s.Answered.Add(1)
	return connection.Write(ctx, websocket.MessageText, fmt.Appendf(nil, served, id, time.Now().UTC().Format(time.RFC3339)))
}
