package dynamo

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/dynamo/expression"
)

var _ chargepoint.Loads = (*ChargePoints)(nil)

// AddLoad implements chargepoint.Loads. The first part of a window takes the place of the window before it; of several that
// come first at once one does, and the others are added.
func (t *ChargePoints) AddLoad(ctx context.Context, id string, part chargepoint.Load) (whole chargepoint.Load, err error) {
	r := t.row(id)
	since, messages, unasked, busy := name("loadSince"), name("loadMessages"), name("loadUnasked"), name("loadBusy")
	oldest := value(part.Since.Add(-chargepoint.LoadWindow).UnixMilli())
	add := func() (item, bool, error) {
		return t.update(ctx, r, oldest.LessThanEqual(since),
			expression.Add(messages, value(part.Messages)).Add(unasked, value(part.Unasked)).Add(busy, value(part.Busy.Milliseconds())),
			types.ReturnValueAllNew)
	}
	begin := func() (item, bool, error) {
		return t.update(ctx, r, present(t.hash).And(absent("loadSince").Or(since.LessThan(oldest))),
			expression.Set(since, value(part.Since.UnixMilli())).
				Set(messages, value(part.Messages)).Set(unasked, value(part.Unasked)).Set(busy, value(part.Busy.Milliseconds())),
			types.ReturnValueAllNew)
	}
	for _, try := range []func() (item, bool, error){add, begin, add} {
		found, done, err := try()
		if err != nil {
			return whole, err
		}
		if done {
			row, err := decode[chargePointItem](found)
			return chargepoint.Load{
				Since: time.UnixMilli(row.LoadSince).UTC(), Messages: row.LoadMessages, Unasked: row.LoadUnasked,
				Busy: time.Duration(row.LoadBusy) * time.Millisecond,
			}, err
		}
	}
	return whole, t.missing(r)
}
