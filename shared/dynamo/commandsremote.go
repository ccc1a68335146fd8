package dynamo

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo/expression"
	"github.com/serverless-ocpp/backend/shared/fault"
)

const (
	// remoteStartsIndex has the keys of the remote starts that may still lead to a transaction.
	remoteStartsIndex = "RemoteStarts"
	// maxRemoteStarts bounds what the start of a transaction reads. Those that led nowhere stay until their records are
	// deleted, so the newest count.
	maxRemoteStarts = 20
)

var _ command.RemoteStarts = (*Commands)(nil)

// RemoteStarts implements command.RemoteStarts.
func (t *Commands) RemoteStarts(ctx context.Context, chargePointID string) ([]command.Command, error) {
	ids, err := t.indexed(ctx, remoteStartsIndex, chargePointID, descending, maxRemoteStarts)
	if err != nil {
		return nil, err
	}
	var starts []command.Command
	for _, id := range slices.Backward(ids) {
		start, err := t.Get(ctx, chargePointID, id)
		if fault.Is(err, fault.NotFound) {
			continue // its record was deleted meanwhile
		}
		if err != nil {
			return nil, err
		}
		starts = append(starts, start)
	}
	return starts, nil
}

// Link implements command.RemoteStarts.
func (t *Commands) Link(ctx context.Context, chargePointID, commandID, transactionID string) error {
	r := t.row(chargePointID, commandID)
	free := present(t.hash).And(absent("transactionId").Or(name("transactionId").Equal(value(transactionID))))
	change := expression.Set(name("transactionId"), value(transactionID)).Remove(name("remoteStartedAt"))
	_, linked, err := t.update(ctx, r, free, change, types.ReturnValueNone)
	if err == nil && !linked {
		return t.goneOr(ctx, r, fault.New(fault.Conflict, "%s led to another transaction than %s already", r.name, transactionID))
	}
	return err
}

// indexed returns the ids of the first commands of a charge point in a local index.
func (t *Commands) indexed(ctx context.Context, index, chargePointID string, direction order, limit int32) (ids []string, err error) {
	what := "commands of charge point " + chargePointID + " in the index " + index
	var w expression.Writer
	written := w.Condition(name(t.hash).Equal(value(chargePointID)))
	answer, err := t.api.Query(ctx, &dynamodb.QueryInput{
		TableName: &t.name, IndexName: &index, ConsistentRead: aws.Bool(true), Limit: &limit, ScanIndexForward: aws.Bool(bool(direction)),
		KeyConditionExpression: written, ExpressionAttributeNames: w.Names(), ExpressionAttributeValues: w.Values(),
	})
	if err != nil {
		return nil, t.failed(err, "query", what)
	}
	return decodeAll(answer.Items, func(head commandItem) string { return head.ID })
}
