// Package main keeps the ChargePointTable in step with the IoT Things: a charge point exists when its Thing
// exists.
//
// Thing events may be repeated and come in any order, and a Thing may be deleted and made again under its name.
// So an event is only as good as the version and the id of the Thing that it tells of, and whoever writes
// a row looks afterwards whether the Thing is still there:
//
//	created, updated   write the row (versions decide), look up the Thing: gone: forget the row,
//	                   another one by now: write that one's row
//	deleted            forget the row, if it is still that Thing's: ids are never used again
//
// However the events of one Thing interleave, the last handler to write has looked at the Thing after its write,
// or handles the deletion that came after that look.
//
// The connection of a deleted charge point is not closed from here. It ends by itself within two hours, and
// no new one is accepted. DELETE /charge-points/{id} deletes the Thing and closes the connection at once.
package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// Event is a thing event, as AWS IoT publishes it on $aws/events/thing/{name}/created|updated|deleted
// (AWS IoT Core developer guide, "Registry events"). Its other members are of no use here.
type Event struct {
	Operation     string `json:"operation"` // CREATED, UPDATED, DELETED
	ThingName     string `json:"thingName"`
	ThingID       string `json:"thingId"`
	VersionNumber int64  `json:"versionNumber"`
	Timestamp     int64  `json:"timestamp"` // milliseconds since 1970
}

func (e Event) thing() chargepoint.Thing {
	return chargepoint.Thing{Name: e.ThingName, ID: e.ThingID, Version: e.VersionNumber, At: time.UnixMilli(e.Timestamp).UTC()}
}

// Handler mirrors Things.
type Handler struct {
	Registry interface {
		Mirror(ctx context.Context, thing chargepoint.Thing, registration chargepoint.Registration) error
		Forget(ctx context.Context, id, thingID string) error
	}
	Connectors interface {
		// Forget removes the connectors of a charge point that was deleted at that time.
		Forget(ctx context.Context, chargePointID string, deleted time.Time) error
	}
	Things       chargepoint.Things
	Registration chargepoint.Registration // what new charge points start as
}

// Handle applies one event. An error makes Lambda try again, twice, and then keep the event in the dead letter
// queue; an event that can never be applied is one, too, so that it can be looked at there.
func (h *Handler) Handle(ctx context.Context, event Event) error {
	log := slog.With("chargePointId", event.ThingName, "operation", event.Operation, "thingVersion", event.VersionNumber)
	if event.ThingName == "" || event.ThingID == "" {
		return fault.New(fault.Malformed, "the event is no thing event: it lacks thingName or thingId (operation %q)", event.Operation)
	}
	if err := chargepoint.CheckID(event.ThingName); err != nil {
		log.WarnContext(ctx, "this Thing cannot be a charge point, ignored", "error", err)
		return nil
	}
	var err error
	switch event.Operation {
	case "CREATED", "UPDATED":
		err = h.mirror(ctx, event.thing())
	case "DELETED":
		if err = h.Registry.Forget(ctx, event.ThingName, event.ThingID); err == nil {
			err = h.Connectors.Forget(ctx, event.ThingName, event.thing().At)
		}
	default:
		err = fault.New(fault.Malformed, "thing event of %s: there is no operation %q", event.ThingName, event.Operation)
	}
	if err != nil {
		log.ErrorContext(ctx, "thing event failed", "error", err)
		return err
	}
	log.InfoContext(ctx, "thing event applied")
	return nil
}

func (h *Handler) mirror(ctx context.Context, thing chargepoint.Thing) error {
	if err := h.Registry.Mirror(ctx, thing, h.Registration); err != nil {
		return err
	}
	switch now, err := h.Things.Describe(ctx, thing.Name); {
	case fault.Is(err, fault.NotFound):
		return h.Registry.Forget(ctx, thing.Name, thing.ID)
	case err != nil:
		return err
	case now.ID != thing.ID:
		return h.Registry.Mirror(ctx, now, h.Registration)
	}
	return nil
}
