package dynamo

import (
	"context"
	"encoding/json"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/serverless-ocpp/backend/shared/fault"
)

// Messages is the MessageTable, one item per frame and its answer, and per refused connection:
//
//	chargePointId  S  partition key: of a refused connection, the identity that was claimed
//	messageKey     S  sort key: of a frame receivedAt#<direction>#<message id>, of a refused connection receivedAt#<connection id>
//	kind           S  frame, refusedConnection
//	receivedAt     S  when the frame came or was sent
//	connectionId   S
//	direction      S  in, out
//	messageId      S
//	action         S  of the CALL or SEND, or of the CALL that this answers
//	frame          S  JSON with masked secrets, or the beginning of it
//	truncated      BOOL  it is the beginning
//	answer         S  what a charge point's CALL was answered, likewise: in one item, two frames cost one write
//	answerTruncated  BOOL
//	refusedOn      S  of a refused connection alone: partition key of the index Refused
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
	At            time.Time   `json:"at"` // when it was received or sent; the answer to a CALL of the charge point has the CALL's time
	ConnectionID  string      `json:"connectionId,omitempty"`

	// Of a frame.
	Direction Direction       `json:"direction,omitempty"`
	MessageID string          `json:"messageId,omitempty"`
	Action    string          `json:"action,omitempty"` // of the CALL or SEND, or of the CALL that it answers
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
	return open(api, tableName, "chargePointId", "messageKey")
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
	Answer        string      `dynamodbav:"answer,omitempty"`
	AnswerCut     bool        `dynamodbav:"answerTruncated,omitempty"`
	RefusedOn     string      `dynamodbav:"refusedOn,omitempty"`
	Status        int         `dynamodbav:"status,omitempty"`
	Reason        string      `dynamodbav:"reason,omitempty"`
	SourceIP      string      `dynamodbav:"sourceIp,omitempty"`
	TTL           int64       `dynamodbav:"ttl"`
}

// values are the frame, or the answer and the frame, or the refused connection.
func (i messageItem) values() []Message {
	message := Message{
		ChargePointID: i.ChargePointID, Kind: i.Kind, At: i.ReceivedAt, ConnectionID: i.ConnectionID,
		Direction: i.Direction, MessageID: i.MessageID, Action: i.Action, Frame: shown(i.Frame, i.Truncated), Truncated: i.Truncated,
		Status: i.Status, Reason: i.Reason, SourceIP: i.SourceIP,
	}
	if i.Answer == "" {
		return []Message{message}
	}
	answer := message
	answer.Direction, answer.Frame, answer.Truncated = Out, shown(i.Answer, i.AnswerCut), i.AnswerCut
	return []Message{answer, message}
}

// shown is JSON in any case: the beginning of a frame becomes a text.
func shown(frame string, truncated bool) json.RawMessage {
	if !truncated {
		return jsonOf(frame)
	}
	quoted, err := json.Marshal(frame)
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
		Kind: KindRefused, ReceivedAt: at, ConnectionID: connectionID, RefusedOn: refusedConnections.dayOf(chargePointID, at),
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

// List returns a page of the frames and refused connections of a charge point, newest first. A page ends at 1 MB, and
// between two rows: it may have one frame less than there could be, and of limit 1 both a frame and its answer.
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
	rows, err := decodeAll(items, messageItem.values)
	if err != nil {
		return nil, "", err
	}
	for i, row := range rows {
		if i > 0 && len(messages)+len(row) > limit {
			return messages, t.cursor(items[i-1]), nil
		}
		messages = append(messages, row...)
	}
	if len(last) > 0 {
		next = t.cursor(last)
	}
	return messages, next, nil
}
