package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/event/eventtest"
	"github.com/serverless-ocpp/backend/shared/fault"
)

func TestMain(m *testing.M) { os.Exit(dynamotest.Run(m)) }

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// rig is the handler on real tables. CP001 speaks 1.6 and is connected; CP002 spoke 2.0.1 and is
// offline; CP003 never connected; CP004 is Rejected.
type rig struct {
	*testing.T
	handler  *Handler
	commands *dynamo.Commands
	log      bytes.Buffer
	posts    []string
	told     []event.Event
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{T: t}
	previous := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&r.log, nil)))
	t.Cleanup(func() { slog.SetDefault(previous) })

	now := func() time.Time { return noon }
	store := dynamo.NewChargePoints(dynamotest.Client(), dynamotest.Table(t, "ChargePointTable"))
	r.commands = dynamo.NewCommands(dynamotest.Client(), dynamotest.Table(t, "CommandTable"))
	dispatcher := &command.Dispatcher{
		Registry: store, Sessions: store, Turns: store, Keys: store, Commands: r.commands, Timers: r, Connections: r, Mirror: r, Now: now,
	}
	r.handler = &Handler{Registry: store, Commands: r.commands, Dispatcher: dispatcher, Events: r, Now: now}
	for id, registration := range map[string]chargepoint.Registration{
		"CP001": chargepoint.Accepted, "CP002": chargepoint.Accepted, "CP003": chargepoint.Accepted, "CP004": chargepoint.Rejected,
	} {
		r.must(store.Mirror(t.Context(), chargepoint.Thing{Name: id, ID: id, Version: 1, At: noon}, registration))
	}
	for id, protocol := range map[string]string{"CP001": "ocpp1.6", "CP002": "ocpp2.0.1", "CP004": "ocpp1.6"} {
		_, err := store.Open(t.Context(), id, chargepoint.Session{ConnectionID: id, Protocol: protocol, ConnectedAt: noon, Open: true})
		r.must(err)
	}
	_, err := store.Close(t.Context(), "CP002", "CP002", 1001, "Going away", noon)
	r.must(err)
	return r
}

func (r *rig) must(err error) {
	if err != nil {
		r.Helper()
		r.Fatal(err)
	}
}

func (r *rig) After(context.Context, time.Duration, command.Timer) error { return nil }

func (r *rig) Post(_ context.Context, connection string, frame []byte) error {
	r.posts = append(r.posts, connection+" "+string(frame))
	return nil
}

func (r *rig) Out(_ context.Context, id string, _ []byte) error {
	r.Errorf("the integrator's own message is published once more on %s/out", id)
	return nil
}

// Publish takes events that are as integrators are promised.
func (r *rig) Publish(_ context.Context, e event.Event) error {
	eventtest.Check(r.T, e)
	r.told = append(r.told, e)
	return nil
}

const reset = `[2,"m1","Reset",{"type":"Soft"}]`

// Lambda invokes the function hours later when the account ran as many as it may.
func TestCallThatComesTooLateIsNotSent(t *testing.T) {
	for _, test := range []struct {
		publishedAt time.Time
		sent        bool
	}{
		{noon.Add(time.Second), true},      // AWS IoT has a clock of its own
		{noon.Add(-4 * time.Minute), true}, // two tries had failed
		{noon.Add(-6 * time.Minute), false},
		{noon.Add(-5 * time.Hour), false},
	} {
		r := newRig(t)
		r.must(r.handler.Handle(t.Context(), Event{Message: json.RawMessage(reset), ChargePointID: "CP001", PublishedAt: float64(test.publishedAt.UnixMilli())}))
		if sent := len(r.posts) == 1; sent != test.sent {
			t.Errorf("published at %s: posted %q", test.publishedAt, r.posts)
		}
		if test.sent {
			continue
		}
		if len(r.told) != 1 || r.told[0].Data.(event.Command).State != string(command.Expired) || !strings.Contains(r.told[0].Data.(event.Command).ErrorDescription, "too late") {
			t.Errorf("published at %s: told %+v", test.publishedAt, r.told)
		}
	}
}

func TestCallIsSent(t *testing.T) {
	r := newRig(t)
	for range 2 { // the second is a repetition
		r.must(r.handler.Handle(t.Context(), Event{Message: json.RawMessage(reset), ChargePointID: "CP001"}))
	}
	if want := []string{"CP001 " + reset}; !slices.Equal(r.posts, want) {
		t.Errorf("posted %q, want %q", r.posts, want)
	}
	c, err := r.commands.Get(t.Context(), "CP001", "m1")
	r.must(err)
	if c.State != command.Sent || c.Origin != command.OriginMQTT || !c.ExpiresAt.Equal(noon.Add(time.Minute)) || c.Timeout != command.DefaultTimeout {
		t.Errorf("%+v", c)
	}
}

func TestCallWaitsForAReconnect(t *testing.T) {
	r := newRig(t)
	r.must(r.handler.Handle(t.Context(), Event{Message: json.RawMessage(`[2,"m1","Reset",{"type":"OnIdle"}]`), ChargePointID: "CP002"}))
	c, err := r.commands.Get(t.Context(), "CP002", "m1")
	if err != nil || c.State != command.Queued || c.Protocol != "ocpp2.0.1" {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestARepetitionSendsWhatWasLeftBehind(t *testing.T) {
	r := newRig(t)
	left := command.Command{
		ChargePointID: "CP001", ID: "m1", Action: "Reset", Payload: json.RawMessage(`{"type":"Soft"}`), Protocol: "ocpp1.6", Origin: command.OriginMQTT,
		State: command.Queued, CreatedAt: noon, ExpiresAt: noon.Add(time.Minute), Timeout: command.DefaultTimeout,
	}
	r.must(r.commands.Create(t.Context(), left))
	r.must(r.handler.Handle(t.Context(), Event{Message: json.RawMessage(reset), ChargePointID: "CP001"}))
	if len(r.posts) != 1 {
		t.Errorf("posted %q", r.posts)
	}
}

func TestOurOwnCommandIsKnown(t *testing.T) {
	r := newRig(t)
	own := command.Command{
		ChargePointID: "CP001", ID: "m1", Action: "Reset", Payload: json.RawMessage(`{"type":"Soft"}`), Protocol: "ocpp1.6", Origin: command.OriginHTTP,
		State: command.Sent, CreatedAt: noon, ExpiresAt: noon.Add(time.Minute), Timeout: command.DefaultTimeout,
	}
	r.must(r.commands.Create(t.Context(), own))
	r.must(r.handler.Handle(t.Context(), Event{Message: json.RawMessage(reset), ChargePointID: "CP001"}))
	if len(r.posts) != 0 || r.log.Len() != 0 {
		t.Errorf("posted %q, logged %s", r.posts, r.log.String())
	}
}

// An integrator that gives each CALL the id 1 must be able to find out why only the first is sent.
func TestAnIDIsForOneCall(t *testing.T) {
	for _, other := range []string{`[2,"m1","ClearCache",{}]`, `[2,"m1","Reset",{"type":"Hard"}]`} {
		r := newRig(t)
		r.must(r.handler.Handle(t.Context(), Event{Message: json.RawMessage(reset), ChargePointID: "CP001"}))
		r.log.Reset()
		r.must(r.handler.Handle(t.Context(), Event{Message: json.RawMessage(other), ChargePointID: "CP001"}))
		if len(r.told) != 0 {
			t.Errorf("told %+v, which the CALL that has the id would be taken for", r.told)
		}
		if line := r.log.String(); len(r.posts) != 1 || !strings.Contains(line, "level=WARN") || !strings.Contains(line, "each CALL needs an id of its own") {
			t.Errorf("posted %q, logged %s", r.posts, line)
		}
	}
}

func TestDroppedCalls(t *testing.T) {
	for _, test := range []struct {
		name, chargePointID, message string
		says                         string
		told                         bool // whoever published it can be told under its message id
	}{
		{"no array", "CP001", `{"type":"Soft"}`, "malformed", false},
		{"nothing", "CP001", ``, "malformed", false},
		{"a result", "CP001", `[3,"m1",{}]`, "not a CALL", false},
		{"a long id", "CP001", `[2,"` + strings.Repeat("x", 37) + `","Reset",{"type":"Soft"}]`, "longer than 36", false},
		{"off schema", "CP001", `[2,"m1","Reset",{"type":"Perhaps"}]`, "/type", true},
		{"a field twice", "CP001", `[2,"m1","Reset",{"type":"Hard","type":"Soft"}]`, "/type is given twice", true},
		{"unknown action", "CP001", `[2,"m1","Explode",{}]`, "no such action", true},
		{"the wrong direction", "CP001", `[2,"m1","Heartbeat",{}]`, "not to them", true},
		{"another version", "CP002", reset, "/type", true},
		{"a key of 1.6", "CP001", `[2,"m1","ChangeConfiguration",{"key":"AuthorizationKey","value":"` + strings.Repeat("5e", 20) + `"}]`, "/charge-points/CP001/key-rotation", true},
		{"a key of 2.0.1", "CP002", `[2,"m1","SetVariables",{"setVariableData":[{"attributeValue":"5e5e5e5e5e5e5e5e","component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}}]}]`, "key-rotation", true},
		{"never connected", "CP003", reset, "never connected", true},
		{"rejected", "CP004", reset, "is Rejected", true},
		{"no charge point", "", reset, "cannot name a charge point", false},
		{"unknown charge point", "CP404", reset, "not registered as an IoT Thing", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			r.must(r.handler.Handle(t.Context(), Event{Message: json.RawMessage(test.message), ChargePointID: test.chargePointID}))
			if len(r.posts) != 0 {
				t.Errorf("posted %q", r.posts)
			}
			switch {
			case !test.told && len(r.told) != 0:
				t.Errorf("told %+v", r.told)
			case test.told && len(r.told) != 1:
				t.Errorf("told %d events, want one", len(r.told))
			case test.told:
				end := r.told[0].Data.(event.Command)
				if r.told[0].ChargePointID != test.chargePointID || end.CommandID != "m1" || end.State != "expired" || !strings.Contains(end.ErrorDescription, test.says) {
					t.Errorf("told %+v, want why with %q", r.told[0], test.says)
				}
			}
			line := r.log.String()
			if strings.Contains(line, "5e5e5e") {
				t.Errorf("the key is in the log: %s", line)
			}
			if strings.Count(line, "\n") != 1 || !strings.Contains(line, "level=WARN") || !strings.Contains(line, test.says) || !strings.Contains(line, "chargePointId="+test.chargePointID) {
				t.Errorf("want one WARN line about %s with %q, got %s", test.chargePointID, test.says, line)
			}
			if !test.told {
				return
			}
			if kept, err := r.commands.Get(t.Context(), test.chargePointID, "m1"); err == nil && strings.Contains(string(kept.Payload), "5e5e5e") {
				t.Errorf("the key is in the record: %s", kept.Payload)
			}
			r.must(r.handler.Handle(t.Context(), Event{Message: json.RawMessage(test.message), ChargePointID: test.chargePointID})) // it is delivered twice
			if len(r.told) != 2 {
				t.Errorf("delivered again, it counts as another: told %d events", len(r.told))
			}
		})
	}
}

// What was told of a CALL stays true when it is delivered once more, after what was wrong has changed.
func TestDroppedCallHasOneEnd(t *testing.T) {
	const start = `[2,"m1","RemoteStartTransaction",{"idTag":"TAG"}]`
	r := newRig(t)
	r.must(r.handler.Handle(t.Context(), Event{Message: json.RawMessage(start), ChargePointID: "CP003"}))
	_, err := r.handler.Registry.(*dynamo.ChargePoints).Open(t.Context(), "CP003", chargepoint.Session{ConnectionID: "c=", Protocol: "ocpp1.6", ConnectedAt: noon, Open: true})
	r.must(err)
	r.handler.Now = func() time.Time { return noon.Add(time.Minute) }
	r.must(r.handler.Handle(t.Context(), Event{Message: json.RawMessage(start), ChargePointID: "CP003"}))
	if len(r.posts) != 0 || len(r.told) != 2 || !r.told[1].Again {
		t.Fatalf("posted %q, told %+v", r.posts, r.told)
	}
	if r.told[1].Again = false; !reflect.DeepEqual(r.told[0], r.told[1]) {
		t.Errorf("told %+v", r.told)
	}
	c, err := r.commands.Get(t.Context(), "CP003", "m1")
	if err != nil || c.State != command.Expired || !strings.Contains(c.ErrorDescription, "never connected") {
		t.Errorf("the record is %+v, %v", c, err)
	}
	if starts, err := r.commands.RemoteStarts(t.Context(), "CP003"); err != nil || len(starts) != 0 {
		t.Errorf("a transaction may be taken for its own: %+v, %v", starts, err)
	}
}

func TestStorageFailuresAreRetried(t *testing.T) {
	r := newRig(t)
	r.handler.Registry = broken{}
	if err := r.handler.Handle(t.Context(), Event{Message: json.RawMessage(reset), ChargePointID: "CP001"}); !fault.Is(err, fault.Throttled) {
		t.Errorf("got %v, want a fault.Throttled", err)
	}
	if !strings.Contains(r.log.String(), "level=ERROR") {
		t.Errorf("logged %s", r.log.String())
	}
}

type broken struct{}

func (broken) Get(context.Context, string) (chargepoint.ChargePoint, error) {
	return chargepoint.ChargePoint{}, fault.Wrap(fault.Throttled, errors.New("throughput exceeded"), "the table is busy")
}

func TestSampleEvent(t *testing.T) {
	r := newRig(t)
	sample, err := os.ReadFile(filepath.Join("..", "..", "events", "iot-out-call.json"))
	r.must(err)
	var event Event
	r.must(json.Unmarshal(sample, &event))
	r.must(r.handler.Handle(t.Context(), event))
	if len(r.posts) != 1 || !strings.HasPrefix(r.posts[0], `CP001 [2,"0195a1c4-7f1e-7c3a-9b0e-2f6d1c5e8a01","Reset"`) {
		t.Errorf("posted %q", r.posts)
	}
}
