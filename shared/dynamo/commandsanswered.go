package dynamo

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo/expression"
)

// Answered notes that the answer to a command is in the journal, which came then over a connection that began at connectedAt. A
// command that does not wait for an answer over that connection, has one noted, or does not exist stays as it is: charge points
// may write any message id. The processor takes an answer under the same condition (functions/processor/answer.go).
func (t *Commands) Answered(ctx context.Context, chargePointID, id string, connectedAt, at time.Time) error {
	waits := name("state").Equal(value(string(command.Sent))).And(
		value(connectedAt).LessThanEqual(name("sentAt")),
		absent("answeredAt"),
	)
	_, _, err := t.update(ctx, t.row(chargePointID, id), waits, expression.Set(name("answeredAt"), value(at)), types.ReturnValueNone)
	return err
}
