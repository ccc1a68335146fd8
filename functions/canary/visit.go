package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// visit connects, boots, sends a heartbeat and leaves. The error says which step failed, and how.
func visit(ctx context.Context, url, id, key string) error {
	connection, response, err := websocket.Dial(ctx, url, &websocket.DialOptions{
		HTTPHeader:   http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte(id+":"+key))}},
		Subprotocols: []string{string(ocppj.V201)},
	})
	if err != nil {
		status := "no HTTP answer"
		if response != nil {
			status = response.Status
		}
		return fault.Wrap(fault.Internal, err, "%s cannot be connected to (%s)", url, status)
	}
	defer connection.CloseNow()
	if got := connection.Subprotocol(); got != string(ocppj.V201) {
		return fault.New(fault.Internal, "the subprotocol is %q, not %s", got, ocppj.V201)
	}
	var boot struct {
		Status string `json:"status"`
	}
	if err := ask(ctx, connection, "BootNotification", bootNotification, &boot); err != nil {
		return err
	}
	if boot.Status != "Accepted" {
		return fault.New(fault.Internal, "the answer to its BootNotification is %q, not Accepted", boot.Status)
	}
	var beat struct {
		CurrentTime time.Time `json:"currentTime"`
	}
	if err := ask(ctx, connection, "Heartbeat", `{}`, &beat); err != nil {
		return err
	}
	if beat.CurrentTime.IsZero() {
		return fault.New(fault.Internal, "the answer to its Heartbeat has no currentTime")
	}
	// It was served. Whether the gateway says goodbye, too, is nothing that a charge point depends on.
	_ = connection.Close(websocket.StatusNormalClosure, "")
	return nil
}

const bootNotification = `{"reason":"PowerUp","chargingStation":{"model":"Canary","vendorName":"OCPP"}}`

// ask sends a CALL and reads its CALLRESULT; what else the central system sends meanwhile is passed over.
func ask(ctx context.Context, connection *websocket.Conn, action, payload string, result any) error {
	id := uuid.NewString()
	call, err := ocppj.EncodeCall(id, action, json.RawMessage(payload))
	if err != nil {
		return err
	}
	if err := connection.Write(ctx, websocket.MessageText, call); err != nil {
		return fault.Wrap(fault.Internal, err, "its %s cannot be sent", action)
	}
	for {
		_, text, err := connection.Read(ctx)
		if err != nil {
			return fault.Wrap(fault.Internal, err, "its %s is not answered", action)
		}
		frame, err := ocppj.Parse(text)
		switch {
		case err != nil:
			return fault.Wrap(fault.Internal, err, "while it waited for the answer to its %s it got no OCPP", action)
		case frame.ID != id:
			continue
		case frame.Type != ocppj.CallResult:
			return fault.New(fault.Internal, "its %s is answered by a %s: %s %s", action, frame.Type, frame.ErrorCode, frame.ErrorDescription)
		}
		if err := json.Unmarshal(frame.Payload, result); err != nil {
			return fault.Wrap(fault.Internal, err, "the answer to its %s", action)
		}
		return nil
	}
}
