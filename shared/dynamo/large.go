package dynamo

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/serverless-ocpp/backend/shared/dynamo/expression"
)

// Lists of large items have pages that end at 1 MB, where an answer of DynamoDB does: a page of many would be more than
// a Lambda function may answer (6 MB).

// in is the condition that an item is in a partition.
func (t table) in(partition string) expression.Condition {
	return name(t.hash).Equal(value(partition))
}

// backwards makes one query in descending order of the sort key.
func (t table) backwards(ctx context.Context, what string, rows expression.Condition, start item, limit *int32) (items []item, last item, err error) {
	var w expression.Writer
	written := w.Condition(rows)
	answer, err := t.api.Query(ctx, &dynamodb.QueryInput{
		TableName: &t.name, ConsistentRead: aws.Bool(true), ScanIndexForward: aws.Bool(bool(descending)), ExclusiveStartKey: start, Limit: limit,
		KeyConditionExpression: written, ExpressionAttributeNames: w.Names(), ExpressionAttributeValues: w.Values(),
	})
	if err != nil {
		return nil, nil, t.failed(err, "query", what)
	}
	return answer.Items, answer.LastEvaluatedKey, nil
}

// firstOf makes a page of the answer to a query for oneMore(limit), and the cursor of the next page.
func (t table) firstOf(items []item, last item, limit int) (page []item, next string) {
	switch {
	case len(items) > limit:
		return items[:limit], t.cursor(items[limit-1])
	case len(last) > 0:
		return items, t.cursor(last)
	}
	return items, ""
}
