package command

import (
	"context"
	"errors"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// Drained is what a TimerDrain does: it sends what waits. One that names a command comes again as long as that waits, so
// that integrators learn of its expiry at its time, and not when its charge point connects again, if ever; and while
// the charge point is connected, so that a dispatcher which died with the turn does not keep it.
func (d *Dispatcher) Drained(ctx context.Context, timer Timer) error {
	cp, err := d.Registry.Get(ctx, timer.ChargePointID)
	if unless(fault.NotFound, err) != nil {
		return err
	}
	if timer.CommandID == "" && cp.Session != nil {
		if early := cp.Session.TakesCommandsAt().Sub(d.Now()); early > 0 {
			return d.quiet(ctx, timer, *cp.Session, early)
		}
	}
	if timer.CommandID == "" {
		return d.Drain(ctx, timer.ChargePointID)
	}
	found, err := d.Commands.Get(ctx, timer.ChargePointID, timer.CommandID)
	if unless(fault.NotFound, err) != nil {
		return err
	}
	if found.State == Queued && !d.Now().Before(found.ExpiresAt) {
		expired, err := d.end(ctx, found, UnsentInTime)
		if err == nil {
			return errors.Join(TellFinished(ctx, d.Events, expired), d.Drain(ctx, timer.ChargePointID))
		}
		if !fault.Is(err, fault.Conflict) {
			return err
		}
	}
	if err := d.Drain(ctx, timer.ChargePointID); err != nil {
		return err
	}
	if found.State == Queued { // just now
		found, err = d.Commands.Get(ctx, timer.ChargePointID, timer.CommandID)
	}
	if err != nil {
		return unless(fault.NotFound, err)
	}
	return d.follow(ctx, timer, cp, found)
}

// follow looks again at a command that waits. One that ended while it waited is told of again, once whoever ended it is dead for
// certain: it may have told nobody. What else ends a command comes again until that is told.
func (d *Dispatcher) follow(ctx context.Context, timer Timer, cp chargepoint.ChargePoint, c Command) error {
	now := d.Now()
	switch c.State {
	case Queued:
		return d.Timers.After(ctx, max(0, min(c.ExpiresAt.Sub(now), untilNextLook(cp))), timer)
	case Expired, Cancelled:
		if alive := c.FinishedAt.Add(DispatcherLife).Sub(now); alive > 0 {
			return d.Timers.After(ctx, alive, timer)
		}
		return TellAgain(ctx, d.Events, c)
	case Sent, Accepted, Rejected, CallError, InvalidResult, TimedOut:
	}
	return nil
}

// quiet is what a TimerDrain does while the session takes no commands yet: that of its connection comes again, then. One of an
// earlier connection ends, for each has its own: else a charge point that connects again and again, and never boots, would have one more
// timer each time.
func (d *Dispatcher) quiet(ctx context.Context, timer Timer, session chargepoint.Session, early time.Duration) error {
	if timer.ConnectionID != session.ConnectionID {
		return nil
	}
	return d.Timers.After(ctx, early, timer)
}

// untilNextLook is how long a command is left alone that waits: for a connection, whose beginning sends it, or for its turn.
func untilNextLook(cp chargepoint.ChargePoint) time.Duration {
	if cp.Session == nil {
		return longestDelay
	}
	return DispatcherLife
}

// UnsentInTime is why a command expired.
const UnsentInTime = "not sent before it expired"
