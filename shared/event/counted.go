package event

import (
	"context"
	"strconv"

	"github.com/serverless-ocpp/backend/shared/metric"
)

// Counted counts events as metrics before it passes them on: ends of connections by their code, finished commands by
// their state. An event that is told twice is counted twice, but for one that says so.
type Counted struct {
	To      Publisher
	Metrics *metric.Recorder
}

// Publish implements Publisher.
func (c Counted) Publish(ctx context.Context, e Event) error {
	if e.Again {
		return c.To.Publish(ctx, e)
	}
	switch data := e.Data.(type) {
	case ConnectionEnd:
		c.Metrics.For(e.ChargePointID).Count(metric.Disconnects, metric.By{Dimension: "Code", Value: codeOf(data.Code)})
		c.Metrics.Settle()
	case Command:
		c.Metrics.For(e.ChargePointID).Count(metric.Commands, metric.By{Dimension: "State", Value: data.State})
		c.Metrics.Settle()
	}
	return c.To.Publish(ctx, e)
}

// codeOf is a close code as a dimension. Codes of libraries and applications (RFC 6455 section 7.4.2) are one: a charge point
// may choose among two thousand of them, and each that occurs is a metric to pay for.
func codeOf(code int) string {
	const lastOfProtocol = 1015
	if code > lastOfProtocol {
		return "other"
	}
	return strconv.Itoa(code)
}
