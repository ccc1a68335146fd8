package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

// rig notes what the handler asks for. At CP500 it fails.
type rig struct {
	drained   []string
	deadlines []string
	abandoned []string
}

func (r *rig) Drained(ctx context.Context, timer command.Timer) error {
	switch timer.ChargePointID {
	case "panic":
		panic("nobody foresaw this")
	case "slow":
		<-ctx.Done()
		return ctx.Err()
	case "CP500":
		return fault.New(fault.Throttled, "the table is busy")
	}
	r.drained = append(r.drained, timer.ChargePointID)
	return nil
}

func (r *rig) Deadline(_ context.Context, timer command.Timer) error {
	r.deadlines = append(r.deadlines, timer.ChargePointID+"/"+timer.CommandID)
	return nil
}

func (r *rig) Abandoned(_ context.Context, timer command.Timer) error {
	r.abandoned = append(r.abandoned, timer.CommandID+" of "+timer.Deadline.Format(time.TimeOnly))
	return nil
}

func (r *rig) handler() *Handler {
	return &Handler{Dispatcher: r}
}

func batch(bodies ...string) (event events.SQSEvent) {
	for _, body := range bodies {
		event.Records = append(event.Records, events.SQSMessage{MessageId: body, Body: body})
	}
	return event
}

func TestTimers(t *testing.T) {
	for _, test := range []struct {
		name   string
		body   string
		want   rig
		failed bool
	}{
		{"deadline", `{"kind":"deadline","chargePointId":"CP001","commandId":"m1","connectionId":"c="}`, rig{deadlines: []string{"CP001/m1"}}, false},
		{"abandoned", `{"kind":"abandoned","chargePointId":"CP001","commandId":"m1","deadline":"2026-03-01T12:00:30Z"}`, rig{abandoned: []string{"m1 of 12:00:30"}}, false},
		{"abandoned nothing", `{"kind":"abandoned","chargePointId":"CP001"}`, rig{}, true},
		{"drain", `{"kind":"drain","chargePointId":"CP001"}`, rig{drained: []string{"CP001"}}, false},
		{"drain, table busy", `{"kind":"drain","chargePointId":"CP500"}`, rig{}, true},
		{"unknown kind", `{"kind":"alarm","chargePointId":"CP001"}`, rig{}, true},
		{"no charge point", `{"kind":"drain"}`, rig{}, true},
		{"deadline of nothing", `{"kind":"deadline","chargePointId":"CP001"}`, rig{}, true},
		{"no JSON", `hello`, rig{}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got rig
			response, err := got.handler().Handle(t.Context(), batch(test.body))
			if err != nil || (len(response.BatchItemFailures) == 1) != test.failed {
				t.Errorf("response %+v, %v; want a failure: %t", response, err, test.failed)
			}
			if !slices.Equal(got.drained, test.want.drained) || !slices.Equal(got.deadlines, test.want.deadlines) || !slices.Equal(got.abandoned, test.want.abandoned) {
				t.Errorf("did %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestOneBadRecordHarmsNoOther(t *testing.T) {
	for _, bad := range []string{`bad`, `{"kind":"drain","chargePointId":"panic"}`, `{"kind":"drain","chargePointId":"slow"}`} {
		synctest.Test(t, func(t *testing.T) {
			const timeout = 20 * time.Second
			ctx, cancel := context.WithTimeout(t.Context(), timeout)
			defer cancel()
			started := time.Now()
			var r rig
			response, err := r.handler().Handle(ctx, batch(`{"kind":"drain","chargePointId":"CP001"}`, bad, `{"kind":"drain","chargePointId":"CP003"}`))
			if err != nil || len(response.BatchItemFailures) != 1 || response.BatchItemFailures[0].ItemIdentifier != bad {
				t.Errorf("response %+v, %v", response, err)
			}
			if !slices.Equal(r.drained, []string{"CP001", "CP003"}) {
				t.Errorf("drained %q", r.drained)
			}
			if took := time.Since(started); took > timeout-timeToReturn {
				t.Errorf("it took %s of %s", took, timeout)
			}
		})
	}
}

func TestSampleEvents(t *testing.T) {
	var r rig
	for _, name := range []string{"sqs-timer-deadline.json", "sqs-timer-drain.json"} {
		sample, err := os.ReadFile(filepath.Join("..", "..", "events", name))
		if err != nil {
			t.Fatal(err)
		}
		var event events.SQSEvent
		if err := json.Unmarshal(sample, &event); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if response, err := r.handler().Handle(t.Context(), event); err != nil || len(response.BatchItemFailures) > 0 {
			t.Errorf("%s: %+v, %v", name, response, err)
		}
	}
	if len(r.deadlines) != 1 || len(r.drained) != 1 {
		t.Errorf("did %+v", r)
	}
}
