package memory

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"
)

const timeout = time.Minute // of an invocation, on a machine that is busy

var quiet = slog.New(slog.DiscardHandler)

// subject is a function with its events.
type subject struct {
	function string
	events   func(root string) (event func(n int) []byte, err error)
}

var subjects = []subject{
	{"message", messages},
	{"processor", records},
	{"authorize", sample("authorize.json")},
	{"connect", sample("connect.json")},
	{"disconnect", sample("disconnect.json")},
	{"timer", sample("sqs-timer-drain.json")},
	{"api", sample("http-get-charge-points.json")},
	{"outbound", sample("iot-out-call.json")},
	{"registry", sample("iot-thing-created.json")},
}

// sample is a sample event whose charge point, connection and ids are others each time.
func sample(file string) func(root string) (func(n int) []byte, error) {
	return func(root string) (func(n int) []byte, error) {
		text, err := readSample(root, file)
		if err != nil {
			return nil, err
		}
		return func(n int) []byte {
			number := fmt.Sprintf("%012d", n)
			return []byte(strings.NewReplacer(
				"CP001", "CP"+strconv.Itoa(n), "AbCdEfGhIjKlMnO", "C"+number, "CbCdEfGhIjKlMnO", "M"+number,
				"0195a1c4-7f1e-7c3a-9b0e-2f6d1c5e8a01", "0195a1c4-7f1e-7c3a-9b0e-"+number,
			).Replace(string(text)))
		}, nil
	}
}

// frames are what charge points say, in turn; the last two are wrong.
var frames = []string{
	`[2,"%d","Heartbeat",{}]`,
	`[2,"%d","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]`,
	`[2,"%d","MeterValues",{"connectorId":1,"transactionId":42,"meterValue":[{"timestamp":"2026-03-01T11:10:00Z","sampledValue":[{"value":"600"}]}]}]`,
	`[2,"%d","StartTransaction",{"connectorId":1,"idTag":"TAG%[1]d","meterStart":5,"timestamp":"2026-03-01T11:00:00Z"}]`,
	`[2,"%d","BootNotification",{"chargePointVendor":"ACME","chargePointModel":"X1"}]`,
	`[2,"%d","Authorize",{"idTag":"TAG%[1]d","unknown":1}]`,
	`[2,"%d","NoSuchAction%[1]d",{}]`,
}

// perConnection is how many messages a connection has.
const perConnection = 5

// messages are those of very many connections, of all kinds.
func messages(root string) (func(n int) []byte, error) {
	text, err := readSample(root, "message-boot16.json")
	if err != nil {
		return nil, err
	}
	var event map[string]any
	if err := json.Unmarshal(text, &event); err != nil {
		return nil, fmt.Errorf("events/message-boot16.json: %w", err)
	}
	about, _ := event["requestContext"].(map[string]any)
	authorizer, _ := about["authorizer"].(map[string]any)
	return func(n int) []byte {
		connection := strconv.Itoa(n / perConnection)
		about["connectionId"], about["messageId"], about["requestTimeEpoch"] = "C"+connection+"=", "M"+strconv.Itoa(n), time.Now().UnixMilli()
		authorizer["chargePointId"], authorizer["accepted"] = "CP"+connection, "true"
		event["body"] = fmt.Sprintf(frames[n%len(frames)], n)
		return encode(event)
	}, nil
}

// records are those of the journal, one by one, each of another charge point. The journal has what is answered with a result.
func records(root string) (func(n int) []byte, error) {
	text, err := readSample(root, "sqs-incoming.json")
	if err != nil {
		return nil, err
	}
	var batch struct{ Records []map[string]any }
	if err := json.Unmarshal(text, &batch); err != nil {
		return nil, fmt.Errorf("events/sqs-incoming.json: %w", err)
	}
	if len(batch.Records) == 0 {
		return nil, fmt.Errorf("events/sqs-incoming.json has no record")
	}
	record := batch.Records[0]
	attributes, _ := record["attributes"].(map[string]any)
	return func(n int) []byte {
		id := "CP" + strconv.Itoa(n)
		attributes["MessageGroupId"], record["messageId"] = id, strconv.Itoa(n)
		record["body"] = string(encode(map[string]any{
			"chargePointId": id, "message": json.RawMessage(fmt.Sprintf(frames[1+n%2], n)), "answer": json.RawMessage(fmt.Sprintf(`[3,"%d",{}]`, n)),
			"protocol": "ocpp1.6", "connectionId": "C=", "connectedAt": time.Now(), "receivedAt": time.Now(),
		}))
		return encode(map[string]any{"Records": []any{record}})
	}, nil
}

// encode cannot fail: events are maps of texts and numbers.
func encode(event any) []byte {
	var text bytes.Buffer
	if err := json.NewEncoder(&text).Encode(event); err != nil {
		panic(err)
	}
	return text.Bytes()
}
