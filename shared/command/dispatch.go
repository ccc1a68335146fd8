package command

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// Dispatcher sends queued commands, one at a time per charge point. Any number of dispatchers may
// work at once, and each may die between any two steps, or be overtaken by the others: the turn is one
// conditional write, each gives back the very turn that it took, and a timer that was set before the turn was
// taken gives it back for one that died.
type Dispatcher struct {
	Registry    chargepoint.Registry
	Sessions    chargepoint.Sessions
	Turns       Turns
	Keys        Keys
	Commands    Store
	Timers      Timers
	Connections Connections
	Now         func() time.Time

	// Those that watch; each may be nil.
	Mirror Mirror
	Log    Log
	Events event.Publisher
}

// Submit stores a command and sends it if it is its turn. Nil means that it is stored and will be sent
// or expire, whatever happens to this process: a timer that was set before drains once more.
// fault.Conflict if the id is taken: the command is there already, and nothing else happens. fault.Invalid if its CALL is
// larger than API Gateway sends.
func (d *Dispatcher) Submit(ctx context.Context, c Command) error {
	if err := c.fits(); err != nil {
		return err
	}
	again := Timer{Kind: TimerDrain, ChargePointID: c.ChargePointID, CommandID: c.ID}
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
// waiting. Otherwise it does nothing: whatever changes one of these drains again. What waits for a charge point that was deleted ends.
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
	deleted := fault.Is(err, fault.NotFound)
	if err != nil && !deleted {
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
	case deleted || next.CreatedAt.Before(cp.RegisteredAt): // the one of that name now is another
		return true, d.expire(ctx, next, "the charge point was deleted")
	case !now.Before(next.ExpiresAt):
		return true, d.expire(ctx, next, UnsentInTime)
	case Withheld(cp, next.Action) != "":
		return true, d.expire(ctx, next, "the charge point "+Withheld(cp, next.Action))
	case cp.Session == nil:
		return false, nil
	case cp.Session.Protocol != next.Protocol:
		return true, d.expire(ctx, next, "it is written in "+next.Protocol+", but the charge point speaks "+cp.Session.Protocol+" now")
	case turn != nil && now.After(nobodys(*turn, next)):
		return true, d.free(ctx, chargePointID, *turn)
	case turn != nil || now.Before(cp.Session.TakesCommandsAt()):
		return false, nil
	}
	return d.send(ctx, cp, next)
}

// expire ends a command that waits. Another dispatcher may have been faster.
func (d *Dispatcher) expire(ctx context.Context, c Command, why string) error {
	expired, err := d.end(ctx, c, why)
	if err == nil {
		TellEnded(ctx, d.Events, expired)
	}
	return unless(fault.Conflict, err)
}

// end is expire, and leaves it to the caller to tell of it. fault.Conflict if the command does not wait any more.
func (d *Dispatcher) end(ctx context.Context, c Command, why string) (Command, error) {
	return d.Commands.Apply(ctx, c.ChargePointID, c.ID, Outcome{Event: EventExpire, At: d.Now(), ErrorDescription: why})
}

// send takes the turn and sends. The order of the steps is what makes a death between them harmless:
// the timer first (it finds nothing to do if the rest did not happen), then the turn, then the
// record, then the frame.
func (d *Dispatcher) send(ctx context.Context, cp chargepoint.ChargePoint, c Command) (again bool, err error) {
	now := d.Now()
	deadline := now.Add(c.Timeout).Truncate(time.Millisecond) // as the record has it
	connectionID := cp.Session.ConnectionID
	timer := Timer{Kind: TimerDeadline, ChargePointID: cp.ID, CommandID: c.ID, ConnectionID: connectionID, Deadline: deadline}
	if err := d.Timers.After(ctx, c.Timeout, timer); err != nil {
		return false, err
	}
	turn := chargepoint.Outstanding{CommandID: c.ID, ConnectionID: connectionID, Deadline: deadline, Holder: newHolder()}
	if !cp.MayTalk() {
		turn.Asks = Asks(c.Action, c.Payload)
	}
	switch err := d.Turns.Take(ctx, cp.ID, turn); fault.CodeOf(err) {
	case "":
	case fault.Conflict:
		return false, nil // another dispatcher was faster, or the session changed: both drain
	default: // it may be ours all the same
		return false, errors.Join(err, d.Turns.Release(ctx, cp.ID, turn))
	}
	if told, err := d.tellKey(ctx, c); err != nil || !told {
		return true, errors.Join(err, d.Turns.Release(ctx, cp.ID, turn))
	}
	sent, err := d.noteSent(ctx, c, now, turn)
	if fault.Is(err, fault.Conflict) {
		return true, d.Turns.Release(ctx, cp.ID, turn) // cancelled or expired meanwhile
	}
	if err != nil {
		return false, err
	}
	frame, err := sent.Frame()
	if err != nil {
		return false, err
	}
	log := slog.With("chargePointId", cp.ID, "connectionId", connectionID, "messageId", c.ID, "action", c.Action)
	if !d.Now().Before(deadline) { // the timer may have given it up, and another CALL may be outstanding
		log.WarnContext(ctx, "command returned to the queue: the time for its answer is over before it was sent")
		return true, d.putBack(ctx, cp.ID, turn)
	}
	switch err := d.Connections.Post(ctx, connectionID, frame); fault.CodeOf(err) {
	case "":
		log.InfoContext(ctx, "command sent")
		d.show(ctx, log, connectionID, sent, frame)
		return false, nil
	case fault.Gone:
		log.InfoContext(ctx, "command returned to the queue: the connection is gone")
		if err := d.putBack(ctx, cp.ID, turn); err != nil {
			return false, err
		}
		return true, d.endSession(ctx, cp.ID, connectionID)
	case fault.Throttled:
		log.WarnContext(ctx, "command returned to the queue: the gateway takes no more at the moment", "error", err)
		if err := d.putBack(ctx, cp.ID, turn); err != nil {
			return false, err
		}
		return false, d.Timers.After(ctx, throttlePause, Timer{Kind: TimerDrain, ChargePointID: cp.ID, ConnectionID: connectionID})
	default:
		// Nobody knows whether the charge point got it: its answer or the deadline will tell.
		log.WarnContext(ctx, "the gateway did not confirm the command", "error", err)
		return false, nil
	}
}

const throttlePause = 2 * time.Second

// noteSent notes that a command is sent in a turn. The table's error does not say whether that is noted: its record does. One that
// still waits gives the turn back, and is sent later. Should the note come after that look, nobody posts the command in this
// attempt, and its deadline ends it. When the record cannot be read either, the turn stays until this dispatcher is dead for certain.
func (d *Dispatcher) noteSent(ctx context.Context, c Command, at time.Time, turn chargepoint.Outstanding) (sent Command, err error) {
	sent, err = d.Commands.Send(ctx, c.ChargePointID, c.ID, at, turn.Deadline)
	if err == nil || fault.Is(err, fault.Conflict) {
		return sent, err
	}
	stored, unread := d.Commands.Get(ctx, c.ChargePointID, c.ID)
	switch {
	case unread != nil:
		return Command{}, errors.Join(err, unread)
	case stored.State == Sent && stored.SentAt.Equal(at.Truncate(time.Millisecond)) && stored.Deadline.Equal(turn.Deadline.Truncate(time.Millisecond)):
		return stored, nil
	}
	return Command{}, errors.Join(err, d.Turns.Release(ctx, c.ChargePointID, turn))
}

// newHolder returns the mark of a turn.
func newHolder() string { return strconv.FormatUint(rand.Uint64(), 36) }

// tellKey notes, of a rotation of keys, which key the charge point is told next. One that must not be told any more ends.
func (d *Dispatcher) tellKey(ctx context.Context, c Command) (told bool, err error) {
	if c.Operation != KeyRotation {
		return true, nil
	}
	err = d.Keys.Tell(ctx, c.ChargePointID, c.ID)
	if fault.Is(err, fault.NotFound) {
		return false, d.expire(ctx, c, "the charge point has taken a key that was sent before, or was given one by hand, since this one was ordered")
	}
	return err == nil, err
}

// endSession clears the session of a connection that does not exist any more, and whose end nobody was told of (yet).
func (d *Dispatcher) endSession(ctx context.Context, chargePointID, connectionID string) error {
	const (
		closedAbnormally = 1006 // RFC 6455 section 7.4.1: no close frame was seen
		foundGone        = "found gone when a command was sent"
	)
	now := d.Now()
	_, err := d.Sessions.Close(ctx, chargePointID, connectionID, closedAbnormally, foundGone, now)
	if err == nil && d.Events != nil {
		ended := event.Event{
			Name: event.Disconnected, ID: connectionID, ChargePointID: chargePointID, At: now,
			Data: event.ConnectionEnd{ConnectionID: connectionID, Code: closedAbnormally, Reason: foundGone},
		}
		if err := d.Events.Publish(ctx, ended); err != nil {
			missed(ctx, ended, err)
		}
	}
	return unless(fault.Stale, err)
}

// putBack queues the command of a turn again that did not reach its connection, and gives the turn back.
func (d *Dispatcher) putBack(ctx context.Context, chargePointID string, turn chargepoint.Outstanding) error {
	_, err := d.Commands.Apply(ctx, chargePointID, turn.CommandID, Outcome{Event: EventReturn, At: d.Now()})
	if unless(fault.Conflict, err) != nil {
		return err
	}
	return d.Turns.Release(ctx, chargePointID, turn)
}

// unless drops an error of that code: the caller expects it.
func unless(code fault.Code, err error) error {
	if fault.Is(err, code) {
		return nil
	}
	return err
}
