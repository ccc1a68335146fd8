package dynamo

import (
	"context"
	"encoding/base64"
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/dynamo/expression"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// order of a query by the sort key.
type order bool

const (
	ascending  order = true
	descending order = false
)

// query returns a page of the items of one partition; next is "" when there are no more. A page ends at 1 MB, where an
// answer of DynamoDB does: 200 commands with what charge points answered would be more than a Lambda function may (6 MB).
func (t table) query(ctx context.Context, partition string, direction order, cursor string, limit int) (page []item, next string, err error) {
	if err := checkLimit(limit); err != nil {
		return nil, "", err
	}
	start, err := t.resume(cursor, partition)
	if err != nil {
		return nil, "", err
	}
	var w expression.Writer
	written := w.Condition(name(t.hash).Equal(value(partition)))
	answer, err := t.api.Query(ctx, &dynamodb.QueryInput{
		TableName: &t.name, ConsistentRead: aws.Bool(true), ScanIndexForward: aws.Bool(bool(direction)),
		ExclusiveStartKey: start, Limit: oneMore(limit),
		KeyConditionExpression: written, ExpressionAttributeNames: w.Names(), ExpressionAttributeValues: w.Values(),
	})
	if err != nil {
		return nil, "", t.failed(err, "query", partition)
	}
	page, next = t.firstOf(answer.Items, answer.LastEvaluatedKey, limit)
	return page, next, nil
}

// scan returns a page of all items, in no order, that meet a filter; nil takes all.
func (t table) scan(ctx context.Context, filter *expression.Condition, consistently bool, cursor string, limit int) (page []item, next string, err error) {
	start, err := t.resume(cursor, "")
	if err != nil {
		return nil, "", err
	}
	input := dynamodb.ScanInput{TableName: &t.name, ConsistentRead: &consistently}
	if filter == nil {
		input.Limit = oneMore(limit) // it counts before the filter: with one, whole pages of 1 MB are read
	} else {
		var w expression.Writer
		input.FilterExpression = w.Condition(*filter)
		input.ExpressionAttributeNames, input.ExpressionAttributeValues = w.Names(), w.Values()
	}
	return t.collect(start, limit, func(start item) ([]item, item, error) {
		input.ExclusiveStartKey = start
		answer, err := t.api.Scan(ctx, &input)
		if err != nil {
			return nil, nil, t.failed(err, "scan", "all items")
		}
		return answer.Items, answer.LastEvaluatedKey, nil
	})
}

// oneMore asks for one item beyond the page: it tells whether there is another page.
func oneMore(limit int) *int32 { return aws.Int32(int32(limit) + 1) }

// mostFetched is how many answers of DynamoDB, of 1 MB before the filter, a page is looked for in. That takes some seconds. Where a fleet
// is large and what is asked for is rare, as who is not connected, nothing may be found in them: then the page is short, or empty, and
// the next one goes on. Looked for to its end, it would outlast the function, and each try anew.
const mostFetched = 50

// collect fetches until there are more than limit items or no more at all, or enough was read for one page.
func (t table) collect(start item, limit int, fetch func(start item) (items []item, last item, err error)) (page []item, next string, err error) {
	if err := checkLimit(limit); err != nil {
		return nil, "", err
	}
	for fetched := 1; ; fetched++ {
		items, last, err := fetch(start)
		if err != nil {
			return nil, "", err
		}
		page = append(page, items...)
		if len(page) > limit {
			return page[:limit], t.cursor(page[limit-1]), nil
		}
		if len(last) == 0 {
			return page, "", nil
		}
		if fetched == mostFetched {
			return page, t.cursor(last), nil
		}
		start = last
	}
}

const maxPage = 1000 // of the smallest items, about 1 MB: more does not come in one answer

func checkLimit(limit int) error {
	if limit < 1 || limit > maxPage {
		return fault.New(fault.Invalid, "a page has 1 to %d entries, not %d", maxPage, limit)
	}
	return nil
}

// cursor names the item after which the next page starts: the key attributes as JSON, in base64.
func (t table) cursor(last item) string {
	key := make(map[string]string, 2)
	for _, attribute := range []string{t.hash, t.sort} {
		if v, ok := last[attribute].(*types.AttributeValueMemberS); ok {
			key[attribute] = v.Value
		}
	}
	encoded, err := json.Marshal(key)
	if err != nil {
		panic(err) // a map of strings can always be encoded
	}
	return base64.RawURLEncoding.EncodeToString(encoded)
}

func badCursor(cursor string) error {
	return fault.New(fault.Invalid, "cursor %q is none that the same list returned: start without one", cursor)
}

// resume reads a cursor of this table and, unless it is empty, of this partition.
func (t table) resume(cursor, partition string) (start item, err error) {
	if cursor == "" {
		return nil, nil
	}
	invalid := badCursor(cursor)
	decoded, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return nil, invalid
	}
	var key map[string]string
	if err := json.Unmarshal(decoded, &key); err != nil {
		return nil, invalid
	}
	start = item{t.hash: text(key[t.hash])}
	if t.sort != "" {
		start[t.sort] = text(key[t.sort])
	}
	if len(key) != len(start) || key[t.hash] == "" || t.sort != "" && key[t.sort] == "" || partition != "" && key[t.hash] != partition {
		return nil, invalid
	}
	return start, nil
}
