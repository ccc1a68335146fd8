package dynamo

import (
	"context"
	"time"

	"github.com/serverless-ocpp/backend/shared/command"
)

// failedCommands finds the commands that did not end as was wanted (command.State.Failed).
var failedCommands = latestIndex{name: "Failed", day: "failedOn", at: "finishedAt"}

// ListFailed returns at most limit commands of all charge points that failed on the UTC day of now or the day before, the
// latest first. The index follows the table within a moment.
func (t *Commands) ListFailed(ctx context.Context, now time.Time, limit int) ([]command.Command, error) {
	found, err := t.latest(ctx, failedCommands, now, limit)
	if err != nil {
		return nil, err
	}
	return decodeAll(found, commandItem.value)
}
