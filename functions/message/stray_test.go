package main

import (
	"context"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
)

const (
	strayBoot = `[2,"b","BootNotification",{"chargePointVendor":"v","chargePointModel":"m"}]`
	strayBeat = `[2,"h","Heartbeat",{}]`
)

// strayRig is a rig whose charge point tried another connection a second after its own, in vain: $connect died after
// the session was opened.
type strayRig struct {
	*rig
	connected time.Time
	writes    countedSessions
}

// countedSessions counts what messages write of sessions.
type countedSessions struct {
	chargepoint.Sessions
	n int
}

func (c *countedSessions) OpenForCommands(ctx context.Context, id, connectionID string) error {
	c.n++
	return c.Sessions.OpenForCommands(ctx, id, connectionID)
}

func (c *countedSessions) Seen(ctx context.Context, id, connectionID string, at time.Time) error {
	c.n++
	return c.Sessions.Seen(ctx, id, connectionID, at)
}

func (c *countedSessions) Restore(ctx context.Context, id string, session chargepoint.Session, at time.Time) error {
	c.n++
	return c.Sessions.Restore(ctx, id, session, at)
}

// goneAnswers finds every connection gone.
type goneAnswers struct{ Answers }

func (goneAnswers) Answer(_ context.Context, connectionID string, _ []byte) error {
	return fault.New(fault.Gone, "%s is gone", connectionID)
}

func newStrayRig(t *testing.T) *strayRig {
	r := &strayRig{rig: newRig(t)}
	r.connected, r.writes.Sessions, r.handler.Sessions = r.clock, r.chargePoints, &r.writes
	_, err := r.chargePoints.Open(t.Context(), cp001, chargepoint.Session{ConnectionID: "never=", Protocol: r.protocol, ConnectedAt: r.connected.Add(time.Second)})
	r.must(err)
	return r
}

// foundGone is what a command does to the connection that never came to be.
func (r *strayRig) foundGone(after time.Duration) {
	r.t.Helper()
	_, err := r.chargePoints.Close(r.t.Context(), cp001, "never=", 1006, "found gone", r.connected.Add(after))
	r.must(err)
}

// say sends a message over the charge point's connection, so long after it began.
func (r *strayRig) say(after time.Duration, frame string) {
	r.t.Helper()
	r.clock = r.connected.Add(after)
	message := event(frame)
	message.RequestContext.ConnectedAt, message.RequestContext.RequestTimeEpoch = r.connected.UnixMilli(), r.clock.UnixMilli()
	if _, err := r.handler.Handle(r.t.Context(), message); err != nil {
		r.t.Fatal(err)
	}
}

// session is the charge point's, empty for none.
func (r *strayRig) session() chargepoint.Session {
	r.t.Helper()
	cp, err := r.chargePoints.Get(r.t.Context(), cp001)
	r.must(err)
	if cp.Session == nil {
		return chargepoint.Session{}
	}
	return *cp.Session
}

func (r *strayRig) drained() bool {
	return len(r.timers) == 1 && r.timers[0] == command.Timer{Kind: command.TimerDrain, ChargePointID: cp001, ConnectionID: "connection="}
}

// A second handshake that failed leaves the charge point with its first connection. Once the other one was found gone, a boot
// takes the session back, and so does the next sign of life; and the commands that wait are sent.
func TestABootTakesTheSessionBack(t *testing.T) {
	r := newStrayRig(t)
	r.foundGone(20 * time.Second)
	r.say(30*time.Second, strayBoot)
	want := chargepoint.Session{ConnectionID: "connection=", Protocol: "ocpp1.6", ConnectedAt: r.connected, Open: true}
	if got := r.session(); got != want || !r.drained() {
		t.Errorf("session %+v, want %+v; timers %+v", got, want, r.timers)
	}
}

func TestASignOfLifeTakesTheSessionBack(t *testing.T) {
	r := newStrayRig(t)
	r.foundGone(20 * time.Second)
	r.say(28*time.Minute, strayBeat)
	if r.writes.n != 0 {
		t.Fatalf("a heartbeat wrote %d times", r.writes.n)
	}
	r.say(30*time.Minute, strayBeat)
	want := chargepoint.Session{ConnectionID: "connection=", Protocol: "ocpp1.6", ConnectedAt: r.connected}
	if got := r.session(); got != want || !r.drained() {
		t.Errorf("session %+v, want %+v; timers %+v", got, want, r.timers)
	}
	r.writes.n = 0
	for after := 31 * time.Minute; after < 59*time.Minute; after += time.Minute {
		r.say(after, strayBeat)
	}
	if r.writes.n != 0 {
		t.Errorf("heartbeats of the session wrote %d times", r.writes.n)
	}
}

// While the other connection still holds the session nothing can be done. But the instance knows, and looks every minute.
func TestAStrayConnectionTriesAgainEveryMinute(t *testing.T) {
	r := newStrayRig(t)
	r.say(10*time.Second, strayBoot)
	if got := r.session(); got.ConnectionID != "never=" {
		t.Fatalf("session %+v", got)
	}
	r.writes.n = 0
	r.say(60*time.Second, strayBeat)
	if r.writes.n != 0 {
		t.Errorf("%d writes within the minute", r.writes.n)
	}
	r.say(71*time.Second, strayBeat)
	if got := r.session(); got.ConnectionID != "never=" || r.writes.n != 2 {
		t.Errorf("session %+v, %d writes", got, r.writes.n)
	}
	r.foundGone(80 * time.Second)
	r.say(132*time.Second, strayBeat)
	if got := r.session(); got.ConnectionID != "connection=" || !r.drained() {
		t.Errorf("session %+v, timers %+v", got, r.timers)
	}
	r.writes.n = 0
	r.say(20*time.Minute, strayBeat)
	if r.writes.n != 0 {
		t.Errorf("the session is looked after: %d writes", r.writes.n)
	}
}

func TestWhoDoesNotTakeTheSessionBack(t *testing.T) {
	for name, test := range map[string]struct {
		prepare func(*strayRig)
		frame   string
		after   time.Duration
		want    string
	}{
		"a newer connection holds the session": {func(r *strayRig) {
			_, err := r.chargePoints.Open(t.Context(), cp001, chargepoint.Session{ConnectionID: "newer=", Protocol: "ocpp1.6", ConnectedAt: r.connected.Add(time.Minute)})
			r.must(err)
		}, strayBoot, 2 * time.Minute, "newer="},
		"the message is older than the end": {func(r *strayRig) { r.foundGone(time.Minute) }, strayBoot, time.Minute, ""},
		"the answer found the connection gone": {func(r *strayRig) {
			r.foundGone(time.Minute)
			r.handler.Answers = goneAnswers{r}
		}, strayBoot, 2 * time.Minute, ""},
		"its heartbeat's answer found the connection gone": {func(r *strayRig) {
			r.foundGone(time.Minute)
			r.handler.Answers = goneAnswers{r}
		}, strayBeat, 30 * time.Minute, ""},
		"the message was not answered": {func(r *strayRig) { r.foundGone(time.Minute) }, `[3,"command",{}]`, 30 * time.Minute, ""},
		"the charge point was deleted": {func(r *strayRig) { r.must(r.chargePoints.Delete(t.Context(), cp001)) }, strayBoot, time.Minute, "deleted"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newStrayRig(t)
			test.prepare(r)
			r.say(test.after, test.frame)
			if test.want == "deleted" {
				if _, err := r.chargePoints.Get(t.Context(), cp001); !fault.Is(err, fault.NotFound) {
					t.Errorf("the row is back: %v", err)
				}
			} else if got := r.session(); got.ConnectionID != test.want {
				t.Errorf("session %+v, want %q", got, test.want)
			}
			if len(r.timers) != 0 {
				t.Errorf("timers %+v", r.timers)
			}
		})
	}
}
