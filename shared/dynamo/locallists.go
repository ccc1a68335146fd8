package dynamo

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/dynamo/expression"
)

var _ chargepoint.LocalLists = (*ChargePoints)(nil)

// NextListVersion implements chargepoint.LocalLists. DynamoDB counts within the update, so that no two orders at the same
// moment get the same version. A row without a version counts from 0, which OCPP keeps for an empty list.
func (t *ChargePoints) NextListVersion(ctx context.Context, id string) (int, error) {
	r := t.row(id)
	counted, done, err := t.update(ctx, r, present(t.hash), expression.Add(name("listVersion"), value(1)), types.ReturnValueUpdatedNew)
	if err != nil {
		return 0, err
	}
	if !done {
		return 0, t.missing(r)
	}
	row, err := decode[chargePointItem](counted)
	return row.ListVersion, err
}

// ListVersionTold implements chargepoint.LocalLists. 0, an empty list, and -1, which charge points of 1.6 without one say
// (section 5.10), are never higher, and cost no write. A charge point that is gone is no error: it told it before.
func (t *ChargePoints) ListVersionTold(ctx context.Context, id string, version int) error {
	if version <= 0 {
		return nil
	}
	higher := present(t.hash).And(absent("listVersion").Or(name("listVersion").LessThan(value(version))))
	_, _, err := t.update(ctx, t.row(id), higher, expression.Set(name("listVersion"), value(version)), types.ReturnValueNone)
	return err
}
