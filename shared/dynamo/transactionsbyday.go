package dynamo

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/dynamo/expression"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// byStartDay is the index of the TransactionTable over all charge points. It has the keys alone.
const byStartDay = "ByStartDay"

// ListByDay returns a page of the transactions of all charge points that started on a day in UTC, the latest start
// first. The index follows the table within a moment; one whose start is not known is not in it. fault.Invalid for a
// cursor of another day.
func (t *Transactions) ListByDay(ctx context.Context, day time.Time, cursor string, limit int) (transactions []transaction.Transaction, next string, err error) {
	on := day.UTC().Format(time.DateOnly)
	start, err := t.resumeDay(cursor, on)
	if err != nil {
		return nil, "", err
	}
	var w expression.Writer
	written := w.Condition(name("startDay").Equal(value(on)))
	answer, err := t.api.Query(ctx, &dynamodb.QueryInput{
		TableName: &t.name, IndexName: aws.String(byStartDay), ScanIndexForward: aws.Bool(bool(descending)),
		ExclusiveStartKey: start, Limit: aws.Int32(int32(limit)),
		KeyConditionExpression: written, ExpressionAttributeNames: w.Names(), ExpressionAttributeValues: w.Values(),
	})
	if err != nil {
		return nil, "", t.failed(err, "query", "transactions of "+on)
	}
	keys, err := decodeAll(answer.Items, transactionItem.value)
	if err != nil {
		return nil, "", err
	}
	transactions, err = t.rowsOf(ctx, keys)
	return transactions, dayCursor(answer.LastEvaluatedKey), err
}

// readersAtOnce is how many rows of a page are read at the same time.
const readersAtOnce = 16

// rowsOf reads whole transactions in the order of their keys; those that are gone meanwhile are left out.
func (t *Transactions) rowsOf(ctx context.Context, keys []transaction.Transaction) ([]transaction.Transaction, error) {
	read, failed := make([]transaction.Transaction, len(keys)), make([]error, len(keys))
	slots := make(chan struct{}, readersAtOnce)
	var all sync.WaitGroup
	for i, key := range keys {
		all.Go(func() {
			slots <- struct{}{}
			read[i], failed[i] = t.Get(ctx, key.ChargePointID, key.ID)
			<-slots
		})
	}
	all.Wait()
	for _, err := range failed {
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
	}
	return slices.DeleteFunc(read, func(row transaction.Transaction) bool { return row.ID == "" }), nil
}

// dayCursor names the item after which the next page starts: all its key attributes, "" for none.
func dayCursor(last item) string {
	if len(last) == 0 {
		return ""
	}
	key := map[string]string{}
	for attribute, stored := range last {
		if v, ok := stored.(*types.AttributeValueMemberS); ok {
			key[attribute] = v.Value
		}
	}
	encoded, err := json.Marshal(key)
	if err != nil {
		panic(err) // a map of strings can always be encoded
	}
	return base64.RawURLEncoding.EncodeToString(encoded)
}

// resumeDay reads a cursor of a day.
func (t *Transactions) resumeDay(cursor, day string) (start item, err error) {
	if cursor == "" {
		return nil, nil
	}
	decoded, err := base64.RawURLEncoding.DecodeString(cursor)
	var key map[string]string
	if err != nil || json.Unmarshal(decoded, &key) != nil || key["startDay"] != day || len(key) != 4 {
		return nil, badCursor(cursor)
	}
	start = item{}
	for attribute, part := range key {
		if !slices.Contains([]string{t.hash, t.sort, "startDay", "startedAt"}, attribute) || part == "" {
			return nil, badCursor(cursor)
		}
		start[attribute] = text(part)
	}
	return start, nil
}
