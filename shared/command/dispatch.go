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

// Submit stores a command and sends it if it is its turn. Nil means that it is stored and will be sent
// or expire, whatever happens to this process: a timer that was set before drains once more.
// fault.Conflict if the id is taken: the command is there already, and nothing else happens.
func (d *Dispatcher) Submit(ctx context.Context, c Command) error {
	again := Timer{Kind: TimerDrain, ChargePointID: c.ChargePointID}
	if err := d.Timers.After(ctx, secondLook, again); err != nil {
		return err
	}
	if err := d.Commands.Create(ctx, c); err != nil {
		return err
	}
	if err := d.Drain(ctx, c.ChargePointID); err != nil {
		// Told an error, the caller would submit again under another id, and a charge point would be commanded twice.
		slog.ErrorContext(ctx, "the command is stored but could not be sent; it is tried again in a moment",
			"chargePointId", c.ChargePointID, "messageId", c.ID, "action", c.Action, "error", err)
	}
	return nil
}

// secondLook is when a queue is drained again after a command was put into it, in case the first time
// failed: later than a healthy Submit takes, soon enough for somebody who waits for the answer.
const secondLook = 5 * time.Second

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
	switch turn := cp.Outstanding; {
	case !now.Before(next.ExpiresAt):
		return true, d.expire(ctx, next, "not sent before it expired")
	case Withheld(cp, next.Action) != "":
		return true, d.expire(ctx, next, "the charge point "+Withheld(cp, next.Action))
	case cp.Session == nil:
		return false, nil
	case cp.Session.Protocol != next.Protocol:
		return true, d.expire(ctx, next, "it is written in "+next.Protocol+", but the charge point speaks "+cp.Session.Protocol+" now")
	case turn != nil && now.After(turn.Deadline.Add(timerLost)):
		return false, d.giveUp(ctx, chargePointID, turn.CommandID) // drains by itself
	case turn != nil || now.Before(cp.Session.TakesCommandsAt()):
		return false, nil
	}
	return d.send(ctx, cp, next)
}

// timerLost is how long after its deadline a turn counts as forgotten by its timer: the timer fired in
// vain too often, for one, and lies in the dead letter queue.
const timerLost = time.Minute

// expire ends a command that waits. Another dispatcher may have been faster.
func (d *Dispatcher) expire(ctx context.Context, c Command, why string) error {
	_, err := d.Commands.Apply(ctx, c.ChargePointID, c.ID, Outcome{Event: EventExpire, At: d.Now(), ErrorDescription: why})
	return unless(fault.Conflict, err)
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
	if !cp.MayTalk() {
		turn.Asks = Asks(c.Action, c.Payload)
	}
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
		log.InfoContext(ctx, "command does not wait for an answer, this is ignored", "event", string(outcome.Event))
	case fault.NotFound:
		log.InfoContext(ctx, "there is no such command, this is ignored", "event", string(outcome.Event))
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
	if unless(fault.NotFound, err) != nil {
		return err // without a charge point there is no turn, but still a command to end
	}
	c, err := d.Commands.Get(ctx, timer.ChargePointID, timer.CommandID)
	if unless(fault.NotFound, err) != nil {
		return err
	}
	overdue := d.Now().Add(timerSlack)
	turn := cp.Outstanding
	if c.State == Sent && overdue.Before(c.Deadline) || turn != nil && turn.CommandID == timer.CommandID && overdue.Before(turn.Deadline) {
		return nil
	}
	return d.giveUp(ctx, timer.ChargePointID, timer.CommandID)
}

func (d *Dispatcher) giveUp(ctx context.Context, chargePointID, commandID string) error {
	return d.Finish(ctx, chargePointID, commandID, Outcome{Event: EventGiveUp, At: d.Now(), ErrorDescription: "no answer before the deadline"})
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
