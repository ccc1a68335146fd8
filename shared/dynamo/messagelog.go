package dynamo

import (
	"context"
	"maps"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/command"
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

// maxFrame is how much of a frame is kept, in bytes: enough for all but the largest reports, and a page of the list has fifteen of them.
const maxFrame = 64 * 1024

// Sent implements command.Log.
func (t *MessageLog) Sent(ctx context.Context, sent command.SentFrame) error {
	return t.put(ctx, messageItem{
		ChargePointID: sent.ChargePointID, ReceivedAt: sent.At, ConnectionID: sent.ConnectionID,
		Direction: Out, MessageID: sent.MessageID, Action: sent.Action,
	}, sent.Frame, nil)
}

// Exchange is a frame from a charge point, and what it was answered.
type Exchange struct {
	ChargePointID string
	ConnectionID  string
	MessageID     string
	Action        string // of the CALL or SEND, or of the CALL that this answers; "" if nobody knows
	Frame         []byte
	Answer        []byte // nil for none
	At            time.Time
}

// Received keeps frames from charge points and their answers. Repeating it changes nothing. fault.Throttled if DynamoDB takes
// only a part in the time.
func (t *MessageLog) Received(ctx context.Context, exchanges []Exchange) error {
	requests := make(map[[2]string]types.WriteRequest, len(exchanges)) // by key: a batch may not name one item twice
	for _, e := range exchanges {
		row := e.row()
		encoded, err := t.itemOf(row, e.Frame, e.Answer)
		if err != nil {
			return err
		}
		requests[[2]string{e.ChargePointID, messageKey(row)}] = types.WriteRequest{PutRequest: &types.PutRequest{Item: encoded}}
	}
	return t.writeAll(ctx, "frames of charge points", slices.Collect(maps.Values(requests)))
}

func (e Exchange) row() messageItem {
	return messageItem{
		ChargePointID: e.ChargePointID, ReceivedAt: e.At, ConnectionID: e.ConnectionID,
		Direction: In, MessageID: e.MessageID, Action: e.Action,
	}
}

func (t *MessageLog) put(ctx context.Context, row messageItem, frame, answer []byte) error {
	encoded, err := t.itemOf(row, frame, answer)
	if err != nil {
		return err
	}
	if _, err := t.api.PutItem(ctx, &dynamodb.PutItemInput{TableName: &t.name, Item: encoded}); err != nil {
		return t.failed(err, "write", "frame "+row.MessageID+" of charge point "+row.ChargePointID)
	}
	return nil
}

func messageKey(row messageItem) string {
	return formatTime(row.ReceivedAt) + "#" + string(row.Direction) + "#" + row.MessageID
}

func (t *MessageLog) itemOf(row messageItem, frame, answer []byte) (item, error) {
	row.MessageKey = messageKey(row)
	row.Kind, row.TTL = KindFrame, row.ReceivedAt.Add(t.kept).Unix()
	row.Frame, row.Truncated = kept(frame)
	row.Answer, row.AnswerCut = kept(answer)
	return encode(row)
}

// kept is what is kept of a frame: its secrets are masked, and it is cut after a whole character.
func kept(frame []byte) (text string, truncated bool) {
	masked := secret.Masked(frame)
	if len(masked) <= maxFrame {
		return string(masked), false
	}
	end := maxFrame
	for end > 0 && !utf8.RuneStart(masked[end]) {
		end--
	}
	return string(masked[:end]), true
}
