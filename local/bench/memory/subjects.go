package memory

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// subject is a function with its events.
type subject struct {
	function string
	share    int                                                        // it gets one of so many events
	batch    int                                                        // messages of an event
	calls    int                                                        // that it makes as a charge point when it deals with an event
	events   func(samples string) (event func(n int) []byte, err error) // samples is the folder events/; n counts messages
}

// Each gets all; those that run every five minutes get a month of them.
var subjects = []subject{
	{function: "message", share: 1, batch: 1, events: messages},
	{function: "processor", share: 1, batch: batch, events: records},
	{function: "authorize", share: 1, batch: 1, events: inTurn("authorize.json")},
	{function: "connect", share: 1, batch: 1, events: inTurn("connect.json")},
	{function: "disconnect", share: 1, batch: 1, events: inTurn("disconnect.json")},
	{function: "timer", share: 1, batch: 1, events: inTurn("sqs-timer-drain.json", "sqs-timer-deadline.json")},
	{function: "outbound", share: 1, batch: 1, events: inTurn("iot-out-call.json")},
	{function: "registry", share: 1, batch: 1, events: inTurn("iot-thing-created.json", "iot-thing-updated.json", "iot-thing-deleted.json")},
	{function: "api", share: 1, batch: 1, events: inTurn("http-get-charge-points.json", "http-create-charge-point.json", "http-put-token.json", "http-remote-start.json", "http-remote-stop.json")},
	{function: "console", share: 1, batch: 1, events: page},
	{function: "campaign", share: 1, batch: 1, events: inTurn("sqs-campaign-tick.json", "sqs-campaign-command.json")},
	{function: "canary", share: seldom, batch: 1, calls: 2, events: scheduled},
	{function: "census", share: seldom, batch: 1, events: scheduled},
}

const (
	seldom = 10
	batch  = 10 // messages that the processor gets at once under load
)

// inTurn are sample events, one after the other, whose charge point, connection and ids are others each time.
func inTurn(files ...string) func(samples string) (func(n int) []byte, error) {
	return func(samples string) (func(n int) []byte, error) {
		texts := make([]string, len(files))
		for i, file := range files {
			text, err := os.ReadFile(filepath.Join(samples, file))
			if err != nil {
				return nil, err
			}
			texts[i] = string(text)
		}
		return func(n int) []byte {
			number := fmt.Sprintf("%012d", n)
			return []byte(strings.NewReplacer(
				"CP001", "CP"+strconv.Itoa(n), "AbCdEfGhIjKlMnO", "C"+number, "CbCdEfGhIjKlMnO", "M"+number, "L0SM9cOFvHcCIhw", "C"+number,
				"0195a1c4-7f1e-7c3a-9b0e-2f6d1c5e8a01", "0195a1c4-7f1e-7c3a-9b0e-"+number, "019cb8d4-8e00-7000-8000-000000000001", "019cb8d4-8e00-7000-8000-"+number,
			).Replace(texts[n%len(texts)]))
		}, nil
	}
}

// page is what a browser asks the console for, a file that is not there included.
func page(samples string) (func(n int) []byte, error) {
	request, err := inTurn("http-get-charge-points.json")(samples)
	if err != nil {
		return nil, err
	}
	paths := []string{`"/console"`, `"/console/config.json"`, `"/console/old/main.js"`}
	return func(n int) []byte {
		return []byte(strings.ReplaceAll(string(request(n)), `"/charge-points"`, paths[n%len(paths)]))
	}, nil
}

// scheduled is what functions get that run every five minutes.
func scheduled(string) (func(n int) []byte, error) {
	return func(n int) []byte {
		return encode(map[string]any{"id": strconv.Itoa(n), "source": "aws.events", "detail-type": "Scheduled Event", "detail": map[string]any{}})
	}, nil
}

// frames are what charge points say, in turn; the last two are wrong. NOW is the time: a reading that is told late takes another way.
var frames = []string{
	`[2,"%d","Heartbeat",{}]`,
	`[2,"%d","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]`,
	`[2,"%d","MeterValues",{"connectorId":1,"transactionId":42,"meterValue":[{"timestamp":"NOW","sampledValue":[{"value":"600"}]}]}]`,
	`[2,"%d","StartTransaction",{"connectorId":1,"idTag":"TAG%[1]d","meterStart":5,"timestamp":"2026-03-01T11:00:00Z"}]`,
	`[2,"%d","BootNotification",{"chargePointVendor":"ACME","chargePointModel":"X1"}]`,
	`[2,"%d","Authorize",{"idTag":"TAG%[1]d","unknown":1}]`,
	`[2,"%d","NoSuchAction%[1]d",{}]`,
}

func frame(kind, n int) string {
	return strings.Replace(fmt.Sprintf(frames[kind], n), "NOW", time.Now().UTC().Format(time.RFC3339), 1)
}

// perConnection is how many messages a connection has.
const perConnection = 5

// messages are those of very many connections, of all kinds.
func messages(samples string) (func(n int) []byte, error) {
	const sample = "message-boot16.json"
	text, err := os.ReadFile(filepath.Join(samples, sample))
	if err != nil {
		return nil, err
	}
	var event map[string]any
	if err := json.Unmarshal(text, &event); err != nil {
		return nil, fmt.Errorf("%s: %w", sample, err)
	}
	about, _ := event["requestContext"].(map[string]any)
	authorizer, _ := about["authorizer"].(map[string]any)
	return func(n int) []byte {
		connection := strconv.Itoa(n / perConnection)
		about["connectionId"], about["messageId"], about["requestTimeEpoch"] = "C"+connection+"=", "M"+strconv.Itoa(n), time.Now().UnixMilli()
		authorizer["chargePointId"], authorizer["accepted"] = "CP"+connection, "true"
		event["body"] = frame(n%len(frames), n)
		return encode(event)
	}, nil
}

// records are messages of the journal, each of another charge point. The journal has what is answered with a result.
func records(string) (func(n int) []byte, error) {
	return func(n int) []byte {
		all := make([]any, batch)
		for i := range all {
			all[i] = record(n + i)
		}
		return encode(map[string]any{"Records": all})
	}, nil
}

func record(n int) map[string]any {
	id := "CP" + strconv.Itoa(n)
	body := encode(map[string]any{
		"chargePointId": id, "message": json.RawMessage(frame(1+n%2, n)), "answer": json.RawMessage(fmt.Sprintf(`[3,"%d",{}]`, n)),
		"protocol": "ocpp1.6", "connectionId": "C=", "connectedAt": time.Now(), "receivedAt": time.Now(),
	})
	return map[string]any{"messageId": strconv.Itoa(n), "body": string(body), "eventSource": "aws:sqs", "attributes": map[string]string{"MessageGroupId": id}}
}

// encode cannot fail: events are maps of texts and numbers.
func encode(event any) []byte {
	text, err := json.Marshal(event)
	if err != nil {
		panic(err)
	}
	return text
}
