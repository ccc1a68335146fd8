package dynamo

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/awsfault"
	"github.com/serverless-ocpp/backend/shared/dynamo/expression"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/signed/items"
)

// table is one DynamoDB table.
type table struct {
	api  *items.Client
	name string
	hash string // name of its partition key
	sort string // name of its sort key; empty: it has none
}

// open makes the table's calls with what a client of DynamoDB was made with.
func open(api *dynamodb.Client, name, hash, sort string) table {
	return table{api: items.New(api), name: name, hash: hash, sort: sort}
}

// row is one item: its key, and its name for people (in which an id token is masked).
type row struct {
	key  item
	name string
}

// maxSortKey is the most bytes that DynamoDB takes as a sort key.
const maxSortKey = 1024

// failed makes a fault of a call that did not work.
func (t table) failed(err error, action, what string) error {
	return awsfault.Wrap(err, "table %s: cannot %s %s", t.name, action, what)
}

func (t table) missing(r row) error {
	return fault.New(fault.NotFound, "there is no %s in table %s", r.name, t.name)
}

// get reads one item. fault.NotFound if there is none.
func (t table) get(ctx context.Context, r row, consistently bool) (item, error) {
	answer, err := t.api.GetItem(ctx, &dynamodb.GetItemInput{TableName: &t.name, Key: r.key, ConsistentRead: &consistently})
	if err != nil {
		return nil, t.failed(err, "read", r.name)
	}
	if len(answer.Item) == 0 {
		return nil, t.missing(r)
	}
	return answer.Item, nil
}

// put writes a whole item; done is false if the condition did not hold.
func (t table) put(ctx context.Context, what string, whole item, condition expression.Condition) (done bool, err error) {
	var w expression.Writer
	written := w.Condition(condition)
	_, err = t.api.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: &t.name, Item: whole,
		ConditionExpression: written, ExpressionAttributeNames: w.Names(), ExpressionAttributeValues: w.Values(),
	})
	return t.held(err, "write", what)
}

// update changes an item; done is false if the condition did not hold. The item is the one before or
// after the change, as returned says.
func (t table) update(ctx context.Context, r row, condition expression.Condition, update expression.Update, returned types.ReturnValue) (found item, done bool, err error) {
	var w expression.Writer
	writtenCondition, writtenUpdate := w.Condition(condition), w.Update(update)
	answer, err := t.api.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &t.name, Key: r.key, ReturnValues: returned,
		ConditionExpression: writtenCondition, UpdateExpression: writtenUpdate,
		ExpressionAttributeNames: w.Names(), ExpressionAttributeValues: w.Values(),
	})
	if done, err = t.held(err, "update", r.name); !done {
		return nil, false, err
	}
	return answer.Attributes, true, nil
}

// remove deletes an item; done is false if the condition did not hold.
func (t table) remove(ctx context.Context, r row, condition expression.Condition) (done bool, err error) {
	var w expression.Writer
	written := w.Condition(condition)
	_, err = t.api.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: &t.name, Key: r.key,
		ConditionExpression: written, ExpressionAttributeNames: w.Names(), ExpressionAttributeValues: w.Values(),
	})
	return t.held(err, "delete", r.name)
}

// held tells a failed condition, which is an answer, from an error.
func (t table) held(err error, action, what string) (bool, error) {
	if err == nil {
		return true, nil
	}
	if _, lost := errors.AsType[*types.ConditionalCheckFailedException](err); lost {
		return false, nil
	}
	return false, t.failed(err, action, what)
}

// exists tells whether there is an item, consistently. It does so by an update that changes nothing,
// because those who ask after a failed update may update, but not always read.
func (t table) exists(ctx context.Context, r row) (bool, error) {
	return t.matches(ctx, r, present(t.hash))
}

// neverWritten is an attribute that no item has: removing it changes nothing.
const neverWritten = "neverWritten"

// matches tells whether an item meets a condition, in the same way.
func (t table) matches(ctx context.Context, r row, condition expression.Condition) (bool, error) {
	_, done, err := t.update(ctx, r, condition, expression.Remove(name(neverWritten)), types.ReturnValueNone)
	return done, err
}

// goneOr is the error after a failed condition: fault.NotFound if the item is gone, else lost.
func (t table) goneOr(ctx context.Context, r row, lost error) error {
	there, err := t.exists(ctx, r)
	switch {
	case err != nil:
		return err
	case !there:
		return t.missing(r)
	}
	return lost
}
