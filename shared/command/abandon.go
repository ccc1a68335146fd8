package command

import (
	"context"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// answerOnItsWay is how long a command outlives its connection. A charge point may answer and hang up at once, as one
// does that takes a new key; then the answer is in the journal, and the end of the connection overtakes it.
const answerOnItsWay = 5 * time.Second

// Abandon has the CALL given up that was outstanding on a connection that ended: it must not be answered on another one
// (OCPP 2.0.1 part 4, section 4.1.1). nil is none.
func Abandon(ctx context.Context, timers Timers, chargePointID string, outstanding *chargepoint.Outstanding) error {
	if outstanding == nil {
		return nil
	}
	return timers.After(ctx, answerOnItsWay, Timer{
		Kind: TimerAbandoned, ChargePointID: chargePointID, CommandID: outstanding.CommandID, Deadline: outstanding.Deadline,
	})
}

// Abandoned is what a TimerAbandoned does. A command that has an end, or was sent again meanwhile, is left alone.
func (d *Dispatcher) Abandoned(ctx context.Context, timer Timer) error {
	c, err := d.Commands.Get(ctx, timer.ChargePointID, timer.CommandID)
	if err != nil {
		return unless(fault.NotFound, err)
	}
	switch {
	case !c.Deadline.Equal(timer.Deadline):
	case c.State == Sent && c.unread(d.Now()) > 0: // its deadline looks after it
	case c.State == Sent:
		_, err = d.giveUp(ctx, c, "the connection ended before the charge point answered")
	case c.State == TimedOut && c.FinishedAt.Before(c.Deadline): // by this timer, which may have died before it told anybody
		err = TellAgain(ctx, d.Events, c)
	}
	return err
}
