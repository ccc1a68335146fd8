package count_test

import (
	"context"
	"encoding/json"
	"math"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/local/count"
	"github.com/serverless-ocpp/backend/local/sqs"
)

// line finds a line of a snapshot.
func line(t *testing.T, s count.Snapshot, cause, service, operation string) count.Line {
	t.Helper()
	for _, l := range s.Lines {
		if l.Cause == cause && l.Service == service && l.Operation == operation {
			return l
		}
	}
	t.Fatalf("there is no %s %s for %s in %+v", service, operation, cause, s.Lines)
	return count.Line{}
}

const function, memory = "Stack-Message", 256

func messageEvent(frame string) []byte {
	event, err := json.Marshal(map[string]any{"requestContext": map[string]any{"eventType": "MESSAGE"}, "body": frame})
	if err != nil {
		panic(err) // strings only
	}
	return event
}

func queueEvent(bodies ...string) []byte {
	var records []map[string]string
	for _, body := range bodies {
		records = append(records, map[string]string{"body": body, "eventSource": "aws:sqs"})
	}
	event, err := json.Marshal(map[string]any{"Records": records})
	if err != nil {
		panic(err) // strings only
	}
	return event
}

func TestAMessageIsBilledToItsAction(t *testing.T) {
	c := count.New(func(topic string) int { return map[string]int{"CP001/out": 1}[topic] })
	const frame = `[2,"1","BootNotification",{}]`
	c.Began("trace", "request", function, messageEvent(frame))
	for _, served := range []struct {
		count.Call
		answer int
		units  float64
	}{
		{count.Call{Action: "dynamodb:UpdateItem", Bytes: 700}, 90, 3},
		{count.Call{Action: "sqs:SendMessage", Resource: "arn:aws:sqs:us-east-1:000000000000:Incoming.fifo", Bytes: 70 << 10}, 90, 0},
		{count.Call{Action: "execute-api:ManageConnections", Bytes: 60}, 0, 0},
		{count.Call{Action: "iot:Publish", Resource: "arn:aws:iot:us-east-1:000000000000:topic/CP001/out", Bytes: 6 << 10}, 50, 0},
		{count.Call{Action: "iot:UpdateThingShadow", Bytes: 500}, 1500, 0},
	} {
		call := served.Call
		call.Method, call.Function, call.Trace = http.MethodPost, function, "trace"
		pending := c.Arrived(call)
		pending.Served(http.StatusOK, served.answer, served.units)
		pending.Left()
	}
	c.Ended("trace", memory, 4100*time.Microsecond)
	c.Logged(function, "request", 100)

	s := c.Snapshot()
	for _, want := range []struct {
		service, operation string
		item               count.Item
		billed             float64
	}{
		{"apigateway", "MessageIn", count.WebSocketMessage, 1},
		{"dynamodb", "UpdateItem", count.WriteUnit, 3},
		{"sqs", "SendMessage", count.SQSFIFORequest, 2},
		{"execute-api", "PostToConnection", count.WebSocketMessage, 1},
		{"iot", "Publish", count.IoTMessage, 2},
		{"iot", "RuleTriggered", count.IoTRule, 2},
		{"iot", "UpdateThingShadow", count.IoTOperation, 2},
		{"lambda", "Invocation", count.LambdaRequest, 1},
		{"lambda", "Invocation", count.LambdaGBSecond, 0.25 * 0.005}, // whole milliseconds
		{"logs", "Line", count.LogByte, 126},
	} {
		got := line(t, s, "BootNotification", want.service, want.operation)
		if math.Abs(got.Billed[want.item]-want.billed) > 1e-12 {
			t.Errorf("%s %s bills %v %s, want %v", want.service, want.operation, got.Billed[want.item], want.item, want.billed)
		}
	}
	if got := line(t, s, "BootNotification", "apigateway", "MessageIn").Bytes; got != float64(len(frame)) {
		t.Errorf("the message has %v bytes, want %d", got, len(frame))
	}
	if trips := s.Answers["BootNotification"]; len(trips) != 1 || trips[2] != 1 {
		t.Errorf("round trips before the answer: %v, want one answer after two", trips)
	}
}

func TestCallsAtOnceAreOneRoundTrip(t *testing.T) {
	c := count.New(nil)
	c.Began("trace", "request", function, messageEvent(`[2,"1","StartTransaction",{}]`))
	arrive := func(action string) *count.Pending {
		return c.Arrived(count.Call{Action: action, Method: "POST", Function: function, Trace: "trace"})
	}
	token, transaction := arrive("dynamodb:GetItem"), arrive("dynamodb:PutItem")
	token.Left()
	transaction.Left()
	arrive("sqs:SendMessage").Left()
	arrive("execute-api:ManageConnections").Left()
	arrive("dynamodb:UpdateItem").Left() // after the answer
	if trips := c.Snapshot().Answers["StartTransaction"]; trips[2] != 1 || len(trips) != 1 {
		t.Errorf("round trips before the answer: %v, want 2", trips)
	}
}

func TestABatchIsSharedByItsMessages(t *testing.T) {
	c := count.New(nil)
	readings, status := `{"message":[2,"1","MeterValues",{}]}`, `{"message":[2,"1","StatusNotification",{}]}`
	queues := count.Queues{Queues: full{{Body: readings, ReceiptHandle: "a"}, {Body: readings, ReceiptHandle: "b"}, {Body: readings, ReceiptHandle: "c"}, {Body: status, ReceiptHandle: "d"}}, Counter: c}
	if _, err := queues.Receive(t.Context(), "Incoming.fifo", 10, 0); err != nil {
		t.Fatal(err)
	}
	c.Began("trace", "request", function, queueEvent(readings, readings, readings, status))
	c.Ended("trace", memory, 8*time.Millisecond)
	for _, handle := range []string{"a", "b", "c", "d"} {
		if err := queues.Delete("Incoming.fifo", handle); err != nil {
			t.Fatal(err)
		}
	}
	s := c.Snapshot()
	for _, operation := range [][2]string{{"sqs", "ReceiveMessage"}, {"sqs", "DeleteMessageBatch"}, {"lambda", "Invocation"}} {
		for cause, want := range map[string]float64{"MeterValues": 0.75, "StatusNotification": 0.25} {
			if got := line(t, s, cause, operation[0], operation[1]).Count; got != want {
				t.Errorf("%s counts %v of %s, want %v", cause, got, operation[1], want)
			}
		}
	}
	if got := line(t, s, "MeterValues", "lambda", "Invocation").Milliseconds; got != 6 {
		t.Errorf("MeterValues have %v ms, want 6", got)
	}
}

// full is a queue with messages.
type full []sqs.Message

func (f full) Receive(context.Context, string, int, time.Duration) ([]sqs.Message, error) {
	return f, nil
}
func (full) Delete(string, ...string) error                       { return nil }
func (full) ChangeVisibility(string, string, time.Duration) error { return nil }

func TestCausesOfEvents(t *testing.T) {
	for _, test := range []struct{ event, want string }{
		{`{"type":"REQUEST","requestContext":{"eventType":"CONNECT"}}`, count.Connecting},
		{`{"requestContext":{"eventType":"DISCONNECT"}}`, count.Disconnecting},
		{string(messageEvent(`[3,"7",{"status":"Accepted"}]`)), count.Answering},
		{string(messageEvent(`[6,"7","NotifyPeriodicEventStream",{}]`)), "NotifyPeriodicEventStream"},
		{string(messageEvent(`{"no":"frame"}`)), count.Unnamed},
		{string(queueEvent(`{"kind":"drain","chargePointId":"CP001"}`)), "(timer drain)"},
		{string(queueEvent(`{"campaignId":"c1"}`)), "(campaign)"},
		{`{"message":[2,"7","Reset",{}],"chargePointId":"CP001"}`, "(command Reset)"},
		{`{"requestContext":{"http":{"method":"GET","path":"/charge-points/CP001/commands/7"}}}`, "(GET /charge-points/{id}/commands/{id})"},
		{`{"eventType":"THING_EVENT","operation":"CREATED","thingName":"CP001"}`, count.Things},
		{`{"source":"aws.events"}`, "(Stack-Message)"},
	} {
		c := count.New(nil)
		c.Began("trace", "request", function, []byte(test.event))
		c.Ended("trace", memory, time.Millisecond)
		line(t, c.Snapshot(), test.want, "lambda", "Invocation")
	}
}

func TestSinceIsTheDifference(t *testing.T) {
	c := count.New(nil)
	c.Published("CP001/out", []byte(`[2,"7","Reset",{}]`))
	before := c.Snapshot()
	c.Published("CP001/out", []byte(`[2,"7","Reset",{}]`))
	c.ConnectionEnded(61 * time.Second)
	between := c.Snapshot().Since(before)
	if got := line(t, between, "(command Reset)", "iot", "MessageIn"); got.Count != 1 || got.Billed[count.IoTMessage] != 1 {
		t.Errorf("%+v, want one message", got)
	}
	if len(c.Snapshot().Since(c.Snapshot()).Lines) != 0 {
		t.Error("nothing happened, and there are lines")
	}
}

func TestUnits(t *testing.T) {
	for answer, want := range map[string]float64{
		`{"ConsumedCapacity":{"TableName":"T","CapacityUnits":1.5}}`:                                       1.5,
		`{"ConsumedCapacity":[{"TableName":"T","CapacityUnits":10},{"CapacityUnits":2,"TableName":"U"}]}`:  12,
		`{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"failed"}`: 1,
		`{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"none"}`:         0,
	} {
		if got := count.Units([]byte(answer)); got != want {
			t.Errorf("%s takes %v units, want %v", answer, got, want)
		}
	}
}

func TestAnswerOverHTTP(t *testing.T) {
	c := count.New(nil)
	c.Published("CP001/out", []byte(`[2,"7","Reset",{}]`))
	recorder := httptest.NewRecorder()
	c.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, count.Path, nil))
	var views []count.View
	if err := json.Unmarshal(recorder.Body.Bytes(), &views); err != nil {
		t.Fatal(err)
	}
	if len(views) != 1 || views[0].Cause != "(command Reset)" || views[0].Services["iot"] != 1 || views[0].Lines[0].Billed[count.IoTMessage] != 1 {
		t.Errorf("%s", recorder.Body)
	}
}
