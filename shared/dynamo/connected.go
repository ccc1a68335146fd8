package dynamo

import (
	"context"
	"fmt"
	"hash/fnv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/dynamo/expression"
)

// connectedIndex has the keys of the charge points that have a session, so that counting them costs what is connected
// and nothing while nothing is. It is written when a session opens or closes, and by no other write.
const connectedIndex = "Connected"

// shards is how many partitions the index is spread over. One partition takes 1,000 writes a second: with sixteen a
// million charge points can come back within about a minute.
const shards = 16

// shardOf is the attribute connectedShard of a charge point that has a session.
func shardOf(chargePointID string) string {
	hash := fnv.New32a()
	hash.Write([]byte(chargePointID)) // never fails
	return shardName(hash.Sum32() % shards)
}

func shardName(n uint32) string { return fmt.Sprintf("%02d", n) }

// CountConnected returns how many charge points have a session: in a second or so, for a million 60 MB of keys are
// read. What was written in the last moment may be missing.
func (t *ChargePoints) CountConnected(ctx context.Context) (int, error) {
	count := 0
	for shard := range uint32(shards) {
		found, err := t.countShard(ctx, shardName(shard))
		if err != nil {
			return 0, err
		}
		count += found
	}
	return count, nil
}

func (t *ChargePoints) countShard(ctx context.Context, shard string) (count int, err error) {
	what := "connected charge points"
	var w expression.Writer
	written := w.Condition(name("connectedShard").Equal(value(shard)))
	pages := dynamodb.NewQueryPaginator(t.api, &dynamodb.QueryInput{
		TableName: &t.name, IndexName: aws.String(connectedIndex), Select: types.SelectCount,
		KeyConditionExpression: written, ExpressionAttributeNames: w.Names(), ExpressionAttributeValues: w.Values(),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return 0, t.failed(err, "query", what)
		}
		count += int(page.Count)
	}
	return count, nil
}
