package dynamo

import (
	"context"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/secret"
)

// MessageLog keeps frames in the MessageTable for a while. Secrets are masked.
//
// It has what was journaled and its answers, and the CALLs of the central system. A Heartbeat that is not
// journaled is not in it, nor is a message that was refused before the journal: it is in the function's log.
type MessageLog struct {
	table
	kept time.Duration
}

// NewMessageLog opens the MessageTable to keep frames for some days.
func NewMessageLog(api *dynamodb.Client, tableName string, days int) *MessageLog {
	return &MessageLog{messageTable(api, tableName), time.Duration(days) * 24 * time.Hour}
}

var _ command.Log = (*MessageLog)(nil)

// maxFrame is how much of a frame is kept, in bytes: a page of the list has fifteen of the largest.
const maxFrame = 64 * 1024

// Sent implements command.Log.
func (t *MessageLog) Sent(ctx context.Context, sent command.SentFrame) error {
	encoded, err := t.encode(Message{
		ChargePointID: sent.ChargePointID, At: sent.At, ConnectionID: sent.ConnectionID,
		Direction: Out, MessageID: sent.MessageID, Action: sent.Action, Frame: sent.Frame,
	})
	if err != nil {
		return err
	}
	if _, err := t.api.PutItem(ctx, &dynamodb.PutItemInput{TableName: &t.name, Item: encoded}); err != nil {
		return t.failed(err, "write", framesOf(sent.ChargePointID))
	}
	return nil
}

// Keep stores frames of a charge point in one request; Kind and Truncated are the log's to set. Repeating it changes
// nothing. fault.Throttled if DynamoDB takes only a part in the time.
func (t *MessageLog) Keep(ctx context.Context, chargePointID string, frames ...Message) error {
	requests := make([]types.WriteRequest, len(frames))
	for i, frame := range frames {
		frame.ChargePointID = chargePointID
		encoded, err := t.encode(frame)
		if err != nil {
			return err
		}
		requests[i] = types.WriteRequest{PutRequest: &types.PutRequest{Item: encoded}}
	}
	return t.writeAll(ctx, framesOf(chargePointID), requests)
}

func framesOf(chargePointID string) string { return "frames of charge point " + chargePointID }

func (t *MessageLog) encode(frame Message) (item, error) {
	if frame.ChargePointID == "" {
		return nil, fault.New(fault.Invalid, "frame %s without a charge point id cannot be kept", frame.MessageID)
	}
	masked := secret.Masked(frame.Frame)
	kept := beginning(masked)
	return encode(messageItem{
		ChargePointID: frame.ChargePointID,
		MessageKey:    formatTime(frame.At) + "#" + string(frame.Direction) + "#" + frame.MessageID,
		Kind:          KindFrame, ReceivedAt: frame.At, ConnectionID: frame.ConnectionID,
		Direction: frame.Direction, MessageID: frame.MessageID, Action: frame.Action,
		Frame: kept, Truncated: len(kept) < len(masked), TTL: frame.At.Add(t.kept).Unix(),
	})
}

// beginning cuts a frame after a whole character.
func beginning(frame []byte) string {
	if len(frame) <= maxFrame {
		return string(frame)
	}
	end := maxFrame
	for end > 0 && !utf8.RuneStart(frame[end]) {
		end--
	}
	return string(frame[:end])
}
