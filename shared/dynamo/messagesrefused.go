package dynamo

import (
	"context"
	"slices"
	"time"
)

// refusedConnections finds the connections that were refused.
var refusedConnections = latestIndex{name: "Refused", day: "refusedOn", at: "receivedAt"}

// ListRefused returns at most limit connections that were refused on the UTC day of now or the day before, under any
// identity, the latest first. The index follows the table within a moment.
func (t *Messages) ListRefused(ctx context.Context, now time.Time, limit int) ([]Message, error) {
	found, err := t.latest(ctx, refusedConnections, now, limit)
	if err != nil {
		return nil, err
	}
	rows, err := decodeAll(found, messageItem.values)
	return slices.Concat(rows...), err
}
