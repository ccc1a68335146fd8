package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/metric"
)

// instances are those that Lambda runs of the function, each with a time of its own: what they do at once happens here one after the
// other, in the order in which it begins.
type instances struct {
	*rig
	all   []*instance
	frame string
	taken int // messages that were answered
}

type instance struct {
	Answers
	handler Handler
	takes   time.Duration // for a message
	now     time.Time
}

func (i *instance) Answer(ctx context.Context, connectionID string, frame []byte) error {
	i.now = i.now.Add(i.takes)
	return i.Answers.Answer(ctx, connectionID, frame)
}

func newInstances(t *testing.T, count int, takes time.Duration) *instances {
	s := &instances{rig: newRig(t), frame: `[2,"1","Heartbeat",{}]`}
	for range count {
		i := &instance{Answers: s.rig, takes: takes, now: s.clock}
		i.handler = Handler{
			Registry: s.chargePoints, Boots: s.chargePoints, Sessions: s.chargePoints, Loads: s.chargePoints, Tokens: s.tokens,
			Journal: s.rig, Timers: s.rig, Answers: i, HeartbeatInterval: 300 * time.Second, Now: func() time.Time { return i.now },
		}
		s.all = append(s.all, i)
	}
	return s
}

// send hands a message to an instance, and returns when it is free again.
func (s *instances) send(i *instance, at time.Time) (answered time.Time) {
	s.t.Helper()
	if i.now.Before(at) {
		i.now = at
	}
	message := event(s.frame)
	message.RequestContext.ConnectionID = s.connection
	message.RequestContext.ConnectedAt, message.RequestContext.RequestTimeEpoch = i.now.UnixMilli(), i.now.UnixMilli()
	posts, begun := len(s.posts), i.now
	if _, err := i.handler.Handle(s.t.Context(), message); err != nil {
		s.t.Fatal(err)
	}
	if len(s.posts) > posts {
		s.taken++
	}
	if i.now.Equal(begun) {
		i.now = i.now.Add(time.Millisecond) // Lambda needs that for what is dropped, too
	}
	return i.now
}

// flood sends as much as the instances take, until that time.
func (s *instances) flood(until time.Time) {
	s.t.Helper()
	for {
		next := slices.MinFunc(s.all, func(a, b *instance) int { return a.now.Compare(b.now) })
		if !next.now.Before(until) {
			return
		}
		s.send(next, next.now)
	}
}

// However fast it is, and to whichever instances its messages go: who waits for the answer is served.
// Specification: OCPP-J 1.6 section 4.1.1; OCPP 2.0.1 part 4 section 4.1.1.
func TestWhoWaitsIsNeverRefused(t *testing.T) {
	for _, test := range []struct {
		takes     time.Duration
		instances int
		skew      float64 // 1 is even
	}{
		{time.Millisecond / 2, 1, 1},
		{time.Millisecond / 2, 4, 1},
		{time.Millisecond / 2, 6, 4},
		{20 * time.Millisecond, 10, 3},
		{time.Second, 3, 2},
	} {
		s := newInstances(t, test.instances, test.takes)
		dice := rand.New(rand.NewPCG(1, uint64(test.takes)))
		at := s.clock
		const messages = 8 * floodBurst
		for range messages {
			which := 1.0
			for range int(test.skew) {
				which *= dice.Float64()
			}
			at = s.send(s.all[int(which*float64(test.instances))], at)
		}
		if s.taken != messages || len(s.closed) > 0 {
			t.Errorf("%+v: %d of %d messages were answered, closed %q", test, s.taken, messages, s.closed)
		}
	}
}

// What piled up while a charge point was offline may come all at once.
func TestABurstIsTaken(t *testing.T) {
	s := newInstances(t, 25, 25*time.Millisecond)
	s.flood(s.clock.Add(floodBurst / 25 * 25 * time.Millisecond))
	if s.taken != floodBurst || len(s.closed) > 0 {
		t.Errorf("%d of %d messages were answered, closed %q", s.taken, floodBurst, s.closed)
	}
}

// A flood is not served, whatever it consists of and however many instances it reaches, from soon after its beginning until it stops. Each
// connection on which it goes on is closed, by each instance once, and the log says so once.
func TestAFloodIsSlowedDownAndItsConnectionClosed(t *testing.T) {
	for _, test := range []struct {
		name, frame string
		instances   int
		takes       time.Duration
		within      time.Duration
	}{
		{"heartbeats", `[2,"1","Heartbeat",{}]`, 25, 25 * time.Millisecond, 4 * time.Second},
		{"meter values", `[2,"1","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"2026-03-01T12:00:00Z","sampledValue":[{"value":"1"}]}]}]`, 60, 30 * time.Millisecond, 4 * time.Second},
		{"no OCPP", `[2,"1","Heartbeat"`, 25, 25 * time.Millisecond, 3 * time.Second},
		{"results that nobody asked for", `[3,"1",{}]`, 2, 0, 5 * time.Second},
		{"few instances", `[2,"1","Heartbeat",{}]`, 4, time.Millisecond, 6 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newInstances(t, test.instances, test.takes)
			s.frame = test.frame
			var lines, metrics bytes.Buffer
			previous := slog.Default()
			slog.SetDefault(slog.New(slog.NewTextHandler(&lines, nil)))
			defer slog.SetDefault(previous)
			for _, i := range s.all {
				i.handler.Metrics = metric.New("S", &metrics, i.handler.Now)
			}
			begun := s.clock
			s.flood(begun.Add(test.within))
			if len(slices.Compact(slices.Clone(s.closed))) != 1 || s.closed[0] != s.connection {
				t.Fatalf("closed %q after %v, %d messages were answered", s.closed, test.within, s.taken)
			}
			t.Logf("%d messages were answered", s.taken)
			s.closed = nil
			taken := s.taken
			s.connection = "another connection=" // of the same charge point
			s.flood(begun.Add(test.within + 3*time.Second))
			if len(slices.Compact(slices.Clone(s.closed))) != 1 || s.closed[0] != s.connection {
				t.Errorf("the next connection: closed %q", s.closed)
			}
			// Each instance finds out by itself.
			if most := taken + test.instances*loadMessages/loadWary; s.taken > most {
				t.Errorf("%d messages were answered after it was noticed, want at most %d", s.taken-taken, most-taken)
			}
			if said := strings.Count(lines.String(), "the charge point floods"); said > 2*test.instances {
				t.Errorf("it was said %d times, want once for a connection and instance", said)
			}
			if !strings.Contains(metrics.String(), `"Excess":[1,`) {
				t.Errorf("the excess is not counted: %.300s", metrics.String())
			}
			s.frame = `[2,"1","Heartbeat",{}]`
			taken = s.taken
			if s.send(s.all[0], begun.Add(time.Minute)); s.taken != taken+1 {
				t.Error("when it has stopped it is not served")
			}
		})
	}
}

// The journal takes 300 messages a second of one charge point. One that does not wait, and is refused, floods soon. One that
// waits is not to blame: it is asked to repeat its message, however often.
func TestWhatTheJournalRefusesCounts(t *testing.T) {
	refusing := func(t *testing.T, count int) *instances {
		s := newInstances(t, count, 50*time.Millisecond)
		s.frame = `[2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]`
		s.journalErr = fault.New(fault.Throttled, "300 messages a second of one group")
		return s
	}
	s := refusing(t, 2)
	const messages = 2 * floodBurst
	for n, at := 0, s.clock; n < messages; n++ {
		at = s.send(s.all[n%2], at)
	}
	if s.taken != messages || len(s.closed) > 0 {
		t.Errorf("of one that waits %d of %d were answered, closed %q", s.taken, messages, s.closed)
	}
	if refused := strings.Count(fmt.Sprint(s.posts), "InternalError"); refused != s.taken {
		t.Errorf("%d of %d answers ask it to repeat the message", refused, s.taken)
	}
	s = refusing(t, 4)
	s.flood(s.clock.Add(5 * time.Second))
	if s.taken > floodBurst/2 || len(s.closed) == 0 {
		t.Errorf("of one that does not wait %d were answered, closed %q", s.taken, s.closed)
	}
}

func TestLoadsAreBounded(t *testing.T) {
	var m memory
	for n := range 3 * memoryLimit {
		m.worked(fmt.Sprint(n), true, time.Now(), time.Now())
	}
	if len(m.loads) > memoryLimit {
		t.Errorf("the loads of %d charge points are kept", len(m.loads))
	}
}
