package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/report"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(dynamotest.Run(m))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// told notes what integrators are told, and fails to tell them.
type told []event.Event

func (t *told) Publish(_ context.Context, e event.Event) error {
	*t = append(*t, e)
	return fault.New(fault.Throttled, "too many events")
}

// timerList notes the timers that are set.
type timerList []command.Timer

func (l *timerList) After(_ context.Context, _ time.Duration, timer command.Timer) error {
	*l = append(*l, timer)
	return nil
}

// noTimers sets none.
type noTimers struct{}

func (noTimers) After(context.Context, time.Duration, command.Timer) error {
	return fault.New(fault.Throttled, "SQS is away")
}

// Nobody delivers the end of a connection again, but the function's metrics show that it was not dealt with.
func TestEndThatIsNotDealtWithIsAFailure(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 10, 0, 0, time.UTC)
	var way dynamotest.Trouble
	chargePoints := dynamo.NewChargePoints(way.Client(), dynamotest.Table(t, "ChargePointTable"))
	reports := dynamo.NewReports(dynamotest.Client(), dynamotest.Table(t, "ReportTable"))
	handler := &Handler{Sessions: chargePoints, Reports: reports, Timers: noTimers{}, Events: &told{}, Now: func() time.Time { return now }}
	must(t, chargePoints.Mirror(t.Context(), chargepoint.Thing{Name: "CP001", ID: "thing", Version: 1, At: now}, chargepoint.Accepted))
	_, err := chargePoints.Open(t.Context(), "CP001", chargepoint.Session{ConnectionID: "a=", Protocol: "ocpp1.6", ConnectedAt: now})
	must(t, err)
	must(t, chargePoints.Take(t.Context(), "CP001", chargepoint.Outstanding{CommandID: "c1", ConnectionID: "a=", Deadline: now}))
	var ended disconnected
	ended.RequestContext.ConnectionID, ended.RequestContext.Authorizer = "a=", map[string]any{"chargePointId": "CP001"}
	way.Fail(1)
	for _, what := range []string{"the session is not closed", "the command is not given up"} {
		if response, err := handler.Handle(t.Context(), ended); err == nil {
			t.Errorf("%s: %+v", what, response)
		}
	}
}

// Specification: OCPP 2.0.1 part 4 section 4.1.1.
func TestDisconnect(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 10, 0, 0, time.UTC)
	chargePoints := dynamo.NewChargePoints(dynamotest.Client(), dynamotest.Table(t, "ChargePointTable"))
	var told told
	timers := &timerList{}
	reports := dynamo.NewReports(dynamotest.Client(), dynamotest.Table(t, "ReportTable"))
	handler := &Handler{Sessions: chargePoints, Reports: reports, Timers: timers, Events: &told, Now: func() time.Time { return now }}
	must(t, chargePoints.Mirror(t.Context(), chargepoint.Thing{Name: "CP001", ID: "thing", Version: 1, At: now}, chargepoint.Accepted))
	_, err := chargePoints.Open(t.Context(), "CP001", chargepoint.Session{ConnectionID: "AbCdEfGhIjKlMnO=", Protocol: "ocpp1.6", ConnectedAt: now})
	must(t, err)
	must(t, chargePoints.Take(t.Context(), "CP001", chargepoint.Outstanding{CommandID: "c1", ConnectionID: "AbCdEfGhIjKlMnO=", Deadline: now}))
	sample, err := os.ReadFile(filepath.Join("..", "..", "events", "disconnect.json"))
	must(t, err)
	var ended disconnected
	must(t, json.Unmarshal(sample, &ended))
	end := func(connectionID string) chargepoint.ChargePoint {
		t.Helper()
		ended.RequestContext.ConnectionID = connectionID
		if response, err := handler.Handle(t.Context(), ended); err != nil || response.StatusCode != 200 {
			t.Fatalf("%+v %v", response, err)
		}
		cp, err := chargePoints.Get(t.Context(), "CP001")
		must(t, err)
		return cp
	}

	if cp := end("an older one="); cp.Session == nil || cp.Outstanding == nil {
		t.Errorf("the late end of an older connection cleared the session: %+v", cp)
	}
	for range 2 { // it may be delivered twice
		cp := end("AbCdEfGhIjKlMnO=")
		if cp.Session != nil || cp.Outstanding != nil || cp.DisconnectCode != 1006 || cp.DisconnectReason != "Connection closed abnormally" || !cp.DisconnectedAt.Equal(now) {
			t.Errorf("after the end: %+v", cp)
		}
	}
	if want := (timerList{{Kind: command.TimerAbandoned, ChargePointID: "CP001", CommandID: "c1", Deadline: now}}); !slices.Equal(*timers, want) {
		t.Errorf("timers %+v, want %+v: the command that waited for an answer has to be given up", *timers, want)
	}
	want := []event.Event{
		{Name: event.Disconnected, ID: "AbCdEfGhIjKlMnO=", ChargePointID: "CP001", At: now,
			Data: event.ConnectionEnd{ConnectionID: "AbCdEfGhIjKlMnO=", Code: 1006, Reason: "Connection closed abnormally"}},
	}
	if !reflect.DeepEqual([]event.Event(told), want) {
		t.Errorf("told %+v, want %+v", told, want)
	}
	ends, _, err := reports.List(t.Context(), "CP001", report.Disconnect, "", "", 10)
	must(t, err)
	const last = `{"connectionId":"AbCdEfGhIjKlMnO=","connectedAt":"2026-03-01T12:00:00Z","code":1006,"reason":"Connection closed abnormally"}`
	if len(ends) != 2 || !ends[0].At.Equal(now) || !slices.ContainsFunc(ends, func(r report.Report) bool { return string(r.Data) == last }) {
		t.Errorf("the history of connections is %+v", ends)
	}
	must(t, chargePoints.Delete(t.Context(), "CP001"))
	if response, err := handler.Handle(t.Context(), ended); err != nil || response.StatusCode != 200 {
		t.Errorf("the end of a deleted charge point's connection: %+v %v", response, err)
	}
}
