package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/event"
)

// telling tells integrators of a connection beside the work on it. A charge point that waits for its handshake is
// worth more than an event: one that is not published in time is a line in the log.
type telling struct {
	ctx    context.Context
	cancel context.CancelFunc
	events event.Publisher
	under  sync.WaitGroup
}

// tellWithin bounds what an event may cost the handshake, many times what one takes.
const tellWithin = time.Second

func newTelling(ctx context.Context, events event.Publisher) *telling {
	ctx, cancel := context.WithTimeout(ctx, tellWithin)
	return &telling{ctx: ctx, cancel: cancel, events: events}
}

// wait returns when all is told or the time is up: what a Lambda function leaves undone is frozen with it.
func (t *telling) wait() {
	t.under.Wait()
	t.cancel()
}

func (t *telling) connected(found finding, session chargepoint.Session) {
	t.under.Go(func() {
		err := t.events.Publish(t.ctx, event.Event{
			Name: event.Connected, ID: session.ConnectionID, ChargePointID: found.chargePointID, At: session.ConnectedAt,
			Data: event.Connection{ConnectionID: session.ConnectionID, Protocol: session.Protocol, SourceIP: found.sourceIP},
		})
		if err != nil {
			slog.WarnContext(t.ctx, "integrators are not told of a connection", "chargePointId", found.chargePointID, "connectionId", session.ConnectionID, "error", err)
		}
	})
}
