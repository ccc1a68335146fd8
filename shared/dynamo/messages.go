package dynamo

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/serverless-ocpp/backend/shared/fault"
)

// Messages is the MessageTable, one item per refused connection:
//
//	chargePointId  S  partition key: the identity that was claimed
//	messageKey     S  sort key: receivedAt#<connection id>
//	kind           S  refusedConnection
//	status         N  HTTP status of the refusal
//	reason         S  a sentence
//	sourceIp       S
//	ttl            N  seconds since 1970
type Messages struct{ table }

const (
	kindRefused = "refusedConnection"
	// keptRefused is long enough to ask after a charge point that never came online, and short enough
	// for what anybody on the internet can cause.
	keptRefused = 30 * 24 * time.Hour
)

// Refused is a connection that was refused at the handshake.
type Refused struct {
	ChargePointID string    `json:"chargePointId"`
	At            time.Time `json:"at"`
	ConnectionID  string    `json:"connectionId"`
	Status        int       `json:"status"` // HTTP
	Reason        string    `json:"reason"`
	SourceIP      string    `json:"sourceIp,omitempty"`
}

// NewMessages opens the MessageTable.
func NewMessages(api *dynamodb.Client, tableName string) *Messages {
	return &Messages{table{api: api, name: tableName, hash: "chargePointId", sort: "messageKey"}}
}

type messageItem struct {
	ChargePointID string    `dynamodbav:"chargePointId"`
	MessageKey    string    `dynamodbav:"messageKey"`
	Kind          string    `dynamodbav:"kind"`
	ReceivedAt    time.Time `dynamodbav:"receivedAt,omitempty"`
	ConnectionID  string    `dynamodbav:"connectionId,omitempty"`
	Status        int       `dynamodbav:"status,omitempty"`
	Reason        string    `dynamodbav:"reason,omitempty"`
	SourceIP      string    `dynamodbav:"sourceIp,omitempty"`
	TTL           int64     `dynamodbav:"ttl"`
}

func (i messageItem) value() Refused {
	return Refused{
		ChargePointID: i.ChargePointID, At: i.ReceivedAt, ConnectionID: i.ConnectionID,
		Status: i.Status, Reason: i.Reason, SourceIP: i.SourceIP,
	}
}

// PutRefused keeps a refused connection for 30 days under the identity that was claimed. Repeating it
// changes nothing. fault.Invalid without an identity: there is nowhere to keep it.
func (t *Messages) PutRefused(ctx context.Context, chargePointID string, at time.Time, connectionID string, status int, reason, sourceIP string) error {
	if chargePointID == "" {
		return fault.New(fault.Invalid, "a refused connection without a charge point id cannot be kept")
	}
	encoded, err := encode(messageItem{
		ChargePointID: chargePointID, MessageKey: formatTime(at) + "#" + connectionID,
		Kind: kindRefused, ReceivedAt: at, ConnectionID: connectionID,
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

// List returns a page of the refused connections of a charge point, newest first.
func (t *Messages) List(ctx context.Context, chargePointID, cursor string, limit int) (refused []Refused, next string, err error) {
	items, next, err := t.query(ctx, chargePointID, descending, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	refused, err = decodeAll(items, messageItem.value)
	return refused, next, err
}
