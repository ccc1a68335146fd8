package command_test

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// After implements command.Timers.
func (w *world) After(_ context.Context, delay time.Duration, timer command.Timer) error {
	if delay > command.MaxTimeout {
		w.breach("a timer of %s is longer than the queue's longest delay", delay)
	}
	w.timers = append(w.timers, pending{w.clock.Add(delay), timer})
	return nil
}

// Out implements command.Mirror.
func (w *world) Out(context.Context, string, []byte) error { return nil }

// Post implements command.Connections: the frame arrives or not, and the gateway may not say which.
func (w *world) Post(_ context.Context, connection string, frame []byte) error {
	var call []json.RawMessage
	var id string
	if err := errors.Join(json.Unmarshal(frame, &call), json.Unmarshal(call[1], &id)); err != nil {
		return err
	}
	if connection != w.connection {
		return gone
	}
	if w.sound {
		w.deliver(id, connection)
		return nil
	}
	switch w.random.IntN(10) {
	case 0:
		w.connection, w.call = "", nil
		return gone
	case 1:
		return throttled
	case 2:
		return errors.New("connection reset before the frame was written")
	case 3:
		w.deliver(id, connection)
		return errors.New("connection reset before the answer was read")
	}
	w.deliver(id, connection)
	return nil
}

// deliver brings a CALL to the charge point.
func (w *world) deliver(id, connection string) {
	w.posts++
	w.note("%s is delivered on %s", id, connection)
	if open := w.call; open != nil && open.connection == connection && w.clock.Before(open.deadline) {
		w.breach("%s was sent on %s while %s was outstanding until %s (it is %s)", id, connection, open.id, open.deadline, w.clock)
	}
	sent := w.records[id]
	if w.posted[id] == nil {
		w.posted[id] = map[int]bool{}
	}
	if w.posted[id][sent.Attempt] {
		w.breach("attempt %d of %s was posted twice", sent.Attempt, id)
	}
	w.posted[id][sent.Attempt] = true
	if len(w.answered[id]) == 0 { // else the charge point has answered it before it came
		w.call = &call{id, connection, sent.Deadline}
	}
}

// unparted posts at once: what a dispatcher checks just before it posts holds then, as good as ever.
type unparted struct {
	*world
	actor *actor
}

func (u unparted) Post(ctx context.Context, connection string, frame []byte) error {
	if u.actor.dead {
		return errDead
	}
	err := u.world.Post(ctx, connection, frame)
	return errors.Join(err, u.actor.step(func() error { return nil }))
}

// worldEvents hears what integrators are told; AWS IoT does not take all of it.
type worldEvents struct {
	world *world
	actor doubtful
}

func (e worldEvents) Publish(_ context.Context, told event.Event) error {
	return e.actor.step(func() error {
		if finished, ok := told.Data.(event.Command); ok {
			e.world.told[told.ID] = append(e.world.told[told.ID], finished.State)
		}
		return nil
	})
}

// watched is the table of commands under the world's eyes.
type watched struct {
	command.Store
	world *world
}

func (s watched) Create(ctx context.Context, c command.Command) error {
	err := s.Store.Create(ctx, c)
	if err == nil {
		s.world.records[c.ID] = c
		s.world.created = append(s.world.created, c.ID)
	}
	return err
}

func (s watched) Send(ctx context.Context, chargePointID, id string, at, deadline time.Time) (command.Command, error) {
	sent, err := s.Store.Send(ctx, chargePointID, id, at, deadline)
	if err == nil {
		s.world.changed(sent)
	}
	return sent, err
}

func (s watched) Apply(ctx context.Context, chargePointID, id string, outcome command.Outcome) (command.Command, error) {
	after, err := s.Store.Apply(ctx, chargePointID, id, outcome)
	if err == nil {
		s.world.changed(after)
	}
	return after, err
}

// changed checks a move of a command.
func (w *world) changed(c command.Command) {
	before := w.records[c.ID]
	if reflect.DeepEqual(before, c) {
		return // the same end again
	}
	w.records[c.ID] = c
	w.note("%s is %s, attempt %d", c.ID, c.State, c.Attempt)
	if before.State.Final() {
		w.breach("%s went from %s to %s", c.ID, before.State, c.State)
	}
	said := w.answered[c.ID]
	because := true
	switch c.State {
	case command.Queued:
		w.returned++
		because = !w.posted[c.ID][c.Attempt]
	case command.Sent:
		w.sentInOrder(c)
	case command.Accepted:
		because = slices.Contains(said, command.EventAccept)
	case command.Rejected:
		because = slices.Contains(said, command.EventReject)
	case command.CallError:
		because = slices.Contains(said, command.EventError)
	case command.InvalidResult:
		because = slices.Contains(said, command.EventMisfit)
	case command.Cancelled:
		because = w.cancelled[c.ID] && len(w.posted[c.ID]) == 0
	case command.Expired:
		because = !w.clock.Before(c.ExpiresAt) && len(w.posted[c.ID]) == 0
	case command.TimedOut:
		because = c.Attempt > 0
	}
	if !because {
		w.breach("%s is %s, but nothing led to that: %+v", c.ID, c.State, c)
	}
}

// sentInOrder checks the first attempt of a command: none that was stored before it may still wait for its own.
func (w *world) sentInOrder(c command.Command) {
	if c.Attempt > 1 {
		return
	}
	for _, id := range w.created[:slices.Index(w.created, c.ID)] {
		if other := w.records[id]; other.State == command.Queued && other.Attempt == 0 && other.CreatedAt.Before(c.CreatedAt) {
			w.breach("%s was sent before %s", c.ID, id)
		}
	}
}

// settle lets everything come to its end: nothing dies any more, the charge point does not answer, every timer fires.
// Then nothing may be outstanding. In the end it connects once more: then nothing may wait.
func (w *world) settle() {
	w.sound = true
	w.rest()
	w.wantNothingOutstanding()
	if len(w.broken) == 0 {
		w.connect()
		w.rest()
		w.wantRest()
	}
	for _, a := range w.actors { // those of a world that broke
		a.kill()
	}
}

// rest lets everything happen that will happen by itself.
func (w *world) rest() {
	for step := 0; len(w.broken) == 0; step++ {
		if step > 5000 {
			w.breach("it never comes to rest: %d functions, %d timers, %d answers", len(w.actors), len(w.timers), len(w.journal))
			return
		}
		switch {
		case len(w.actors) > 0:
			w.resume(w.awake())
		case len(w.journal) > 0:
			w.process()
		case len(w.timers) > 0:
			first := slices.MinFunc(w.timers, func(a, b pending) int { return a.at.Compare(b.at) })
			if first.at.After(w.clock) {
				w.clock = first.at
			}
			w.fireTimer()
		default:
			return
		}
	}
}

func (w *world) wantNothingOutstanding() {
	cp, err := w.store.Get(w, w.id)
	if err != nil || cp.Outstanding != nil {
		w.breach("in the end the turn is %+v (%v)", cp.Outstanding, err)
	}
	for id, record := range w.records {
		if record.State == command.Sent {
			w.breach("in the end %s is sent, and nobody waits for its answer", id)
		}
	}
}

func (w *world) wantRest() {
	w.wantNothingOutstanding()
	for id, record := range w.records {
		c, err := w.commands.Get(w, w.id, id)
		if err != nil || c.State != record.State || !c.State.Final() {
			w.breach("in the end %s is %s, and was written as %s (%v)", id, c.State, record.State, err)
		}
		if slices.ContainsFunc(w.told[id], func(told string) bool { return told != string(c.State) }) {
			w.breach("%s is %s, but integrators were told %v", id, c.State, w.told[id])
		}
		if len(w.told[id]) == 0 {
			w.breach("%s is %s, and integrators were not told", id, c.State)
		}
	}
}

// watchedTurns notes who takes the turn and who gives it.
type watchedTurns struct {
	command.Turns
	world *world
	actor *actor
}

func (s watchedTurns) Take(ctx context.Context, id string, turn chargepoint.Outstanding) error {
	err := s.Turns.Take(ctx, id, turn)
	s.world.note("%s takes the turn for %s on %s: %v", s.actor.name, turn.CommandID, turn.ConnectionID, fault.CodeOf(err))
	return err
}

func (s watchedTurns) Give(ctx context.Context, id, commandID string) error {
	s.world.note("%s gives the turn of %s", s.actor.name, commandID)
	return s.Turns.Give(ctx, id, commandID)
}

func (s watchedTurns) Release(ctx context.Context, id string, turn chargepoint.Outstanding) error {
	s.world.note("%s releases the turn of %s on %s", s.actor.name, turn.CommandID, turn.ConnectionID)
	return s.Turns.Release(ctx, id, turn)
}
