// Package main is a synthetic charge point. On a schedule it connects from outside, through the edge, as a charge point
// in the field does: with a key, by TLS, and with OCPP. Whether it was served is a metric, whose alarm tells operators
// that charge points cannot be served before charge points do.
package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/metric"
)

// Handler is one visit of the synthetic charge point.
type Handler struct {
	ChargePoints interface {
		// Create makes the row of a Thing that was just made. fault.Conflict if it is there and in use.
		Create(ctx context.Context, cp chargepoint.ChargePoint) error
		// SetCredential replaces the hash of the key. fault.NotFound if there is no such charge point.
		SetCredential(ctx context.Context, id, hash string) error
	}
	Things interface {
		// Create makes a Thing, or returns the one that is there with the same attributes.
		Create(ctx context.Context, name string, attributes map[string]string) (chargepoint.Thing, error)
	}
	ID      string // of the charge point that it plays
	URL     string // of the edge, such as wss://d111111abcdef8.cloudfront.net
	Metrics *metric.Recorder
	Now     func() time.Time
}

// attributes mark the Thing for whoever wonders what it is.
var attributes = map[string]string{"purpose": "canary"}

// Handle makes a visit. It returns no error: the schedule comes again soon, and the metric tells.
func (h *Handler) Handle(ctx context.Context) error {
	defer h.Metrics.Settle()
	ctx, cancel := context.WithTimeout(ctx, longestVisit)
	defer cancel()
	log := slog.With("chargePointId", h.ID)
	key, err := h.newKey(ctx)
	began := h.Now()
	if err == nil {
		err = visit(ctx, h.URL+"/"+h.ID, h.ID, key)
	}
	if err != nil {
		h.Metrics.Add(metric.Canary, metric.By{}, 0)
		log.ErrorContext(ctx, "the canary was not served", "error", err)
		return nil
	}
	h.Metrics.Add(metric.Canary, metric.By{}, 1)
	h.Metrics.Duration(metric.CanaryLatency, metric.By{}, h.Now().Sub(began))
	log.InfoContext(ctx, "the canary was served", "ms", h.Now().Sub(began).Milliseconds())
	return nil
}

// longestVisit is far beyond what a charge point should wait, and below the timeout of the function.
const longestVisit = 20 * time.Second

// newKey gives the charge point a key for this one visit, so that none has to be kept anywhere. The first visit makes
// the charge point. It is Accepted, whatever others start as: it is there to be served.
func (h *Handler) newKey(ctx context.Context) (string, error) {
	key := chargepoint.NewKey()
	hash := chargepoint.Hash(key)
	err := h.ChargePoints.SetCredential(ctx, h.ID, hash)
	if !fault.Is(err, fault.NotFound) {
		return key, err
	}
	thing, err := h.Things.Create(ctx, h.ID, attributes)
	if err != nil {
		return "", err
	}
	err = h.ChargePoints.Create(ctx, chargepoint.ChargePoint{
		ID: h.ID, ThingID: thing.ID, ThingVersion: thing.Version, RegisteredAt: thing.At, Registration: chargepoint.Accepted, Credential: hash,
	})
	if fault.Is(err, fault.Conflict) { // two first visits at once
		err = h.ChargePoints.SetCredential(ctx, h.ID, hash)
	}
	return key, err
}
