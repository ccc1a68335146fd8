package footprint

import (
	"encoding/json"
	"fmt"
	"time"
)

// fleet is how many charge points the messages are from: an execution environment remembers connections.
const fleet = 500

// frames are what charge points say, in turn.
var frames = []string{
	`[2,"%d","Heartbeat",{}]`,
	`[2,"%d","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available","timestamp":"2026-03-01T11:00:00Z"}]`,
	`[2,"%d","MeterValues",{"connectorId":1,"transactionId":42,"meterValue":[{"timestamp":"2026-03-01T11:10:00Z","sampledValue":[{"value":"600"},{"value":"7200","measurand":"Power.Active.Import","unit":"W"}]}]}]`,
}

// messageEvent is the n-th event of the function that answers.
func messageEvent(n int) []byte {
	now := time.Now().UnixMilli()
	return encode(map[string]any{
		"requestContext": map[string]any{
			"routeKey": "$default", "eventType": "MESSAGE", "messageId": fmt.Sprintf("m%d", n), "connectionId": fmt.Sprintf("c%d=", n%fleet),
			"connectedAt": now, "requestTimeEpoch": now, "stage": "ocpp",
			"authorizer": map[string]any{"chargePointId": fmt.Sprintf("CP%03d", n%fleet), "protocol": "ocpp1.6", "accepted": "true", "status": "101"},
		},
		"body": fmt.Sprintf(frames[n%len(frames)], n), "isBase64Encoded": false,
	})
}

// batch is how many messages the processor gets at once under load.
const batch = 10

// processorEvent is the batch with the n-th message and those after it.
func processorEvent(n int) []byte {
	var records []any
	for i := n; i < n+batch; i++ {
		id := fmt.Sprintf("CP%03d", i%fleet)
		frame := fmt.Sprintf(frames[1+i%(len(frames)-1)], i) // a heartbeat is not journaled
		body := encode(map[string]any{
			"chargePointId": id, "message": json.RawMessage(frame), "answer": json.RawMessage(fmt.Sprintf(`[3,"%d",{}]`, i)),
			"protocol": "ocpp1.6", "connectionId": fmt.Sprintf("c%d=", i%fleet), "connectedAt": time.Now(), "receivedAt": time.Now(),
		})
		records = append(records, map[string]any{
			"messageId": fmt.Sprint(i), "body": string(body), "eventSource": "aws:sqs", "attributes": map[string]string{"MessageGroupId": id},
		})
	}
	return encode(map[string]any{"Records": records})
}

// encode cannot fail: events are maps of texts and numbers.
func encode(event any) []byte {
	encoded, err := json.Marshal(event)
	if err != nil {
		panic(err)
	}
	return encoded
}
