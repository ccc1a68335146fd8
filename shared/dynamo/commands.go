package dynamo

import (
	"context"
	"encoding/json"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/secret"
)

// Commands is the CommandTable, one item per CALL to a charge point:
//
//	chargePointId   S  partition key
//	commandId       S  sort key: the OCPP message id
//	queuedAt        S  sort key of the index Queued; exists only while the command is queued
//	queuePosition   S  what queuedAt is whenever it exists: createdAt#<command id>
//	remoteStartedAt S  sort key of the index RemoteStarts: createdAt#<command id>; exists only on a remote start whose
//	                   transaction is not known, and may still come
//	action, protocol, origin, operation, campaignId, state  S
//	payload         S  JSON; of a finished command without its secrets
//	maskedPayload   S  what takes the payload's place then; exists only while the payload has secrets
//	createdAt, expiresAt  S
//	timeoutMs       N
//	attempt         N  counts the times it was sent
//	sentAt, deadline      S  of the last attempt
//	answeredAt      S  when an answer to the last attempt came, which is in the journal
//	finishedAt      S
//	failedOn        S  of a command that failed alone: partition key of the index Failed
//	result, errorDetails  S  JSON
//	errorCode, errorDescription  S
//	transactionId   S  that a remote start led to
//	ttl             N  seconds since 1970
type Commands struct{ table }

// queuedIndex has the keys of those commands that wait, oldest first.
const queuedIndex = "Queued"

// NewCommands opens the CommandTable.
func NewCommands(api *dynamodb.Client, tableName string) *Commands {
	return &Commands{open(api, tableName, "chargePointId", "commandId")}
}

var _ command.Store = (*Commands)(nil)

type commandItem struct {
	ChargePointID   string `dynamodbav:"chargePointId"`
	ID              string `dynamodbav:"commandId"`
	QueuedAt        string `dynamodbav:"queuedAt,omitempty"`
	QueuePosition   string `dynamodbav:"queuePosition,omitempty"`
	RemoteStartedAt string `dynamodbav:"remoteStartedAt,omitempty"`

	Action        string         `dynamodbav:"action,omitempty"`
	Payload       string         `dynamodbav:"payload,omitempty"`
	MaskedPayload string         `dynamodbav:"maskedPayload,omitempty"`
	Protocol      string         `dynamodbav:"protocol,omitempty"`
	Origin        command.Origin `dynamodbav:"origin,omitempty"`
	Operation     string         `dynamodbav:"operation,omitempty"`
	CampaignID    string         `dynamodbav:"campaignId,omitempty"`
	State         command.State  `dynamodbav:"state,omitempty"`

	CreatedAt time.Time `dynamodbav:"createdAt,omitempty"`
	ExpiresAt time.Time `dynamodbav:"expiresAt,omitempty"`
	TimeoutMs int64     `dynamodbav:"timeoutMs,omitempty"`
	Attempt   int       `dynamodbav:"attempt,omitempty"`

	SentAt     time.Time `dynamodbav:"sentAt,omitempty"`
	Deadline   time.Time `dynamodbav:"deadline,omitempty"`
	AnsweredAt time.Time `dynamodbav:"answeredAt,omitempty"`
	FinishedAt time.Time `dynamodbav:"finishedAt,omitempty"`
	FailedOn   string    `dynamodbav:"failedOn,omitempty"`

	Result           string `dynamodbav:"result,omitempty"`
	ErrorCode        string `dynamodbav:"errorCode,omitempty"`
	ErrorDescription string `dynamodbav:"errorDescription,omitempty"`
	ErrorDetails     string `dynamodbav:"errorDetails,omitempty"`

	TransactionID string `dynamodbav:"transactionId,omitempty"`

	TTL int64 `dynamodbav:"ttl,omitempty"`
}

func commandItemOf(c command.Command) commandItem {
	row := commandItem{
		ChargePointID: c.ChargePointID, ID: c.ID,
		QueuePosition: formatTime(c.CreatedAt) + "#" + c.ID,
		Action:        c.Action, Payload: string(c.Payload), Protocol: c.Protocol,
		Origin: c.Origin, Operation: c.Operation, CampaignID: c.CampaignID, State: c.State,
		CreatedAt: c.CreatedAt, ExpiresAt: c.ExpiresAt, TimeoutMs: c.Timeout.Milliseconds(), Attempt: c.Attempt,
		SentAt: c.SentAt, Deadline: c.Deadline, AnsweredAt: c.AnsweredAt, FinishedAt: c.FinishedAt,
		Result: string(c.Result), ErrorCode: c.ErrorCode, ErrorDescription: c.ErrorDescription, ErrorDetails: string(c.ErrorDetails),
		TransactionID: c.TransactionID,
		TTL:           c.Forgotten().Unix(),
	}
	if c.State == command.Queued {
		row.QueuedAt = row.QueuePosition
	}
	if c.State.Failed() {
		row.FailedOn = failedCommands.dayOf(c.ChargePointID, c.FinishedAt)
	}
	if command.StartsRemotely(c.Action) && (!c.State.Final() || c.State.MayBeDone()) {
		row.RemoteStartedAt = row.QueuePosition
	}
	if masked := string(secret.Masked(c.Payload)); masked != row.Payload {
		row.MaskedPayload = masked
	}
	return row
}

func (i commandItem) value() command.Command {
	return command.Command{
		ChargePointID: i.ChargePointID, ID: i.ID,
		Action: i.Action, Payload: jsonOf(i.Payload), Protocol: i.Protocol,
		Origin: i.Origin, Operation: i.Operation, CampaignID: i.CampaignID, State: i.State,
		CreatedAt: i.CreatedAt, ExpiresAt: i.ExpiresAt, Timeout: time.Duration(i.TimeoutMs) * time.Millisecond, Attempt: i.Attempt,
		SentAt: i.SentAt, Deadline: i.Deadline, AnsweredAt: i.AnsweredAt, FinishedAt: i.FinishedAt,
		Result: jsonOf(i.Result), ErrorCode: i.ErrorCode, ErrorDescription: i.ErrorDescription, ErrorDetails: jsonOf(i.ErrorDetails),
		TransactionID: i.TransactionID,
	}
}

// jsonOf keeps an absent attribute nil.
func jsonOf(s string) json.RawMessage {
	if s == "" {
		return nil
	}
	return json.RawMessage(s)
}

func (t *Commands) row(chargePointID, id string) row {
	return row{
		key:  item{t.hash: text(chargePointID), t.sort: text(id)},
		name: "command " + id + " of charge point " + chargePointID,
	}
}

func commandOf(stored item) (command.Command, error) {
	decoded, err := decode[commandItem](stored)
	return decoded.value(), err
}

// Create implements command.Store. Creating the same command again succeeds: a write whose answer was lost is
// repeated by the client, and whoever was told a conflict would submit the command under another id.
func (t *Commands) Create(ctx context.Context, c command.Command) error {
	encoded, err := encode(commandItemOf(c))
	if err != nil {
		return err
	}
	r := t.row(c.ChargePointID, c.ID)
	created, err := t.put(ctx, r.name, encoded, absent(t.hash))
	if created || err != nil {
		return err
	}
	samePayload := name("payload").In(value(string(c.Payload)), value(string(secret.Masked(c.Payload)))) // it may be finished
	same, err := t.matches(ctx, r, name("createdAt").Equal(value(c.CreatedAt)).And(samePayload))
	if err == nil && !same {
		return fault.New(fault.Conflict, "there is another %s already", r.name)
	}
	return err
}

// Get implements command.Store.
func (t *Commands) Get(ctx context.Context, chargePointID, id string) (command.Command, error) {
	stored, err := t.get(ctx, t.row(chargePointID, id), true)
	if err != nil {
		return command.Command{}, err
	}
	return commandOf(stored)
}

// NextQueued implements command.Store. Both reads are consistent, but the command may be moved between
// them: then the index has another head, or none.
func (t *Commands) NextQueued(ctx context.Context, chargePointID string) (command.Command, error) {
	for {
		id, err := t.headOfQueue(ctx, chargePointID)
		if err != nil {
			return command.Command{}, err
		}
		next, err := t.Get(ctx, chargePointID, id)
		if err == nil && next.State == command.Queued || err != nil && !fault.Is(err, fault.NotFound) {
			return next, err
		}
	}
}

// headOfQueue returns the id of the command that was queued first. fault.NotFound if none waits.
func (t *Commands) headOfQueue(ctx context.Context, chargePointID string) (id string, err error) {
	heads, err := t.indexed(ctx, queuedIndex, chargePointID, ascending, 1)
	if err != nil {
		return "", err
	}
	if len(heads) == 0 {
		return "", fault.New(fault.NotFound, "there is no queued command of charge point %s", chargePointID)
	}
	return heads[0], nil
}

// List implements command.Store. Ids that integrators chose themselves (over MQTT) sort by their text.
func (t *Commands) List(ctx context.Context, chargePointID, cursor string, limit int) (commands []command.Command, next string, err error) {
	items, next, err := t.query(ctx, chargePointID, descending, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	commands, err = decodeAll(items, commandItem.value)
	return commands, next, err
}
