package command

import (
	"context"
	"log/slog"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// Dispatcher sends queued commands, one at a time per charge point. Any number of dispatchers may
// work at once, and each may die between any two steps: the turn is one conditional write, and a
// timer that was set before the turn was taken gives it back.
type Dispatcher struct {
	Registry    chargepoint.Registry
	Sessions    chargepoint.Sessions
	Turns       chargepoint.Turns
	Commands    Store
	Timers      Timers
	Connections Connections
	Mirror      Mirror
	Now         func() time.Time
}

// Submit stores a command and sends it if it is its turn. fault.Conflict if the id is taken: the
// command is there already, and nothing else happens.
func (d *Dispatcher) Submit(ctx context.Context, c Command) error {
	if err := d.Commands.Create(ctx, c); err != nil {
		return err
	}
	return d.Drain(ctx, c.ChargePointID)
}

// Drain sends the next command of a charge point that is connected, has the turn free and a command
// waiting. Otherwise it does nothing: whatever changes one of these drains again.
func (d *Dispatcher) Drain(ctx context.Context, chargePointID string) error {
	for {
		again, err := d.sendNext(ctx, chargePointID)
		if err != nil || !again {
			return err
		}
	}
}

// sendNext handles the head of the queue; again asks for another look.
func (d *Dispatcher) sendNext(ctx context.Context, chargePointID string) (again bool, err error) {
	cp, err := d.Registry.Get(ctx, chargePointID)
	if fault.Is(err, fault.NotFound) {
		return false, nil // deleted: its commands expire with their records
	}
	if err != nil {
		return false, err
	}
	next, err := d.Commands.NextQueued(ctx, chargePointID)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	now := d.Now()
	if !now.Before(next.ExpiresAt) {
		_, err := d.Commands.Apply(ctx, chargePointID, next.ID, Outcome{Event: EventExpire, At: now, ErrorDescription: "not sent before it expired"})
		return true, unless(fault.Conflict, err)
	}
	if cp.Session == nil || cp.Outstanding != nil || now.Before(cp.Session.TakesCommandsAt()) {
		return false, nil
	}
	return d.send(ctx, cp, next)
}

// send takes the turn and sends. The order of the steps is what makes a death between them harmless:
// the timer first (it finds nothing to do if the rest did not happen), then the turn, then the
// record, then the frame.
func (d *Dispatcher) send(ctx context.Context, cp chargepoint.ChargePoint, c Command) (again bool, err error) {
	now := d.Now()
	deadline := now.Add(c.Timeout)
	connectionID := cp.Session.ConnectionID
	timer := Timer{Kind: TimerDeadline, ChargePointID: cp.ID, CommandID: c.ID, ConnectionID: connectionID}
	if err := d.Timers.After(ctx, c.Timeout, timer); err != nil {
		return false, err
	}
	turn := chargepoint.Outstanding{CommandID: c.ID, ConnectionID: connectionID, Deadline: deadline}
	if err := d.Turns.Take(ctx, cp.ID, turn); err != nil {
		return false, unless(fault.Conflict, err) // another dispatcher was faster, or the session changed: both drain
	}
	sent, err := d.Commands.Send(ctx, cp.ID, c.ID, now, deadline)
	if fault.Is(err, fault.Conflict) {
		return true, d.Turns.Give(ctx, cp.ID, c.ID) // cancelled or expired meanwhile
	}
	if err != nil {
		return false, err
	}
	frame, err := sent.Frame()
	if err != nil {
		return false, err
	}
	log := slog.With("chargePointId", cp.ID, "connectionId", connectionID, "messageId", c.ID, "action", c.Action)
	switch err := d.Connections.Post(ctx, connectionID, frame); fault.CodeOf(err) {
	case "":
		log.InfoContext(ctx, "command sent")
		d.mirror(ctx, log, sent, frame)
		return false, nil
	case fault.Gone:
		log.InfoContext(ctx, "command returned to the queue: the connection is gone")
		if err := d.putBack(ctx, c); err != nil {
			return false, err
		}
		_, err := d.Sessions.Close(ctx, cp.ID, connectionID, closedAbnormally, "found gone when a command was sent", d.Now())
		return true, unless(fault.Stale, err)
	case fault.Throttled:
		log.WarnContext(ctx, "command returned to the queue: the gateway takes no more at the moment", "error", err)
		if err := d.putBack(ctx, c); err != nil {
			return false, err
		}
		return false, d.Timers.After(ctx, throttlePause, Timer{Kind: TimerDrain, ChargePointID: cp.ID})
	default:
		// Nobody knows whether the charge point got it: its answer or the deadline will tell.
		log.WarnContext(ctx, "the gateway did not confirm the command", "error", err)
		return false, nil
	}
}

const (
	closedAbnormally = 1006 // RFC 6455 section 7.4.1: no close frame was seen
	throttlePause    = 2 * time.Second
)

// mirror shows a sent command to observers. It is sent whatever becomes of the mirror.
func (d *Dispatcher) mirror(ctx context.Context, log *slog.Logger, c Command, frame []byte) {
	if c.Origin == OriginMQTT {
		return // observers saw the integrator's own message on the same topic
	}
	if err := d.Mirror.Out(ctx, c.ChargePointID, frame); err != nil {
		log.WarnContext(ctx, "the command is missing on the mirror topic", "error", err)
	}
}

// putBack queues a command again that did not reach its connection, and gives the turn back.
func (d *Dispatcher) putBack(ctx context.Context, c Command) error {
	_, err := d.Commands.Apply(ctx, c.ChargePointID, c.ID, Outcome{Event: EventReturn, At: d.Now()})
	if unless(fault.Conflict, err) != nil {
		return err
	}
	return d.Turns.Give(ctx, c.ChargePointID, c.ID)
}

// Finish records the outcome of a sent command, gives the turn back and sends the next. Repeating it
// changes nothing more; an answer that comes too late is left alone.
func (d *Dispatcher) Finish(ctx context.Context, chargePointID, commandID string, outcome Outcome) error {
	log := slog.With("chargePointId", chargePointID, "messageId", commandID)
	finished, err := d.Commands.Apply(ctx, chargePointID, commandID, outcome)
	switch fault.CodeOf(err) {
	case "":
		log.InfoContext(ctx, "command finished", "action", finished.Action, "state", string(finished.State))
	case fault.Conflict:
		log.InfoContext(ctx, "command was finished already, this is ignored", "event", string(outcome.Event))
	case fault.NotFound:
		log.InfoContext(ctx, "answer to a message that is no command, ignored", "event", string(outcome.Event))
		return nil
	default:
		return err
	}
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
	if err != nil {
		return unless(fault.NotFound, err)
	}
	c, err := d.Commands.Get(ctx, timer.ChargePointID, timer.CommandID)
	if err != nil {
		return unless(fault.NotFound, err)
	}
	overdue := d.Now().Add(timerSlack)
	turn := cp.Outstanding
	if c.State == Sent && overdue.Before(c.Deadline) || turn != nil && turn.CommandID == c.ID && overdue.Before(turn.Deadline) {
		return nil
	}
	return d.Finish(ctx, cp.ID, c.ID, Outcome{Event: EventGiveUp, At: d.Now(), ErrorDescription: "no answer before the deadline"})
}

// timerSlack is how much too early a queue message with a delay may come.
const timerSlack = time.Second

// unless drops an error of that code: the caller expects it.
func unless(code fault.Code, err error) error {
	if fault.Is(err, code) {
		return nil
	}
	return err
}
