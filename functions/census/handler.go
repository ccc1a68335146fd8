// Package main counts on a schedule how many charge points are connected. Adding up connects and disconnects would
// drift, for API Gateway may lose the end of a connection.
package main

import (
	"context"
	"log/slog"

	"github.com/serverless-ocpp/backend/shared/metric"
)

// Handler is one count.
type Handler struct {
	ChargePoints interface {
		CountConnected(ctx context.Context) (int, error)
	}
	Metrics *metric.Recorder
}

// Handle counts. An error only shows in the function's metrics: the schedule comes again soon.
func (h *Handler) Handle(ctx context.Context) error {
	connected, err := h.ChargePoints.CountConnected(ctx)
	if err != nil {
		slog.ErrorContext(ctx, "connected charge points cannot be counted", "error", err)
		return err
	}
	h.Metrics.Add(metric.ActiveConnections, metric.By{}, float64(connected))
	h.Metrics.Settle()
	return nil
}
