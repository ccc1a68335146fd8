package command

import (
	"context"

	"github.com/serverless-ocpp/backend/shared/fault"
)

// Drained is what a TimerDrain does: it sends what waits. One that names a command comes again as long as that waits, so
// that integrators learn of its expiry at its time, and not when its charge point connects again, if ever.
func (d *Dispatcher) Drained(ctx context.Context, timer Timer) error {
	if err := d.Drain(ctx, timer.ChargePointID); err != nil || timer.CommandID == "" {
		return err
	}
	c, err := d.Commands.Get(ctx, timer.ChargePointID, timer.CommandID)
	if err != nil || c.State != Queued {
		return unless(fault.NotFound, err)
	}
	if rest := c.ExpiresAt.Sub(d.Now()); rest > 0 {
		return d.Timers.After(ctx, min(rest, longestDelay), timer)
	}
	return d.expire(ctx, c, UnsentInTime)
}

// UnsentInTime is why a command expired.
const UnsentInTime = "not sent before it expired"
