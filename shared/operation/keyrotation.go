package operation

import (
	"context"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// KeyRotation gives a charge point a new key to log in with (Improved security for OCPP 1.6-J section 2.1 A01, OCPP 2.x
// part 2 use case A01). The key is made here, told to the charge point alone, and kept as a hash: nobody has to know
// it. The present key stays valid until the charge point has accepted the new one or logged in with it, and both do as
// long as nobody knows.
type KeyRotation struct {
	key string // its 40 hex digits are an AuthorizationKey of 1.6 and, as they are, a BasicAuthPassword of 16 to 40 characters
}

// Prepare implements Prepared. It makes the key and its hash valid beside the present one. A command that is prepared
// again gets another key, for nobody has kept the first; both are valid then, and the charge point shows which one it
// was told. fault.Conflict if it is not known of chargepoint.MaxPendingKeys whether the charge point has them.
func (k *KeyRotation) Prepare(ctx context.Context, desk Desk, target Target) error {
	k.key = chargepoint.NewKey()
	if err := sendable(k, target); err != nil {
		return err
	}
	if err := dropUntold(ctx, desk, target.ChargePoint); err != nil {
		return err
	}
	return desk.Keys.Propose(ctx, target.ChargePoint.ID, chargepoint.PendingKey{Hash: chargepoint.Hash(k.key), CommandID: target.CommandID})
}

// dropUntold drops the pending keys whose command ended without being sent: they would take the place of others, and
// nobody else does, for commands expire and are cancelled where nothing is known of keys.
func dropUntold(ctx context.Context, desk Desk, cp chargepoint.ChargePoint) error {
	if desk.Commands == nil {
		return nil
	}
	for _, key := range cp.PendingKeys {
		c, err := desk.Commands.Get(ctx, cp.ID, key.CommandID)
		if err != nil && !fault.Is(err, fault.NotFound) { // not stored yet, perhaps: then its key has to stay
			return err
		}
		if c.State == command.Expired || c.State == command.Cancelled {
			if err := desk.Keys.Settle(ctx, cp.ID, key.CommandID, false); err != nil {
				return err
			}
		}
	}
	return nil
}

// Calls implements Operation.
func (k *KeyRotation) Calls(version ocppj.Version) ([]Call, error) {
	if k.key == "" {
		return nil, fault.New(fault.Internal, "a key rotation has no key before it is prepared")
	}
	if version == ocppj.V16 {
		return []Call{{"ChangeConfiguration", map[string]any{"key": "AuthorizationKey", "value": k.key}}}, nil
	}
	return []Call{{"SetVariables", setVariable("SecurityCtrlr", "BasicAuthPassword", k.key)}}, nil
}

// setVariable is the payload of a SetVariables of one variable.
func setVariable(component, variable, value string) map[string]any {
	return map[string]any{"setVariableData": []any{map[string]any{
		"component": map[string]string{"name": component}, "variable": map[string]string{"name": variable}, "attributeValue": value,
	}}}
}
