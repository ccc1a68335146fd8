// Package iotcore speaks with AWS IoT Core: the registry of Things, the topics on which integrators
// watch charge points, and the shadows.
package iotcore

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"

	"github.com/serverless-ocpp/backend/shared/awsfault"
	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/invocation"
)

// Things is the registry. DescribeThing is limited to 350 calls/s for an account and CreateThing to
// 100, so neither belongs on the way of a message.
type Things struct {
	api *iot.Client
	now func() time.Time
}

// NewThings takes a client of the IoT control plane.
func NewThings(api *iot.Client) *Things { return &Things{api: api, now: invocation.Now} }

var _ chargepoint.Things = (*Things)(nil)

// Describe implements chargepoint.Things. Thing.At is the moment before the look-up, so that an event
// of something that happened during it counts as later.
func (t *Things) Describe(ctx context.Context, name string) (chargepoint.Thing, error) {
	at := t.now()
	found, err := t.api.DescribeThing(ctx, &iot.DescribeThingInput{ThingName: &name})
	if _, missing := errors.AsType[*types.ResourceNotFoundException](err); missing {
		return chargepoint.Thing{}, fault.Wrap(fault.NotFound, err, "there is no IoT Thing %s", name)
	}
	if err != nil {
		return chargepoint.Thing{}, awsfault.Wrap(err, "IoT Thing %s cannot be looked up", name)
	}
	thing := chargepoint.Thing{Name: name, Version: found.Version, At: at}
	if found.ThingId != nil {
		thing.ID = *found.ThingId
	}
	return thing, nil
}

// Create makes a Thing with these attributes and returns it, with version 1. AWS takes the creation of
// a Thing that exists with the same attributes as done, and answers as if it were new: who must know
// calls Describe first. fault.Conflict if it exists with others; fault.Invalid if the name or an
// attribute is not allowed.
func (t *Things) Create(ctx context.Context, name string, attributes map[string]string) (chargepoint.Thing, error) {
	input := iot.CreateThingInput{ThingName: &name}
	if len(attributes) > 0 {
		input.AttributePayload = &types.AttributePayload{Attributes: attributes}
	}
	at := t.now()
	made, err := t.api.CreateThing(ctx, &input)
	if _, exists := errors.AsType[*types.ResourceAlreadyExistsException](err); exists {
		return chargepoint.Thing{}, fault.Wrap(fault.Conflict, err, "IoT Thing %s exists already", name)
	}
	if _, invalid := errors.AsType[*types.InvalidRequestException](err); invalid {
		return chargepoint.Thing{}, fault.Wrap(fault.Invalid, err, "IoT Thing %s cannot be made", name)
	}
	if err != nil {
		return chargepoint.Thing{}, awsfault.Wrap(err, "IoT Thing %s cannot be made", name)
	}
	thing := chargepoint.Thing{Name: name, Version: 1, At: at}
	if made.ThingId != nil {
		thing.ID = *made.ThingId
	}
	return thing, nil
}

// Delete deletes a Thing. One that does not exist is no error, as AWS has it. fault.Invalid if
// certificates are still attached to it: they must be detached first.
func (t *Things) Delete(ctx context.Context, name string) error {
	_, err := t.api.DeleteThing(ctx, &iot.DeleteThingInput{ThingName: &name})
	if _, invalid := errors.AsType[*types.InvalidRequestException](err); invalid {
		return fault.Wrap(fault.Invalid, err, "IoT Thing %s cannot be deleted: detach its certificates first", name)
	}
	if _, missing := errors.AsType[*types.ResourceNotFoundException](err); missing || err == nil {
		return nil
	}
	return awsfault.Wrap(err, "IoT Thing %s cannot be deleted", name)
}
