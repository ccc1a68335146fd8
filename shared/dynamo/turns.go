package dynamo

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo/expression"
	"github.com/serverless-ocpp/backend/shared/fault"
)

var _ command.Turns = (*ChargePoints)(nil)

// Take implements chargepoint.Turns. The connection is the session's, by the condition, and Open and
// Close take the turn away with the session: so it need not be stored twice. An update whose answer was lost is repeated by the
// client, and finds the turn taken: by the same holder, then.
func (t *ChargePoints) Take(ctx context.Context, id string, turn chargepoint.Outstanding) error {
	free := isSession(turn.ConnectionID).And(absent("callId"))
	change := expression.
		Set(name("callId"), value(turn.CommandID)).
		Set(name("callDeadline"), value(turn.Deadline))
	if turn.Holder != "" {
		free = free.Or(held(turn))
		change = change.Set(name("callHolder"), value(turn.Holder))
	}
	if len(turn.Asks) > 0 {
		change = change.Add(name("asked"), expression.Value(&types.AttributeValueMemberSS{Value: turn.Asks}))
	}
	_, taken, err := t.update(ctx, t.row(id), free, change, types.ReturnValueNone)
	if err == nil && !taken {
		return fault.New(fault.Conflict, "command %s does not get the turn of charge point %s: another command holds it, or connection %s is not its session any more",
			turn.CommandID, id, turn.ConnectionID)
	}
	return err
}

// Give implements chargepoint.Turns.
func (t *ChargePoints) Give(ctx context.Context, id, commandID string) error {
	held := name("callId").Equal(value(commandID))
	_, _, err := t.update(ctx, t.row(id), held, removeAll(expression.Update{}, callAttributes...), types.ReturnValueNone)
	return err
}

// Release implements command.Turns.
func (t *ChargePoints) Release(ctx context.Context, id string, turn chargepoint.Outstanding) error {
	_, _, err := t.update(ctx, t.row(id), held(turn), removeAll(expression.Update{}, callAttributes...), types.ReturnValueNone)
	return err
}

// held is the condition that the charge point's turn is that one.
func held(turn chargepoint.Outstanding) expression.Condition {
	holder := absent("callHolder")
	if turn.Holder != "" {
		holder = name("callHolder").Equal(value(turn.Holder))
	}
	return isSession(turn.ConnectionID).And(name("callId").Equal(value(turn.CommandID)), name("callDeadline").Equal(value(turn.Deadline)), holder)
}
