package command

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// Finish records the outcome of a sent command, gives the turn back and sends the next. Repeating it
// changes nothing more, and is told again; an answer that comes too late, or to a command that was not sent, is left alone.
func (d *Dispatcher) Finish(ctx context.Context, chargePointID, commandID string, outcome Outcome) error {
	log := slog.With("chargePointId", chargePointID, "messageId", commandID)
	finished, err := d.Commands.Apply(ctx, chargePointID, commandID, outcome)
	switch fault.CodeOf(err) {
	case "":
		log.InfoContext(ctx, "command finished", "action", finished.Action, "state", string(finished.State))
		return errors.Join(TellFinished(ctx, d.Events, finished), d.next(ctx, chargePointID, commandID))
	case fault.Conflict:
		log.InfoContext(ctx, "command does not wait for an answer, this is ignored", "event", string(outcome.Event))
		return d.late(ctx, chargePointID, commandID)
	case fault.NotFound:
		log.InfoContext(ctx, "there is no such command, this is ignored", "event", string(outcome.Event))
		return d.next(ctx, chargePointID, commandID)
	}
	return err
}

// late does what is left to do after an outcome that changed nothing: whoever finished the command may have died before it gave the
// turn back. The turn of a command that is not finished is not ours to give: a dispatcher is sending it.
func (d *Dispatcher) late(ctx context.Context, chargePointID, commandID string) error {
	c, err := d.Commands.Get(ctx, chargePointID, commandID)
	if unless(fault.NotFound, err) != nil {
		return err
	}
	if err == nil && !c.State.Final() {
		return nil
	}
	return d.next(ctx, chargePointID, commandID)
}

// next gives the turn of a finished command back, if it has it, and sends the next.
func (d *Dispatcher) next(ctx context.Context, chargePointID, commandID string) error {
	if err := d.Turns.Give(ctx, chargePointID, commandID); err != nil {
		return err
	}
	return d.Drain(ctx, chargePointID)
}

// Deadline is what a TimerDeadline does: it gives up the command if its answer is overdue, and frees
// a turn whose dispatcher died holding it. A timer of an earlier attempt, which the command outlived,
// does nothing: each attempt has its own.
func (d *Dispatcher) Deadline(ctx context.Context, timer Timer) error {
	cp, err := d.Registry.Get(ctx, timer.ChargePointID)
	if unless(fault.NotFound, err) != nil {
		return err // without a charge point there is no turn, but still a command to end
	}
	c, err := d.Commands.Get(ctx, timer.ChargePointID, timer.CommandID)
	if unless(fault.NotFound, err) != nil {
		return err
	}
	turn := cp.Outstanding
	if turn != nil && turn.CommandID != timer.CommandID {
		turn = nil
	}
	var untold error
	switch c.State {
	case Sent:
		if early := c.Deadline.Sub(d.Now()); early > 0 {
			return d.rearm(ctx, timer, c, early)
		}
		if rest := c.unread(d.Now()); rest > 0 {
			return d.await(ctx, timer, rest)
		}
		ended, err := d.giveUp(ctx, c, overdue(c))
		switch {
		case ended:
			untold = err
		case err != nil:
			return err
		default:
			return d.Deadline(ctx, timer) // it was answered or put back meanwhile
		}
	case Queued:
		return d.unsent(ctx, timer, turn, c)
	case TimedOut:
		if !c.FinishedAt.Before(c.Deadline) { // by a timer, perhaps by this one, which may have died before it told anybody
			untold = TellAgain(ctx, d.Events, c)
		}
	case Accepted, Rejected, CallError, InvalidResult, Expired, Cancelled:
	}
	return errors.Join(untold, d.next(ctx, timer.ChargePointID, timer.CommandID))
}

const (
	// timerSlack is how much too early a queue message with a delay may come.
	timerSlack = time.Second
	// DispatcherLife is longer than any function that sends commands may run (29 s, as the HTTP API allows): what such a
	// function began and did not end is nobody's afterwards.
	DispatcherLife = 30 * time.Second
)

// rearm sets a timer again that fired early. That of an earlier attempt ends; one that does not tell its attempt is early by little.
func (d *Dispatcher) rearm(ctx context.Context, timer Timer, c Command, early time.Duration) error {
	if own := timer.Deadline.Equal(c.Deadline) || timer.Deadline.IsZero() && early <= timerSlack; !own {
		return nil
	}
	return d.Timers.After(ctx, early, timer)
}

// unsent is what a deadline does that finds its command in the queue. Either it was put back, or its dispatcher
// died before it sent it; or is slow: then the turn is its own as long as it may live.
func (d *Dispatcher) unsent(ctx context.Context, timer Timer, turn *chargepoint.Outstanding, c Command) error {
	now := d.Now()
	switch early := timer.Deadline.Sub(now); {
	case turn != nil && turn.Deadline.Sub(now) > timerSlack:
		return nil // of a later attempt, which has its own timer
	case turn == nil && early > 0: // its dispatcher may be about to take the turn, and has no other
		return d.Timers.After(ctx, early, timer)
	case turn != nil:
		if alive := nobodys(*turn, c).Sub(now); alive > 0 {
			return d.Timers.After(ctx, alive, timer)
		}
		if err := d.Turns.Release(ctx, timer.ChargePointID, *turn); err != nil {
			return err
		}
	}
	return d.Drain(ctx, timer.ChargePointID)
}

// nobodys is when a turn is nobody's for certain, seen by who finds a command waiting. Its own turn, which it does not use, is that of
// the dispatcher which took it, a timeout before its deadline. Another command may be sent: its timer ends that, unless it lies in
// the dead letter queue.
func nobodys(turn chargepoint.Outstanding, waiting Command) time.Time {
	if turn.CommandID == waiting.ID {
		return turn.Deadline.Add(DispatcherLife - waiting.Timeout)
	}
	return turn.Deadline.Add(DispatcherLife)
}

// free takes the turn from a dispatcher that is dead, and ends its command if that was sent: its timer does not come
// any more.
func (d *Dispatcher) free(ctx context.Context, chargePointID string, turn chargepoint.Outstanding) error {
	c, err := d.Commands.Get(ctx, chargePointID, turn.CommandID)
	if unless(fault.NotFound, err) != nil {
		return err
	}
	if c.State == Sent && !d.Now().Before(c.Deadline) {
		rest := c.unread(d.Now())
		if rest > 0 {
			err = d.Timers.After(ctx, rest, Timer{Kind: TimerDeadline, ChargePointID: chargePointID, CommandID: c.ID, Deadline: c.Deadline})
		} else if ended, untold := d.giveUp(ctx, c, overdue(c)); !ended {
			err = untold
		} else if untold != nil {
			missed(ctx, c.FinishedEvent(), untold)
		}
		if err != nil {
			return err
		}
	}
	return d.Turns.Release(ctx, chargePointID, turn)
}

// giveUp ends the attempt of a command that was not answered, unless it was answered or put back meanwhile. An error with ended is
// that integrators could not be told.
func (d *Dispatcher) giveUp(ctx context.Context, c Command, why string) (ended bool, err error) {
	finished, err := d.Commands.Apply(ctx, c.ChargePointID, c.ID, Outcome{
		Event: EventGiveUp, At: d.Now(), Attempt: c.Attempt, ErrorDescription: why,
	})
	if err != nil {
		return false, unless(fault.Conflict, err)
	}
	slog.InfoContext(ctx, "command given up: "+why, "chargePointId", c.ChargePointID, "messageId", c.ID, "action", c.Action)
	return true, TellFinished(ctx, d.Events, finished)
}
