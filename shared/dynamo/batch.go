package dynamo

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/fault"
)

// Limits of BatchWriteItem: the size is DynamoDB's, the rest bounds how long a throttled table is asked
// again (50, 100, 200, 400 ms) before the queue has to repeat the message.
const (
	maxBatch      = 25
	batchAttempts = 5
	firstPause    = 50 * time.Millisecond
)

// writeAll stores any number of items, each unconditionally. No two of them may have the same key. fault.Throttled if
// DynamoDB takes only a part in the time: the rest is stored by writing all of them again.
func (t table) writeAll(ctx context.Context, what string, requests []types.WriteRequest) error {
	for batch := range slices.Chunk(requests, maxBatch) {
		if err := t.writeBatch(ctx, what, batch); err != nil {
			return err
		}
	}
	return nil
}

// writeBatch stores one batch; what DynamoDB leaves unprocessed is sent again, after a pause.
func (t table) writeBatch(ctx context.Context, what string, batch []types.WriteRequest) error {
	for attempt, pause := 1, firstPause; ; attempt, pause = attempt+1, 2*pause {
		answer, err := t.api.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{
			RequestItems: map[string][]types.WriteRequest{t.name: batch},
		})
		if err != nil {
			return t.failed(err, "write", what)
		}
		if batch = answer.UnprocessedItems[t.name]; len(batch) == 0 {
			return nil
		}
		if attempt == batchAttempts {
			return fault.New(fault.Throttled, "table %s left %d %s unwritten after %d attempts", t.name, len(batch), what, attempt)
		}
		select {
		case <-ctx.Done():
			return t.failed(ctx.Err(), "write", what)
		case <-time.After(pause):
		}
	}
}
