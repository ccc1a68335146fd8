package eventsource

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/serverless-ocpp/backend/local/sqs"
)

// record is one message in the event of a function, as in "Example Amazon SQS message event" of the Lambda Developer Guide.
type record struct {
	MessageID              string                   `json:"messageId"`
	ReceiptHandle          string                   `json:"receiptHandle"`
	Body                   string                   `json:"body"`
	Attributes             map[string]string        `json:"attributes"`
	MessageAttributes      map[string]attributeJSON `json:"messageAttributes"`
	MD5OfMessageAttributes string                   `json:"md5OfMessageAttributes,omitempty"`
	MD5OfBody              string                   `json:"md5OfBody"`
	EventSource            string                   `json:"eventSource"`
	EventSourceARN         string                   `json:"eventSourceARN"`
	Region                 string                   `json:"awsRegion"`
}

type attributeJSON struct {
	StringValue      string   `json:"stringValue,omitempty"`
	BinaryValue      string   `json:"binaryValue,omitempty"` // base64
	StringListValues []string `json:"stringListValues"`      // always empty
	BinaryListValues []string `json:"binaryListValues"`      // always empty
	DataType         string   `json:"dataType"`
}

// event is the event of a function that is invoked with these messages.
func event(messages []sqs.Message, queueARN string) []byte {
	records := make([]record, len(messages))
	for i, m := range messages {
		attributes := make(map[string]attributeJSON)
		for name, a := range m.MessageAttributes {
			attributes[name] = attributeJSON{
				StringValue: a.StringValue, BinaryValue: base64.StdEncoding.EncodeToString(a.BinaryValue),
				StringListValues: []string{}, BinaryListValues: []string{}, DataType: a.DataType,
			}
		}
		records[i] = record{
			MessageID: m.ID, ReceiptHandle: m.ReceiptHandle, Body: m.Body, Attributes: m.Attributes,
			MessageAttributes: attributes, MD5OfMessageAttributes: m.MD5OfMessageAttributes, MD5OfBody: m.MD5OfBody,
			EventSource: "aws:sqs", EventSourceARN: queueARN, Region: region(queueARN),
		}
	}
	data, err := json.Marshal(struct{ Records []record }{records})
	if err != nil {
		panic(fmt.Sprintf("an event of texts cannot be encoded: %v", err))
	}
	return data
}

// region is the fourth part of an ARN: arn:aws:sqs:us-east-1:000000000000:name.
func region(arn string) string {
	parts := strings.SplitN(arn, ":", 5)
	if len(parts) < 5 {
		return ""
	}
	return parts[3]
}
