package command_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// Specification: OCPP-J 1.6 section 4.1.1; OCPP-J 1.6 errata 3.5; OCPP 2.0.1 part 4 section 4.1.1.
func TestOneAtATimeInOrder(t *testing.T) {
	r := newRig(t)
	r.connect("c1=")
	r.submit("z", "m", "a") // ids in another order than time
	r.wantPosts("z")
	r.answer("z")
	r.wantPosts("z", "m")
	r.answer("m")
	r.answer("a")
	r.wantPosts("z", "m", "a")
	r.wantState(command.Accepted, "z", "m", "a")
	if r.turn() != "" || !slices.Equal(r.mirrored, []string{"z", "m", "a"}) {
		t.Errorf("turn %q, mirrored %q", r.turn(), r.mirrored)
	}
}

// Specification: OCPP 1.6 section 4.2; B03.FR.03.
func TestNothingIsSentToARejectedChargePoint(t *testing.T) {
	r := newRig(t)
	r.submit("waited") // for a connection, while the charge point was Accepted
	r.must(r.store.SetRegistration(t.Context(), cp001, chargepoint.Rejected))
	r.connect("c1=")
	r.pass(time.Minute)
	r.wantPosts()
	r.wantState(command.Expired, "waited")
}

// Specification: OCPP-J 1.6 section 4.1.1; OCPP-J 1.6 errata 3.5; OCPP 2.0.1 part 4 section 4.1.1.
func TestTwentyAtOnce(t *testing.T) {
	r := newRig(t)
	r.connect("c1=")
	const commands = 20
	var outstanding, most atomic.Int32
	posted := make(chan string, commands)
	r.dispatcher.Connections = connections(func(_ context.Context, connection string, frame []byte) error {
		most.Store(max(most.Load(), outstanding.Add(1)))
		defer func() { posted <- r.posts[len(r.posts)-1].command }()
		return r.Post(t.Context(), connection, frame)
	})
	var submitted sync.WaitGroup
	for i := range commands {
		order := r.order("c" + strconv.Itoa(i))
		submitted.Go(func() {
			if err := r.dispatcher.Submit(t.Context(), order); err != nil {
				t.Error(err)
			}
		})
	}
	for range commands {
		id := <-posted
		outstanding.Add(-1)
		r.answer(id)
	}
	submitted.Wait()
	if most.Load() != 1 || r.turn() != "" {
		t.Errorf("%d were outstanding at once, the turn is %q", most.Load(), r.turn())
	}
	for i := range commands {
		r.wantState(command.Accepted, "c"+strconv.Itoa(i))
	}
	if len(r.posts) != commands {
		t.Errorf("%d posts of %d commands", len(r.posts), commands)
	}
}

type connections func(ctx context.Context, connection string, frame []byte) error

func (post connections) Post(ctx context.Context, connection string, frame []byte) error {
	return post(ctx, connection, frame)
}

func TestWaitsForAConnectionAndItsBoot(t *testing.T) {
	r := newRig(t)
	r.submit("a")
	r.wantPosts()
	_, err := r.store.Open(t.Context(), cp001, chargepoint.Session{ConnectionID: "c1=", Protocol: protocol, ConnectedAt: r.now()})
	r.must(err)
	r.must(r.dispatcher.Drain(t.Context(), cp001))
	r.wantPosts()
	r.wait(chargepoint.QuietAfterConnect)
	r.must(r.dispatcher.Drain(t.Context(), cp001))
	r.wantPosts("a")
}

func TestExpiry(t *testing.T) {
	r := newRig(t)
	r.submit("a", "b")
	short := r.order("short")
	short.ExpiresAt = r.now().Add(time.Minute)
	r.must(r.dispatcher.Submit(t.Context(), short))
	r.pass(30 * time.Minute)
	r.submit("late")
	r.pass(45 * time.Minute)
	r.connect("c1=")
	r.must(r.dispatcher.Drain(t.Context(), cp001))
	r.wantState(command.Expired, "a", "b", "short")
	r.wantPosts("late")
}

func TestAnotherVersionEndsWhatWaits(t *testing.T) {
	r := newRig(t)
	r.submit("a")
	_, err := r.store.Open(t.Context(), cp001, chargepoint.Session{ConnectionID: "c1=", Protocol: "ocpp2.0.1", ConnectedAt: r.now(), Open: true})
	r.must(err)
	r.must(r.dispatcher.Drain(t.Context(), cp001))
	r.wantState(command.Expired, "a")
	r.wantPosts()
}

func TestGoneConnection(t *testing.T) {
	r := newRig(t)
	r.connect("c1=")
	r.onPost = func(connection string) error {
		if connection == "c1=" {
			return gone
		}
		return nil
	}
	r.submit("a", "b")
	r.wantState(command.Queued, "a", "b")
	cp, err := r.store.Get(t.Context(), cp001)
	r.must(err)
	if cp.Session != nil || cp.Outstanding != nil {
		t.Errorf("session %+v and turn %+v outlive their connection", cp.Session, cp.Outstanding)
	}
	r.wait(time.Second)
	r.connect("c2=")
	r.must(r.dispatcher.Drain(t.Context(), cp001))
	r.answer("a")
	r.wantPosts("a", "b") // each kept its place
}

func TestThrottledConnection(t *testing.T) {
	r := newRig(t)
	r.connect("c1=")
	r.onPost = func(string) error { return throttled }
	r.submit("a")
	r.wantState(command.Queued, "a")
	r.onPost = nil
	r.pass(3 * time.Second) // its own timer, not the second look
	r.wantPosts("a")
	r.wantState(command.Sent, "a")
}

func TestUnconfirmedPost(t *testing.T) {
	r := newRig(t)
	r.connect("c1=")
	r.onPost = func(string) error { return errors.New("connection reset") }
	r.submit("a")
	r.wantState(command.Sent, "a") // it may have arrived
	r.onPost = nil
	r.submit("b")
	r.pass(time.Minute)
	r.wantState(command.TimedOut, "a")
	r.wantPosts("b")
}

// Specification: OCPP-J 1.6 section 4.1.1; OCPP 2.0.1 part 4 section 4.1.1.
func TestNoAnswer(t *testing.T) {
	r := newRig(t)
	r.connect("c1=")
	r.submit("a", "b")
	r.pass(29 * time.Second)
	r.wantState(command.Sent, "a")
	r.pass(2 * time.Second)
	r.wantState(command.TimedOut, "a")
	r.wantPosts("a", "b")
	r.answer("a") // too late
	r.wantState(command.TimedOut, "a")
	r.wantState(command.Sent, "b")
	if r.turn() != "b" {
		t.Errorf("the late answer gave away the turn of b: %q", r.turn())
	}
}

func TestDeadlineOfAnEarlierAttempt(t *testing.T) {
	r := newRig(t)
	r.connect("c1=")
	r.submit("a")
	r.wait(25 * time.Second)
	r.must(r.putBack("a")) // as when the connection was lost
	r.must(r.dispatcher.Drain(t.Context(), cp001))
	r.wantPosts("a", "a")
	r.pass(10 * time.Second) // the first attempt's deadline
	r.wantState(command.Sent, "a")
	if r.turn() != "a" {
		t.Errorf("the turn is %q", r.turn())
	}
	r.pass(30 * time.Second) // the second's
	r.wantState(command.TimedOut, "a")
}

// putBack does from outside what the dispatcher does after a Gone.
func (r *rig) putBack(id string) error {
	_, err := r.commands.Apply(r.Context(), cp001, id, command.Outcome{Event: command.EventReturn, At: r.now()})
	return errors.Join(err, r.store.Give(r.Context(), cp001, id))
}

func TestForgottenTurn(t *testing.T) {
	r := newRig(t)
	r.connect("c1=")
	r.submit("a")
	r.pending = nil // its timer ends in the dead letter queue
	r.wait(5 * time.Minute)
	r.submit("b")
	r.wantState(command.TimedOut, "a")
	r.wantPosts("a", "b")
}

// A CALL that API Gateway would not send is refused before it is stored.
func TestTooLargeCallIsNotStored(t *testing.T) {
	r := newRig(t)
	r.connect("c1=")
	large := func(id string, size int) error {
		payload := []byte(`{"vendorId":"v","data":""}`)
		frame, err := command.Command{ID: id, Action: "DataTransfer", Payload: payload}.Frame()
		r.must(err)
		payload = []byte(`{"vendorId":"v","data":"` + strings.Repeat("x", size-len(frame)) + `"}`)
		return r.dispatcher.Submit(t.Context(), command.Command{
			ChargePointID: cp001, ID: id, Action: "DataTransfer", Payload: payload, Protocol: protocol, Origin: command.OriginHTTP, State: command.Queued,
			CreatedAt: r.clock, ExpiresAt: r.clock.Add(time.Hour), Timeout: command.DefaultTimeout,
		})
	}
	if err := large("over", command.MaxFrame+1); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "131073 bytes") {
		t.Errorf("a byte too many: %v", err)
	}
	if _, err := r.commands.Get(t.Context(), cp001, "over"); !fault.Is(err, fault.NotFound) {
		t.Errorf("it is stored: %v", err)
	}
	r.must(large("most", command.MaxFrame))
	r.wantPosts("most")
}

func TestSubmitTwice(t *testing.T) {
	r := newRig(t)
	r.connect("c1=")
	r.submit("a")
	if err := r.dispatcher.Submit(t.Context(), r.order("a")); err != nil {
		t.Errorf("the same command again: %v", err)
	}
	r.wait(time.Millisecond)
	if err := r.dispatcher.Submit(t.Context(), r.order("a")); !fault.Is(err, fault.Conflict) {
		t.Errorf("another command of that id: %v, want a fault.Conflict", err)
	}
	r.wantPosts("a")
}

func TestCancelledWhileItsTurnIsTaken(t *testing.T) {
	r := newRig(t)
	r.connect("c1=")
	cancel := &cancelFirst{Store: r.commands}
	r.dispatcher.Commands = cancel
	r.submit("a")
	r.wantState(command.Cancelled, "a")
	r.wantPosts()
	if r.turn() != "" {
		t.Errorf("the cancelled command keeps the turn: %q", r.turn())
	}
}

// cancelFirst cancels a command in the moment before it is sent.
type cancelFirst struct{ command.Store }

func (c *cancelFirst) Send(ctx context.Context, chargePointID, id string, at, deadline time.Time) (command.Command, error) {
	if _, err := c.Apply(ctx, chargePointID, id, command.Outcome{Event: command.EventCancel, At: at}); err != nil {
		return command.Command{}, err
	}
	return c.Store.Send(ctx, chargePointID, id, at, deadline)
}

func TestDeletedChargePoint(t *testing.T) {
	r := newRig(t)
	r.connect("c1=")
	watcher := r.watch()
	r.submit("a", "b", "c")
	r.must(r.store.Forget(t.Context(), cp001, "thing"))
	r.pass(6 * time.Second) // those that wait are looked at
	r.wantState(command.Expired, "b", "c")
	watcher.wantTold(t, "command b expired", "command c expired")
	r.pass(time.Minute)
	r.wantState(command.TimedOut, "a")
	r.wantPosts("a")
	watcher.wantTold(t, "command b expired", "command c expired", "command a timedOut",
		"command b expired", "command c expired") // by their own timers: whoever ended them might have died before it told anybody
	if len(r.pending) > 0 {
		t.Errorf("timers are left: %+v", r.pending)
	}
}

// A charge point that is made anew under the name of one that was deleted is not sent what waited for that.
func TestChargePointMadeAnew(t *testing.T) {
	r := newRig(t)
	watcher := r.watch()
	r.submit("old")
	r.must(r.store.Forget(t.Context(), cp001, "thing"))
	r.wait(time.Second)
	r.must(r.store.Mirror(t.Context(), chargepoint.Thing{Name: cp001, ID: "another", Version: 1, At: r.now()}, chargepoint.Accepted))
	r.submit("new")
	r.connect("c1=")
	r.must(r.dispatcher.Drain(t.Context(), cp001))
	r.wantPosts("new")
	r.wantState(command.Expired, "old")
	watcher.wantTold(t, "command old expired")
}

func TestMQTTCommandsAreNotMirrored(t *testing.T) {
	r := newRig(t)
	r.connect("c1=")
	order := r.order("a")
	order.Origin = command.OriginMQTT
	r.must(r.dispatcher.Submit(t.Context(), order))
	r.wantPosts("a")
	if len(r.mirrored) != 0 {
		t.Errorf("mirrored %q: observers see it twice", r.mirrored)
	}
}
