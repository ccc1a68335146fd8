package dynamo

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/dynamo/expression"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// lifeAttributes are all that a charge point gathers in its life, beyond the registration: a row that
// is made anew has none of them. (The attributes of the registration are set or removed by name.)
var lifeAttributes = append(append([]string{
	"bootStatus", "bootedAt", "boot", "describedAt", "protocol",
	"lastSeenAt", "disconnectedAt", "disconnectCode", "disconnectReason", "pendingKeys", "listVersion",
	"loadSince", "loadMessages", "loadUnasked", "loadBusy",
}, sessionAttributes...), callAttributes...)

// Mirror implements chargepoint.Registry. A row of the same Thing may be there already, made by
// Create or by the authorizer, which looked the Thing up before its event came: then only the version
// can rise.
func (t *ChargePoints) Mirror(ctx context.Context, thing chargepoint.Thing, registration chargepoint.Registration) error {
	r := t.row(thing.Name)
	_, made, err := t.update(ctx, r, noneOrOlder(t.hash, thing), removeAll(expression.
		Set(name("thingId"), value(thing.ID)).
		Set(name("thingVersion"), value(thing.Version)).
		Set(name("timestamp"), value(thing.At)).
		Set(name("registration"), value(string(registration))).
		Remove(name("securityProfile")).
		Remove(name("credential")).
		Remove(name("validation")),
		lifeAttributes...), types.ReturnValueNone)
	if made || err != nil {
		return err
	}
	older := name("thingId").Equal(value(thing.ID)).And(name("thingVersion").LessThan(value(thing.Version)))
	_, _, err = t.update(ctx, r, older, expression.Set(name("thingVersion"), value(thing.Version)), types.ReturnValueNone)
	return err
}

// noneOrOlder holds where there is no row, or that of an older Thing of the same name.
func noneOrOlder(hash string, thing chargepoint.Thing) expression.Condition {
	return absent(hash).Or(
		name("thingId").NotEqual(value(thing.ID)).And(name("timestamp").LessThan(value(thing.At))))
}

// Forget implements chargepoint.Registry.
func (t *ChargePoints) Forget(ctx context.Context, id, thingID string) error {
	_, err := t.remove(ctx, t.row(id), name("thingId").Equal(value(thingID)))
	return err
}

// Create makes the row of a charge point whose Thing was just made: identity, Thing, registration,
// security profile and credential are taken from cp, the rest is as of one that never connected. The
// row may be there already, because the Thing's event was faster: it is completed as long as it has
// no key and was never connected. Making it again with the same key, whose hash nobody else has, succeeds: so does an update
// whose answer was lost. fault.Conflict if it is another charge point's, or in use.
func (t *ChargePoints) Create(ctx context.Context, cp chargepoint.ChargePoint) error {
	r := t.row(cp.ID)
	registration, err := encode(chargePointItem{
		ChargePointID: cp.ID, ThingID: cp.ThingID, ThingVersion: cp.ThingVersion, RegisteredAt: cp.RegisteredAt,
		Registration: cp.Registration, SecurityProfile: cp.SecurityProfile, Credential: cp.Credential,
	})
	if err != nil {
		return err
	}
	keyless := absent("credential")
	if cp.Credential != "" {
		keyless = keyless.Or(name("credential").Equal(value(cp.Credential)))
	}
	free := noneOrOlder(t.hash, chargepoint.Thing{ID: cp.ThingID, At: cp.RegisteredAt}).Or(
		name("thingId").Equal(value(cp.ThingID)).And(keyless, absent("lastSeenAt")))
	change := setAll(removeAll(expression.Update{}, lifeAttributes...), registration, r.key)
	for _, attribute := range []string{"securityProfile", "credential"} {
		if _, set := registration[attribute]; !set {
			change = change.Remove(name(attribute))
		}
	}
	_, made, err := t.update(ctx, r, free, change, types.ReturnValueNone)
	if err == nil && !made {
		return fault.New(fault.Conflict, "charge point %s exists already", cp.ID)
	}
	return err
}

// SetRegistration notes the operator's will. fault.NotFound if there is no such charge point.
func (t *ChargePoints) SetRegistration(ctx context.Context, id string, registration chargepoint.Registration) error {
	return t.set(ctx, id, expression.Set(name("registration"), value(string(registration))))
}

// SetCredential replaces the hash of the charge point's key (chargepoint.Hash); "" takes the key away. Whatever keys were
// pending are void: the operator's is the only one. fault.NotFound if there is no such charge point.
func (t *ChargePoints) SetCredential(ctx context.Context, id, hash string) error {
	return t.set(ctx, id, ringChange(chargepoint.Keyring{Present: hash}))
}

// SetValidation sets how strictly the charge point's messages are taken; "" leaves it to the stack.
// fault.NotFound if there is no such charge point.
func (t *ChargePoints) SetValidation(ctx context.Context, id string, validation chargepoint.Validation) error {
	if validation == "" {
		return t.set(ctx, id, expression.Remove(name("validation")))
	}
	return t.set(ctx, id, expression.Set(name("validation"), value(string(validation))))
}

// SetSecurityProfile sets the least security profile that the charge point must use; 0 leaves it to the stack.
// fault.NotFound if there is no such charge point.
func (t *ChargePoints) SetSecurityProfile(ctx context.Context, id string, profile int) error {
	if profile == 0 {
		return t.set(ctx, id, expression.Remove(name("securityProfile")))
	}
	return t.set(ctx, id, expression.Set(name("securityProfile"), value(profile)))
}

// set changes a row that must exist.
func (t *ChargePoints) set(ctx context.Context, id string, change expression.Update) error {
	r := t.row(id)
	_, done, err := t.update(ctx, r, present(t.hash), change, types.ReturnValueNone)
	if err == nil && !done {
		return t.missing(r)
	}
	return err
}

// Delete deletes the row, whatever Thing it belongs to. A charge point that does not exist is no error:
// the event of its Thing's deletion may have been faster.
func (t *ChargePoints) Delete(ctx context.Context, id string) error {
	_, err := t.remove(ctx, t.row(id), present(t.hash))
	return err
}

// List returns a page of the charge points, in no order. connected nil lists all, else only those that
// have a connection, or have none: then each page may have to read far.
func (t *ChargePoints) List(ctx context.Context, connected *bool, cursor string, limit int) (chargePoints []chargepoint.ChargePoint, next string, err error) {
	var filter *expression.Condition
	if connected != nil {
		session := absent("connectionId")
		if *connected {
			session = present("connectionId")
		}
		filter = &session
	}
	items, next, err := t.scan(ctx, filter, false, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	chargePoints, err = decodeAll(items, chargePointItem.value)
	return chargePoints, next, err
}
