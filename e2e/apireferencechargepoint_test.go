package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/coder/websocket"
)

// obliging is a charge point of 2.0.1 that agrees to everything, and is in the middle of a transaction.
type obliging struct {
	*socket
	left chan struct{} // closed when it reads no more
}

// oblige connects it, and returns when it takes commands.
func oblige(t *testing.T, id, key string) *obliging {
	t.Helper()
	s, status, message := dial(t, stack.Addresses().ChargePoints+"/"+id, id+":"+key, "ocpp2.0.1")
	if s == nil {
		t.Fatalf("%s got %d %s", id, status, message)
	}
	s.boot()
	for i, frame := range []string{
		`"StatusNotification",{"timestamp":"2026-06-01T08:01:00Z","connectorStatus":"Available","evseId":1,"connectorId":1}`,
		`"TransactionEvent",{"eventType":"Started","timestamp":"2026-06-01T08:05:00Z","triggerReason":"Authorized","seqNo":0,"transactionInfo":{"transactionId":"TX001"},"evse":{"id":1,"connectorId":1},"meterValue":[{"timestamp":"2026-06-01T08:05:00Z","sampledValue":[{"value":1000}]}]}`,
		`"TransactionEvent",{"eventType":"Updated","timestamp":"2026-06-01T08:15:00Z","triggerReason":"MeterValuePeriodic","seqNo":1,"transactionInfo":{"transactionId":"TX001"},"meterValue":[{"timestamp":"2026-06-01T08:15:00Z","sampledValue":[{"value":2200}]}]}`,
	} {
		s.send(fmt.Sprintf(`[2,"told-%d",%s]`, i, frame))
		s.want(fmt.Sprintf(`[3,"told-%d",`, i))
	}
	cp := &obliging{s, make(chan struct{})}
	go cp.agree()
	return cp
}

// agree answers CALLs until the connection ends.
func (o *obliging) agree() {
	defer close(o.left)
	for {
		_, data, err := o.conn.Read(context.Background())
		if err != nil {
			return // the test has ended the connection
		}
		var frame []json.RawMessage
		if err := json.Unmarshal(data, &frame); err != nil || len(frame) < 3 || string(frame[0]) != "2" {
			continue // an answer to what it has reported
		}
		var action string
		var payload struct {
			RequestID int `json:"requestId"`
		}
		if json.Unmarshal(frame[2], &action) != nil || json.Unmarshal(frame[3], &payload) != nil {
			continue // what is no CALL gets no answer, and the test sees a command without an end
		}
		o.say(fmt.Sprintf(`[3,%s,%s]`, frame[1], agreed(action)))
		if action == "GetBaseReport" {
			o.say(fmt.Sprintf(`[2,"report","NotifyReport",{"requestId":%d,"generatedAt":"2026-06-01T08:03:00Z","seqNo":0,"reportData":[`+
				`{"component":{"name":"OCPPCommCtrlr"},"variable":{"name":"HeartbeatInterval"},"variableAttribute":[{"value":"300"}]}]}]`, payload.RequestID))
		}
	}
}

// agreed is the answer to a CALL that its sender hopes for (OCPP 2.0.1 part 2).
func agreed(action string) string {
	switch action {
	case "GetVariables":
		return `{"getVariableResult":[{"attributeStatus":"Accepted","attributeValue":"300","component":{"name":"OCPPCommCtrlr"},"variable":{"name":"HeartbeatInterval"}}]}`
	case "SetVariables":
		return `{"setVariableResult":[{"attributeStatus":"Accepted","component":{"name":"OCPPCommCtrlr"},"variable":{"name":"HeartbeatInterval"}}]}`
	case "UnlockConnector":
		return `{"status":"Unlocked"}`
	case "GetLocalListVersion":
		return `{"versionNumber":1}`
	}
	return `{"status":"Accepted"}`
}

// say sends a frame; that the connection has ended meanwhile the reader of the answers notices.
func (o *obliging) say(frame string) {
	_ = o.conn.Write(context.Background(), websocket.MessageText, []byte(frame)) // see above
}

// leave ends the connection as a charge point does that is switched off.
func (o *obliging) leave() {
	o.conn.CloseNow()
	<-o.left
}
