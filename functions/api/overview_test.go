package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/cloudwatch"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/queue"
)

// letters are two dead letter queues.
type letters struct{ err error }

func (l letters) Count(context.Context) ([]queue.Letters, error) {
	return []queue.Letters{{Queue: "DeadLetterQueueForTimers", Messages: 3}, {Queue: "DeadLetterQueueForCampaigns"}}, l.err
}

// minutes are metrics: each series has its index plus ten in the minute before the last, or err.
type minutes struct {
	err   error
	reads int
}

func (m *minutes) Read(_ context.Context, series []cloudwatch.Series, _, to time.Time, period time.Duration) ([]map[time.Time]float64, error) {
	m.reads++
	found := make([]map[time.Time]float64, len(series))
	for i := range found {
		found[i] = map[time.Time]float64{to.Add(-2 * period): float64(10 + i)}
	}
	return found, m.err
}

func TestOverview(t *testing.T) {
	r := newRig(t)
	now := time.Now()
	r.api.Now = func() time.Time { return now }
	r.must(r.api.Messages.(*dynamo.Messages).PutRefused(t.Context(), "NOBODY", now, "c=", 404, "Charge Point NOBODY not registered as an IoT Thing", ""))
	c := command.Command{ChargePointID: "CP16", ID: "late", Action: "Reset", Payload: json.RawMessage(`{"type":"Soft"}`), Protocol: "ocpp1.6", Origin: command.OriginHTTP, State: command.Queued, CreatedAt: now, ExpiresAt: now}
	r.must(r.api.Commands.Create(t.Context(), c))
	_, err := r.api.Commands.Apply(t.Context(), "CP16", "late", command.Outcome{Event: command.EventExpire, At: now})
	r.must(err)

	var got overviewView
	r.must(json.Unmarshal([]byte(r.do("GET", "/overview", "").want(http.StatusOK).text), &got))
	if len(got.FailedCommands) != 1 || got.FailedCommands[0].CommandID != "late" || got.FailedCommands[0].State != command.Expired {
		t.Errorf("failed commands %+v", got.FailedCommands)
	}
	if len(got.RefusedConnections) != 1 || got.RefusedConnections[0].ChargePointID != "NOBODY" || got.RefusedConnections[0].Status != 404 {
		t.Errorf("refused connections %+v", got.RefusedConnections)
	}
	if len(got.DeadLetters) != 2 || got.DeadLetters[0].Messages != 3 {
		t.Errorf("dead letters %+v", got.DeadLetters)
	}
	if got.Traffic == nil || len(got.Traffic.Periods) != 60 || got.Traffic.PeriodSeconds != 60 {
		t.Fatalf("traffic %+v", got.Traffic)
	}
	told := got.Traffic.Periods[58]
	if told.Messages != 10 || told.Errors != 0 || told.RefusedConnections != 16 || told.Connected == nil || *told.Connected != 17 || got.Traffic.Periods[57].Connected != nil {
		t.Errorf("period %+v", told)
	}
}

// However often it is asked, the metrics are read once in two minutes.
func TestTrafficIsRemembered(t *testing.T) {
	metrics := &minutes{}
	traffic, now := &Traffic{Metrics: metrics}, time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		after time.Duration
		reads int
	}{{0, 1}, {time.Minute, 1}, {119 * time.Second, 1}, {2 * time.Minute, 2}, {3 * time.Minute, 2}} {
		if found, err := traffic.latest(t.Context(), now.Add(test.after)); err != nil || found == nil || metrics.reads != test.reads {
			t.Errorf("after %v: %d reads, want %d: %v", test.after, metrics.reads, test.reads, err)
		}
	}
}

// Without metrics the rest is told; without the rest there is no overview.
func TestOverviewLacksWhatCannotBeRead(t *testing.T) {
	r := newRig(t)
	r.api.Traffic = &Traffic{Metrics: &minutes{err: errors.New("no")}}
	var got overviewView
	r.must(json.Unmarshal([]byte(r.do("GET", "/overview", "").want(http.StatusOK).text), &got))
	if got.Traffic != nil || len(got.DeadLetters) != 2 || got.FailedCommands == nil || got.RefusedConnections == nil {
		t.Errorf("got %+v", got)
	}
	r.api.Incidents.DeadLetters = letters{err: errors.New("no")}
	r.do("GET", "/overview", "").want(http.StatusInternalServerError)
}
