package dynamo

import (
	"cmp"
	"context"
	"hash/fnv"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/dynamo/expression"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// latestIndex finds the latest of those rows of a table, over all charge points, that somebody should look at. It is sparse:
// a row without the attribute day is not in it, and costs nothing.
type latestIndex struct {
	name string
	day  string // partition key: the UTC day and a shard, such as 2026-03-01#2
	at   string // sort key: a time
}

// latestShards is how many partitions a day has. One takes 1,000 writes a second, and what is written here comes by the
// handshake at most, 500 a second in an account, or by a campaign, 100 a second: more is the reserve, for an index that
// cannot follow holds up its table.
const latestShards = 4

// dayOf is the partition of a charge point's row.
func (i latestIndex) dayOf(chargePointID string, at time.Time) string {
	hash := fnv.New32a()
	hash.Write([]byte(chargePointID)) // never fails
	return partitionOfDay(at, hash.Sum32()%latestShards)
}

func partitionOfDay(at time.Time, shard uint32) string {
	return at.UTC().Format(time.DateOnly) + "#" + strconv.Itoa(int(shard))
}

// latest returns at most limit rows of the day of now and the day before, the latest first. Where the younger day has
// enough of them, the older one is not asked for.
func (t table) latest(ctx context.Context, index latestIndex, now time.Time, limit int) ([]item, error) {
	if err := checkLimit(limit); err != nil {
		return nil, err
	}
	var keys []item
	for _, day := range []time.Time{now, now.AddDate(0, 0, -1)} {
		if len(keys) >= limit {
			break
		}
		found, err := t.latestOf(ctx, index, day, limit-len(keys))
		if err != nil {
			return nil, err
		}
		keys = append(keys, found...)
	}
	return t.whole(ctx, keys)
}

// latestOf merges the shards of a day.
func (t table) latestOf(ctx context.Context, index latestIndex, day time.Time, limit int) ([]item, error) {
	var (
		found  [latestShards][]item
		failed [latestShards]error
		all    sync.WaitGroup
	)
	for shard := range uint32(latestShards) {
		all.Go(func() { found[shard], failed[shard] = t.latestIn(ctx, index, partitionOfDay(day, shard), limit) })
	}
	all.Wait()
	if err := cmp.Or(failed[:]...); err != nil {
		return nil, err
	}
	merged := slices.Concat(found[:]...)
	slices.SortStableFunc(merged, func(a, b item) int { return cmp.Compare(textOf(b[index.at]), textOf(a[index.at])) })
	return merged[:min(limit, len(merged))], nil
}

func (t table) latestIn(ctx context.Context, index latestIndex, partition string, limit int) ([]item, error) {
	var w expression.Writer
	written := w.Condition(name(index.day).Equal(value(partition)))
	answer, err := t.api.Query(ctx, &dynamodb.QueryInput{
		TableName: &t.name, IndexName: &index.name, ScanIndexForward: aws.Bool(bool(descending)), Limit: aws.Int32(int32(limit)),
		KeyConditionExpression: written, ExpressionAttributeNames: w.Names(), ExpressionAttributeValues: w.Values(),
	})
	if err != nil {
		return nil, t.failed(err, "query", index.name)
	}
	return answer.Items, nil
}

// whole reads the rows of keys in their order; those that are gone meanwhile are left out.
func (t table) whole(ctx context.Context, keys []item) ([]item, error) {
	rows, failed := make([]item, len(keys)), make([]error, len(keys))
	slots := make(chan struct{}, readersAtOnce)
	var all sync.WaitGroup
	for i, key := range keys {
		all.Go(func() {
			slots <- struct{}{}
			rows[i], failed[i] = t.get(ctx, row{key: item{t.hash: key[t.hash], t.sort: key[t.sort]}, name: "row of an index"}, false)
			<-slots
		})
	}
	all.Wait()
	for _, err := range failed {
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
	}
	return slices.DeleteFunc(rows, func(found item) bool { return found == nil }), nil
}

// textOf is the text of a key attribute.
func textOf(stored types.AttributeValue) string {
	if text, ok := stored.(*types.AttributeValueMemberS); ok {
		return text.Value
	}
	return ""
}
