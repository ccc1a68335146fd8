package dynamo

import (
	"context"
	"encoding/json"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/serverless-ocpp/backend/shared/fault"
)

// Messages is the MessageTable, one item per frame and per refused connection:
//
//	chargePointId  S  partition key: of a refused connection, the identity that was claimed
//	messageKey     S  sort key: of a frame receivedAt#<direction>#<message id>, of a refused connection receivedAt#<connection id>
//	kind           S  frame, refusedConnection
//	receivedAt     S  when the frame came or was sent; an answer has the moment at which its CALL came
//	connectionId   S
//	direction      S  in, out
//	messageId      S
//	action         S  of a CALL or SEND, and of the answer to one
//	frame          S  JSON with masked secrets, or the beginning of it
//	truncated      BOOL  it is the beginning
//	status         N  HTTP status of the refusal
//	reason         S  a sentence
//	sourceIp       S
//	ttl            N  seconds since 1970
//
// MessageLog writes the frames.
type Messages struct{ table }

// MessageKind says what a row of the MessageTable is.
type MessageKind string

const (
	KindFrame   MessageKind = "frame"
	KindRefused MessageKind = "refusedConnection"
)

// Direction of a frame.
type Direction string

const (
	In  Direction = "in"  // from the charge point
	Out Direction = "out" // to it
)

// Message is a frame, or a connection that was refused at the handshake.
type Message struct {
	ChargePointID string      `json:"chargePointId"`
	Kind          MessageKind `json:"kind"`
	At            time.Time   `json:"at"` // when it was received or sent; an answer counts with its CALL
	ConnectionID  string      `json:"connectionId,omitempty"`

	// Of a frame.
	Direction Direction       `json:"direction,omitempty"`
	MessageID string          `json:"messageId,omitempty"`
	Action    string          `json:"action,omitempty"` // of a CALL or SEND, and of the answer that a CALL was given
	Frame     json.RawMessage `json:"frame,omitempty"`  // its secrets are masked; a text with its beginning if it is truncated
	Truncated bool            `json:"truncated,omitempty"`

	// Of a refused connection.
	Status   int    `json:"status,omitempty"` // HTTP
	Reason   string `json:"reason,omitempty"`
	SourceIP string `json:"sourceIp,omitempty"`
}

// NewMessages opens the MessageTable.
func NewMessages(api *dynamodb.Client, tableName string) *Messages {
	return &Messages{messageTable(api, tableName)}
}

func messageTable(api *dynamodb.Client, tableName string) table {
	return table{api: api, name: tableName, hash: "chargePointId", sort: "messageKey"}
}

type messageItem struct {
	ChargePointID string      `dynamodbav:"chargePointId"`
	MessageKey    string      `dynamodbav:"messageKey"`
	Kind          MessageKind `dynamodbav:"kind"`
	ReceivedAt    time.Time   `dynamodbav:"receivedAt,omitempty"`
	ConnectionID  string      `dynamodbav:"connectionId,omitempty"`
	Direction     Direction   `dynamodbav:"direction,omitempty"`
	MessageID     string      `dynamodbav:"messageId,omitempty"`
	Action        string      `dynamodbav:"action,omitempty"`
	Frame         string      `dynamodbav:"frame,omitempty"`
	Truncated     bool        `dynamodbav:"truncated,omitempty"`
	Status        int         `dynamodbav:"status,omitempty"`
	Reason        string      `dynamodbav:"reason,omitempty"`
	SourceIP      string      `dynamodbav:"sourceIp,omitempty"`
	TTL           int64       `dynamodbav:"ttl"`
}

func (i messageItem) value() Message {
	return Message{
		ChargePointID: i.ChargePointID, Kind: i.Kind, At: i.ReceivedAt, ConnectionID: i.ConnectionID,
		Direction: i.Direction, MessageID: i.MessageID, Action: i.Action, Frame: i.frame(), Truncated: i.Truncated,
		Status: i.Status, Reason: i.Reason, SourceIP: i.SourceIP,
	}
}

// frame is JSON in any case: a part of a frame is a text.
func (i messageItem) frame() json.RawMessage {
	if !i.Truncated {
		return jsonOf(i.Frame)
	}
	quoted, err := json.Marshal(i.Frame)
	if err != nil {
		panic(err) // a string always marshals
	}
	return quoted
}

// keptRefused is long enough to ask after a charge point that never came online, and short enough
// for what anybody on the internet can cause.
const keptRefused = 30 * 24 * time.Hour

// PutRefused keeps a refused connection for 30 days under the identity that was claimed. Repeating it
// changes nothing. fault.Invalid without an identity: there is nowhere to keep it.
func (t *Messages) PutRefused(ctx context.Context, chargePointID string, at time.Time, connectionID string, status int, reason, sourceIP string) error {
	if chargePointID == "" {
		return fault.New(fault.Invalid, "a refused connection without a charge point id cannot be kept")
	}
	encoded, err := encode(messageItem{
		ChargePointID: chargePointID, MessageKey: formatTime(at) + "#" + connectionID,
		Kind: KindRefused, ReceivedAt: at, ConnectionID: connectionID,
		Status: status, Reason: reason, SourceIP: sourceIP, TTL: at.Add(keptRefused).Unix(),
	})
	if err != nil {
		return err
	}
	if _, err := t.api.PutItem(ctx, &dynamodb.PutItemInput{TableName: &t.name, Item: encoded}); err != nil {
		return t.failed(err, "write", "refused connection of charge point "+chargePointID)
	}
	return nil
}

// List returns a page of the frames and refused connections of a charge point, newest first. A page ends at 1 MB.
func (t *Messages) List(ctx context.Context, chargePointID, cursor string, limit int) (messages []Message, next string, err error) {
	if err := checkLimit(limit); err != nil {
		return nil, "", err
	}
	start, err := t.resume(cursor, chargePointID)
	if err != nil {
		return nil, "", err
	}
	items, last, err := t.backwards(ctx, "messages of charge point "+chargePointID, t.in(chargePointID), start, oneMore(limit))
	if err != nil {
		return nil, "", err
	}
	items, next = t.firstOf(items, last, limit)
	messages, err = decodeAll(items, messageItem.value)
	return messages, next, err
}

// Refused is the name that callers know a Message by who list refused connections only.
type Refused = Message
