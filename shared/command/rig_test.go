package command_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/fault"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(dynamotest.Run(m))
}

// The charge point of these tests, and how it speaks.
const (
	cp001    = "CP001"
	protocol = "ocpp1.6"
)

// rig is a dispatcher on real tables. Time, timers and connections are the test's.
type rig struct {
	*testing.T
	dispatcher *command.Dispatcher
	store      *dynamo.ChargePoints
	commands   *dynamo.Commands

	mu       sync.Mutex
	clock    time.Time
	pending  []pending
	posts    []post
	mirrored []string                      // command ids
	onPost   func(connection string) error // what the gateway says; nil: it takes everything
}

type pending struct {
	at    time.Time
	timer command.Timer
}

type post struct{ connection, command string }

// newRig returns a rig with the charge point registered, and not connected.
func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{T: t, clock: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	r.store = dynamo.NewChargePoints(dynamotest.Client(), dynamotest.Table(t, "ChargePointTable"))
	r.commands = dynamo.NewCommands(dynamotest.Client(), dynamotest.Table(t, "CommandTable"))
	r.dispatcher = &command.Dispatcher{
		Registry: r.store, Sessions: r.store, Turns: r.store, Keys: r.store, Commands: r.commands,
		Timers: r, Connections: r, Mirror: r, Now: r.now,
	}
	r.must(r.store.Mirror(t.Context(), chargepoint.Thing{Name: cp001, ID: "thing", Version: 1, At: r.clock}, chargepoint.Accepted))
	return r
}

func (r *rig) now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.clock
}

// After implements command.Timers.
func (r *rig) After(_ context.Context, delay time.Duration, timer command.Timer) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pending = append(r.pending, pending{r.clock.Add(delay), timer})
	return nil
}

// Post implements command.Connections.
func (r *rig) Post(_ context.Context, connection string, frame []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var call []json.RawMessage
	var id string
	if err := json.Unmarshal(frame, &call); err != nil {
		return err
	}
	if err := json.Unmarshal(call[1], &id); err != nil {
		return err
	}
	if r.onPost != nil {
		if err := r.onPost(connection); err != nil {
			return err
		}
	}
	r.posts = append(r.posts, post{connection, id})
	return nil
}

// Out implements command.Mirror.
func (r *rig) Out(_ context.Context, _ string, frame []byte) error {
	var call []any
	if err := json.Unmarshal(frame, &call); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.mirrored = append(r.mirrored, call[1].(string))
	return nil
}

// connect opens a session that takes commands at once.
func (r *rig) connect(connection string) {
	r.Helper()
	_, err := r.store.Open(r.Context(), cp001, chargepoint.Session{ConnectionID: connection, Protocol: protocol, ConnectedAt: r.now(), Open: true})
	r.must(err)
}

// order returns a command that may wait an hour and be answered within 30 s.
func (r *rig) order(id string) command.Command {
	now := r.now()
	return command.Command{
		ChargePointID: cp001, ID: id, Action: "Reset", Payload: json.RawMessage(`{"type":"Soft"}`), Protocol: protocol, Origin: command.OriginHTTP,
		State: command.Queued, CreatedAt: now, ExpiresAt: now.Add(time.Hour), Timeout: command.DefaultTimeout,
	}
}

// submit submits orders a millisecond after each other.
func (r *rig) submit(ids ...string) {
	r.Helper()
	for _, id := range ids {
		r.wait(time.Millisecond)
		r.must(r.dispatcher.Submit(r.Context(), r.order(id)))
	}
}

func (r *rig) answer(id string) {
	r.Helper()
	r.must(r.dispatcher.Finish(r.Context(), cp001, id, command.Outcome{Event: command.EventAccept, At: r.now(), Result: json.RawMessage(`{"status":"Accepted"}`)}))
}

func (r *rig) wait(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clock = r.clock.Add(d)
}

// pass lets time pass and fires the timers that are due, each at its time.
func (r *rig) pass(d time.Duration) {
	r.Helper()
	for end := r.now().Add(d); ; {
		next, found := r.due(end)
		if !found {
			r.wait(end.Sub(r.now()))
			return
		}
		r.fire(next)
	}
}

// due takes out the next timer until end, and moves the clock there.
func (r *rig) due(end time.Time) (command.Timer, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	slices.SortStableFunc(r.pending, func(a, b pending) int { return a.at.Compare(b.at) })
	if len(r.pending) == 0 || r.pending[0].at.After(end) {
		return command.Timer{}, false
	}
	next := r.pending[0]
	r.pending = r.pending[1:]
	if next.at.After(r.clock) {
		r.clock = next.at
	}
	return next.timer, true
}

func (r *rig) fire(timer command.Timer) {
	r.Helper()
	switch timer.Kind {
	case command.TimerDeadline:
		r.must(r.dispatcher.Deadline(r.Context(), timer))
	case command.TimerAbandoned:
		r.must(r.dispatcher.Abandoned(r.Context(), timer))
	case command.TimerDrain:
		r.must(r.dispatcher.Drained(r.Context(), timer))
	}
}

func (r *rig) must(err error) {
	if err != nil {
		r.Helper()
		r.Fatal(err)
	}
}

// wantState checks commands in the table.
func (r *rig) wantState(want command.State, ids ...string) {
	r.Helper()
	for _, id := range ids {
		c, err := r.commands.Get(r.Context(), cp001, id)
		if err != nil || c.State != want {
			r.Errorf("command %s is %q (%v), want %s", id, c.State, err, want)
		}
	}
}

// wantPosts checks what was sent so far, in order.
func (r *rig) wantPosts(want ...string) {
	r.Helper()
	got := []string{}
	for _, post := range r.posts {
		got = append(got, post.command)
	}
	if !slices.Equal(got, want) {
		r.Errorf("posted %q, want %q", got, want)
	}
}

// turn returns the command that holds the turn.
func (r *rig) turn() string {
	r.Helper()
	cp, err := r.store.Get(r.Context(), cp001)
	r.must(err)
	if cp.Outstanding == nil {
		return ""
	}
	return cp.Outstanding.CommandID
}

var (
	gone      = fault.New(fault.Gone, "gone")
	throttled = fault.New(fault.Throttled, "full")
)
