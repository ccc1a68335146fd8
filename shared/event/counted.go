package event

import (
	"context"
	"strconv"

	"github.com/serverless-ocpp/backend/shared/metric"
)

// Counted counts events as metrics before it passes them on: ends of connections by their code, finished commands by
// their state. An event that is told twice is counted twice.
type Counted struct {
	To      Publisher
	Metrics *metric.Recorder
}

// Publish implements Publisher.
func (c Counted) Publish(ctx context.Context, e Event) error {
	switch data := e.Data.(type) {
	case ConnectionEnd:
		c.Metrics.For(e.ChargePointID).Count(metric.Disconnects, metric.By{Dimension: "Code", Value: strconv.Itoa(data.Code)})
		c.Metrics.Settle()
	case Command:
		c.Metrics.For(e.ChargePointID).Count(metric.Commands, metric.By{Dimension: "State", Value: data.State})
		c.Metrics.Settle()
	}
	return c.To.Publish(ctx, e)
}
