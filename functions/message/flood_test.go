package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/metric"
)

// sender hands messages to the handler at times of its own.
type sender struct {
	*rig
	frame string
	taken int // messages that were answered
}

// send hands over a message that came some time before it is the handler's turn.
func (s *sender) send(waited time.Duration) (answered bool) {
	s.t.Helper()
	message := event(s.frame)
	message.RequestContext.ConnectionID = s.connection
	message.RequestContext.RequestTimeEpoch = s.clock.Add(-waited).UnixMilli()
	before := len(s.posts)
	if _, err := s.handler.Handle(s.t.Context(), message); err != nil {
		s.t.Fatal(err)
	}
	if answered = len(s.posts) > before; answered {
		s.taken++
	}
	return answered
}

func newSender(t *testing.T) *sender {
	return &sender{rig: newRig(t), frame: `[2,"1","Heartbeat",{}]`}
}

// However fast it is: who waits for the answer is served.
// Specification: OCPP-J 1.6 section 4.1.1; OCPP 2.0.1 part 4 section 4.1.1.
func TestWhoWaitsIsNeverRefused(t *testing.T) {
	s := newSender(t)
	for range 20 * floodBurst {
		s.clock = s.clock.Add(time.Millisecond)
		if !s.send(0) {
			t.Fatalf("refused after %d messages", s.taken)
		}
	}
}

// An event that is sent again and again by hand, or by a benchmark, says nothing of what a charge point does.
func TestTheSameEventAgainIsNoFlood(t *testing.T) {
	s := newSender(t)
	received := s.clock
	for range 2 * floodBurst {
		s.clock = s.clock.Add(time.Millisecond)
		if !s.send(s.clock.Sub(received)) {
			t.Fatalf("refused after %d messages", s.taken)
		}
	}
}

// What piled up while a charge point was offline may come all at once.
func TestABurstIsTaken(t *testing.T) {
	s := newSender(t)
	for range floodBurst {
		s.clock = s.clock.Add(time.Millisecond)
		s.send(time.Second)
	}
	if s.taken != floodBurst || len(s.closed) > 0 {
		t.Errorf("%d of %d messages were answered, closed %q", s.taken, floodBurst, s.closed)
	}
}

// Beyond the burst it is served as many messages a second as the bucket fills with, whatever they are; each connection on which
// it goes on is closed, once, and the log says so once.
func TestAFloodIsSlowedDownAndItsConnectionClosed(t *testing.T) {
	for name, frame := range map[string]string{
		"heartbeats":   `[2,"1","Heartbeat",{}]`,
		"meter values": `[2,"1","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"2026-03-01T12:00:00Z","sampledValue":[{"value":"1"}]}]}]`,
		"no JSON":      `[2,"1","Heartbeat"`,
	} {
		t.Run(name, func(t *testing.T) {
			s := newSender(t)
			s.frame = frame
			var lines, metrics bytes.Buffer
			previous := slog.Default()
			slog.SetDefault(slog.New(slog.NewTextHandler(&lines, nil)))
			defer slog.SetDefault(previous)
			s.handler.Metrics = metric.New("S", &metrics, func() time.Time { return s.clock })

			const seconds, perSecond = 10, 1000
			for n := range seconds * perSecond {
				s.clock = s.clock.Add(time.Second / perSecond)
				if n == seconds*perSecond/2 {
					s.connection = "another connection=" // of the same charge point
				}
				s.send(time.Second)
			}
			const most = floodBurst + floodPerSecond*seconds + 1
			if s.taken > most || s.taken < floodBurst {
				t.Errorf("%d messages were taken, want at least %d and at most %d", s.taken, floodBurst, most)
			}
			if len(s.closed) != 2 || s.closed[0] != "connection=" || s.closed[1] != s.connection {
				t.Errorf("closed %q", s.closed)
			}
			if said := strings.Count(lines.String(), "the charge point floods"); said != 2 {
				t.Errorf("it was said %d times, want once for a connection", said)
			}
			if !strings.Contains(metrics.String(), `"Excess":[1,`) {
				t.Errorf("the excess is not counted: %.300s", metrics.String())
			}
			s.clock = s.clock.Add(time.Minute)
			if !s.send(0) {
				t.Error("a minute later it is not served")
			}
		})
	}
}

// The journal takes 300 messages a second of one charge point. One that does not wait, and is refused, floods soon. One that
// waits is not to blame: it is asked to repeat its message, however often.
func TestWhatTheJournalRefusesCounts(t *testing.T) {
	const messages = 10 * floodBurst / floodRefused
	for _, test := range []struct {
		name        string
		waited      time.Duration // in front of the handler
		least, most int           // that are answered
		closed      int
	}{
		{"who waits", 0, messages, messages, 0},
		{"who does not", 50 * time.Millisecond, floodBurst / floodRefused / 2, floodBurst/floodRefused + 1, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSender(t)
			s.frame = `[2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]`
			s.journalErr = fault.New(fault.Throttled, "300 messages a second of one group")
			for range messages {
				s.clock = s.clock.Add(20 * time.Millisecond)
				s.send(test.waited)
			}
			if s.taken < test.least || s.taken > test.most || len(s.closed) != test.closed {
				t.Errorf("%d of %d were answered, closed %q", s.taken, messages, s.closed)
			}
			if refused := fmt.Sprint(s.posts); strings.Count(refused, "InternalError") != s.taken {
				t.Errorf("answers %s", refused)
			}
		})
	}
}

func TestBucketsAreBounded(t *testing.T) {
	var m memory
	for n := range 3 * memoryLimit {
		m.floods(connection{ChargePointID: fmt.Sprint(n)}, time.Now())
	}
	if len(m.buckets) > memoryLimit {
		t.Errorf("%d buckets are kept", len(m.buckets))
	}
}
