package dynamo

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/dynamo/expression"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// maxKeyringAttempts bounds the tries to change a ring that others change at the same moment. Each lost one is a change of
// somebody else that is done, and there are never more than a few at once for one charge point.
const maxKeyringAttempts = 20

// Propose implements chargepoint.Keys.
func (t *ChargePoints) Propose(ctx context.Context, id string, key chargepoint.PendingKey) error {
	return t.changeRing(ctx, id, func(ring chargepoint.Keyring) (chargepoint.Keyring, error) {
		after, full := ring.Propose(key)
		if full {
			return ring, fault.New(fault.Conflict, "charge point %s was sent %d keys and it is not known which of them it has: one that it logs in with settles it, or a key by hand, with POST /charge-points/%s/key",
				id, chargepoint.MaxPendingKeys, id)
		}
		return after, nil
	})
}

// Tell implements command.Keys.
func (t *ChargePoints) Tell(ctx context.Context, id, commandID string) error {
	return t.changeRing(ctx, id, func(ring chargepoint.Keyring) (chargepoint.Keyring, error) {
		after, pending := ring.Tell(commandID)
		if !pending {
			return ring, fault.New(fault.NotFound, "the key of command %s of charge point %s is not pending any more", commandID, id)
		}
		return after, nil
	})
}

// Settle implements chargepoint.Keys.
func (t *ChargePoints) Settle(ctx context.Context, id, commandID string, accepted bool) error {
	return unlessGone(t.changeRing(ctx, id, func(ring chargepoint.Keyring) (chargepoint.Keyring, error) {
		return ring.Settle(commandID, accepted), nil
	}))
}

// Promote implements chargepoint.Keys.
func (t *ChargePoints) Promote(ctx context.Context, id, hash string) error {
	return unlessGone(t.changeRing(ctx, id, func(ring chargepoint.Keyring) (chargepoint.Keyring, error) {
		return ring.Promote(hash), nil
	}))
}

// RaiseSecurityProfile implements chargepoint.Profiles.
func (t *ChargePoints) RaiseSecurityProfile(ctx context.Context, id string, profile int) error {
	r := t.row(id)
	profile = min(profile, chargepoint.HighestCheckedProfile)
	lower := present(t.hash).And(absent("securityProfile").Or(name("securityProfile").LessThan(value(profile))))
	_, raised, err := t.update(ctx, r, lower, expression.Set(name("securityProfile"), value(profile)), types.ReturnValueNone)
	if err != nil || raised {
		return err
	}
	return t.goneOr(ctx, r, nil)
}

// changeRing replaces the keys of a charge point by what change makes of them, in one update on the condition that they
// are still those that change was given; else it starts again with the new ones. Nothing is written when nothing changes.
func (t *ChargePoints) changeRing(ctx context.Context, id string, change func(chargepoint.Keyring) (chargepoint.Keyring, error)) error {
	r := t.row(id)
	for range maxKeyringAttempts {
		cp, err := t.Get(ctx, id)
		if err != nil {
			return err
		}
		before := cp.Keyring()
		after, err := change(before)
		if err != nil || after.Equal(before) {
			return err
		}
		_, done, err := t.update(ctx, r, present(t.hash).And(isRing(before)), ringChange(after), types.ReturnValueNone)
		if err != nil || done {
			return err
		}
	}
	return fault.New(fault.Throttled, "the keys of charge point %s are being changed by others at the same time: try again", id)
}

// isRing holds while the row has exactly these keys.
func isRing(ring chargepoint.Keyring) expression.Condition {
	credential, pending := absent("credential"), absent("pendingKeys")
	if ring.Present != "" {
		credential = name("credential").Equal(value(ring.Present))
	}
	if len(ring.Pending) > 0 {
		pending = name("pendingKeys").Equal(value(pendingText(ring.Pending)))
	}
	return credential.And(pending)
}

// ringChange is the update to these keys.
func ringChange(ring chargepoint.Keyring) expression.Update {
	var change expression.Update
	if ring.Present == "" {
		change = change.Remove(name("credential"))
	} else {
		change = change.Set(name("credential"), value(ring.Present))
	}
	if len(ring.Pending) == 0 {
		return change.Remove(name("pendingKeys"))
	}
	return change.Set(name("pendingKeys"), value(pendingText(ring.Pending)))
}

// pendingText writes keys as the row has them: one text, for that is what every implementation of DynamoDB compares.
func pendingText(keys []chargepoint.PendingKey) string {
	lines := make([]string, len(keys))
	for i, key := range keys {
		lines[i] = key.Hash + " " + key.CommandID
	}
	return strings.Join(lines, "\n")
}

// pendingKeysOf undoes pendingText.
func pendingKeysOf(text string) (keys []chargepoint.PendingKey) {
	for line := range strings.Lines(text) {
		hash, commandID, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		keys = append(keys, chargepoint.PendingKey{CommandID: commandID, Hash: hash})
	}
	return keys
}

// unlessGone forgives that the charge point is gone, and its keys with it.
func unlessGone(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}
