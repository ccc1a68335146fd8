package command_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// world is one charge point, the functions that run for it, and all that happens to them. It promises that
//
//   - no two CALLs are outstanding on one connection, and each attempt of a command is posted once at most
//     (Post, in worldrim_test.go),
//   - commands are sent first in the order in which they were submitted, a final state is never left, and each final state
//     has its reason (changed, in worldrim_test.go),
//   - when everything has had its time, every command is final, the turn is free, and integrators were told (settle).
type world struct {
	context.Context
	id       string
	random   *rand.Rand
	store    *dynamo.ChargePoints
	commands *dynamo.Commands

	clock   time.Time
	actors  []*actor
	timers  []pending
	journal []answer // that were not processed (yet)
	orders  []command.Command
	moment  int  // counts what happened
	sound   bool // nothing dies any more

	connection  string // the charge point's; "" while it has none
	connections int
	call        *call // outstanding at the charge point

	records                        map[string]command.Command // as last written
	answered                       map[string][]command.Event
	cancelled                      map[string]bool
	posted                         map[string]map[int]bool // attempts
	told                           map[string][]string     // states in events
	created                        []string                // in the order of their creation
	steps, deaths, posts, returned int
	early, doubts                  int
	history, broken                []string
}

// call is a CALL that the charge point has.
type call struct {
	id, connection string
	deadline       time.Time
}

// answer is what the charge point said of a command.
type answer struct {
	id      string
	outcome command.Outcome
}

func newWorld(ctx context.Context, seed uint64, store *dynamo.ChargePoints, commands *dynamo.Commands) *world {
	return &world{
		Context: ctx, id: fmt.Sprintf("CP%d", seed), random: rand.New(rand.NewPCG(seed, 0)), store: store, commands: commands,
		clock:   time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
		records: map[string]command.Command{}, answered: map[string][]command.Event{}, cancelled: map[string]bool{},
		posted: map[string]map[int]bool{}, told: map[string][]string{},
	}
}

// breach notes a promise that was broken.
func (w *world) breach(format string, args ...any) {
	w.broken = append(w.broken, fmt.Sprintf(format, args...)+"\n"+strings.Join(w.history, "\n"))
}

// note adds a line to what is told when a promise is broken.
func (w *world) note(format string, args ...any) {
	w.history = append(w.history, w.clock.Format("15:04:05.000 ")+fmt.Sprintf(format, args...))
}

// lifetime is less than a dispatcher is given before its turn counts as nobody's.
const lifetime = 25 * time.Second

// run lets everything happen, and then settles.
func (w *world) run() {
	if err := w.store.Mirror(w, chargepoint.Thing{Name: w.id, ID: w.id, Version: 1, At: w.clock}, chargepoint.Accepted); err != nil {
		w.breach("the charge point cannot be registered: %v", err)
		return
	}
	w.connect()
	for w.moment = range 150 {
		for _, a := range slices.Clone(w.actors) {
			if w.clock.Sub(a.born) > lifetime {
				w.die(a, false)
			}
		}
		if n := w.random.IntN(100); w.awake() != nil && n < 70 {
			w.resume(w.awake())
		} else if len(w.actors) > 0 && n < 73 {
			w.die(w.actors[w.random.IntN(len(w.actors))], w.random.IntN(2) == 0)
		} else {
			w.something()
		}
		if len(w.broken) > 0 {
			break
		}
	}
	w.settle()
}

// maxOrders keeps an interleaving short enough to be read.
const maxOrders = 4

// something happens outside.
func (w *world) something() {
	switch w.random.IntN(12) {
	case 0, 1:
		if len(w.orders) < maxOrders {
			w.submit()
		}
	case 2, 3:
		w.fireTimer()
	case 4, 5:
		w.answer()
	case 6, 10, 11:
		w.process()
	case 7:
		if len(w.orders) > 0 && w.random.IntN(8) == 0 {
			w.cancel(w.orders[w.random.IntN(len(w.orders))].ID)
		}
	case 8:
		if w.connection == "" || w.random.IntN(6) == 0 {
			w.connect()
		} else if w.random.IntN(4) == 0 {
			w.disconnect()
		}
	case 9:
		w.clock = w.clock.Add([]time.Duration{100 * time.Millisecond, time.Second, 2 * time.Second, 20 * time.Second}[w.random.IntN(4)])
	}
}

// dispatcher is one that an actor runs.
func (w *world) dispatcher(a *actor) *command.Dispatcher {
	doubtful := doubtful{a}
	rim := mortalRim{w, w, w, doubtful}
	return &command.Dispatcher{
		Registry: mortalRegistry{w.store, doubtful}, Sessions: mortalSessions{w.store, doubtful}, Turns: mortalTurns{watchedTurns{w.store, w, a}, doubtful},
		Commands: mortalCommands{watched{w.commands, w}, doubtful}, Timers: rim, Connections: unparted{w, a}, Mirror: rim,
		Events: worldEvents{w, doubtful}, Now: func() time.Time { return w.clock },
	}
}

func (w *world) submit() {
	w.clock = w.clock.Add(pause)
	order := command.Command{
		ChargePointID: w.id, ID: fmt.Sprintf("%c%d", 'z'-len(w.orders), w.random.IntN(10)), Action: "Reset", Payload: json.RawMessage(`{"type":"Soft"}`),
		Protocol: protocol, Origin: command.OriginHTTP, State: command.Queued, CreatedAt: w.clock, Timeout: []time.Duration{time.Second, time.Second, 5 * time.Second, 30 * time.Second}[w.random.IntN(4)],
		ExpiresAt: w.clock.Add([]time.Duration{20 * time.Second, time.Hour, time.Hour}[w.random.IntN(3)]),
	}
	w.orders = append(w.orders, order)
	w.start("submit "+order.ID, func(a *actor) error { return w.dispatcher(a).Submit(w, order) }, nil)
}

// fireTimer fires one of the timers that are due, perhaps a little early, perhaps not for the last time.
func (w *world) fireTimer() {
	var due []int
	for i, timer := range w.timers {
		if !timer.at.After(w.clock.Add(time.Second)) {
			due = append(due, i)
		}
	}
	if len(due) == 0 {
		return
	}
	i := due[w.random.IntN(len(due))]
	timer := w.timers[i]
	if timer.at.After(w.clock) {
		w.early++
	}
	w.timers = slices.Delete(w.timers, i, i+1)
	twice := !w.sound && w.random.IntN(10) == 0
	w.start(string(timer.timer.Kind)+" "+timer.timer.CommandID, func(a *actor) error {
		switch timer.timer.Kind {
		case command.TimerDeadline:
			return w.dispatcher(a).Deadline(w, timer.timer)
		case command.TimerAbandoned:
			return w.dispatcher(a).Abandoned(w, timer.timer)
		case command.TimerDrain:
		}
		return w.dispatcher(a).Drained(w, timer.timer)
	}, func(err error) {
		if err != nil || twice { // the queue hands it out again
			w.timers = append(w.timers, pending{w.clock.Add(time.Second), timer.timer})
		}
	})
}

// answer lets the charge point answer what it has, or something that it has not (any more).
func (w *world) answer() {
	events := []command.Event{command.EventAccept, command.EventAccept, command.EventReject, command.EventError, command.EventMisfit}
	id := ""
	if w.call != nil && w.random.IntN(4) > 0 {
		id = w.call.id
	} else if len(w.orders) > 0 && w.random.IntN(4) == 0 {
		id = w.orders[w.random.IntN(len(w.orders))].ID
	}
	if id == "" {
		return
	}
	if w.call != nil && w.call.id == id {
		w.call = nil
	}
	said := answer{id, command.Outcome{Event: events[w.random.IntN(len(events))], At: w.clock, Result: json.RawMessage(`{"status":"Accepted"}`)}}
	w.answered[id] = append(w.answered[id], said.outcome.Event)
	if w.random.IntN(2) == 0 { // functions/message notes it, if it does not die before
		if err := w.commands.Answered(w, w.id, id, w.clock.Add(-time.Hour), w.clock); err != nil {
			w.breach("the answer to %s cannot be noted: %v", id, err)
		}
	}
	w.journal = append(w.journal, said)
}

// process takes the oldest answer from the journal. It comes again until it was processed, and sometimes afterwards.
func (w *world) process() {
	if len(w.journal) == 0 {
		return
	}
	said := w.journal[0]
	w.journal = w.journal[1:]
	again := !w.sound && w.random.IntN(10) == 0
	w.start("answer to "+said.id, func(a *actor) error { return w.dispatcher(a).Finish(w, w.id, said.id, said.outcome) }, func(err error) {
		if err != nil || again {
			w.journal = append([]answer{said}, w.journal...)
		}
	})
}

func (w *world) cancel(id string) {
	w.cancelled[id] = true
	w.start("cancel "+id, func(a *actor) error {
		cancelled, err := (mortalCommands{watched{w.commands, w}, a}).Apply(w, w.id, id, command.Outcome{Event: command.EventCancel, At: w.clock})
		if fault.Is(err, fault.Conflict) || fault.Is(err, fault.NotFound) {
			return nil
		}
		if err == nil {
			command.TellEnded(w, worldEvents{w, doubtful{a}}, cancelled)
		}
		return err
	}, nil)
}

// connect opens a connection, as functions/connect does.
func (w *world) connect() {
	w.connections++
	w.clock = w.clock.Add(pause)
	session := chargepoint.Session{ConnectionID: fmt.Sprintf("c%d=", w.connections), Protocol: protocol, ConnectedAt: w.clock, Open: w.random.IntN(3) > 0}
	w.connection, w.call = session.ConnectionID, nil
	w.start("connect "+w.connection, func(a *actor) error {
		var before chargepoint.ChargePoint
		err := a.step(func() (err error) { before, err = w.store.Open(w, w.id, session); return err })
		if err != nil {
			if fault.Is(err, fault.Stale) {
				return nil
			}
			return err
		}
		if err := w.abandon(a, before); err != nil {
			return err
		}
		return a.step(func() error {
			return w.After(w, chargepoint.QuietAfterConnect+time.Second, command.Timer{Kind: command.TimerDrain, ChargePointID: w.id, ConnectionID: session.ConnectionID})
		})
	}, nil)
}

// disconnect ends the connection, and the system may hear of it.
func (w *world) disconnect() {
	connection := w.connection
	w.connection, w.call = "", nil
	if w.random.IntN(3) == 0 {
		return // API Gateway lost it
	}
	w.start("disconnect "+connection, func(a *actor) error {
		before, err := (mortalSessions{w.store, a}).Close(w, w.id, connection, 1006, "", w.clock)
		if fault.Is(err, fault.Stale) {
			return nil
		}
		if err != nil {
			return err
		}
		return w.abandon(a, before)
	}, nil)
}

// abandon has the command given up that waited on a connection which ended.
func (w *world) abandon(a *actor, before chargepoint.ChargePoint) error {
	return a.step(func() error { return command.Abandon(w, w, w.id, before.Outstanding) })
}
