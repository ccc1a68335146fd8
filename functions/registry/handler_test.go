package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/fault"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(dynamotest.Run(m))
}

// things is IoT Core's registry: what a look-up finds.
type things map[string]chargepoint.Thing

func (t things) Describe(_ context.Context, name string) (chargepoint.Thing, error) {
	if thing, ok := t[name]; ok {
		return thing, nil
	}
	return chargepoint.Thing{}, fault.New(fault.NotFound, "there is no IoT Thing %s", name)
}

const noon = int64(1772366400000)

func event(operation, thingID string, version int64) Event {
	return Event{Operation: operation, ThingName: "CP001", ThingID: thingID, VersionNumber: version, Timestamp: noon + version*1000}
}

func newHandler(t *testing.T, known things) (*Handler, *dynamo.ChargePoints) {
	t.Helper()
	store := dynamo.NewChargePoints(dynamotest.Client(), dynamotest.Table(t, "ChargePointTable"))
	connectors := dynamo.NewConnectors(dynamotest.Client(), dynamotest.Table(t, "ConnectorTable"))
	return &Handler{Registry: store, Connectors: connectors, Things: known, Registration: chargepoint.Pending}, store
}

// A connector that is faulted is no trouble of anybody's when its charge point is deleted; one of a charge point that was made under
// the same name since is.
func TestConnectorsEndWithTheirThing(t *testing.T) {
	handler, _ := newHandler(t, alive("B", 60))
	connectors := handler.Connectors.(*dynamo.Connectors)
	at := func(seconds int) time.Time { return time.UnixMilli(noon).Add(time.Duration(seconds) * time.Second) }
	for connector, received := range map[string]int{"1": 10, "2": 61} {
		if err := connectors.Put(t.Context(), chargepoint.Connector{ChargePointID: "CP001", Connector: connector, Status: "Faulted", ReceivedAt: at(received)}); err != nil {
			t.Fatal(err)
		}
	}
	for _, connector := range []string{"2", "3"} { // 3 is an EVSE without a status
		if _, _, err := connectors.Occupy(t.Context(), "CP001", connector, "TX", at(10)); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if err := handler.Handle(t.Context(), event("DELETED", "A", 50)); err != nil {
			t.Fatal(err)
		}
	}
	if left, err := connectors.List(t.Context(), "CP001"); err != nil || len(left) != 1 || left[0].Connector != "2" {
		t.Errorf("left are %+v, %v", left, err)
	}
}

// alive is what a look-up finds of a Thing that was made n seconds after noon.
func alive(thingID string, n int) things {
	return things{"CP001": {Name: "CP001", ID: thingID, Version: 1, At: time.UnixMilli(noon).Add(time.Duration(n) * time.Second)}}
}

func TestThingEvents(t *testing.T) {
	for _, test := range []struct {
		name   string
		known  things
		events []Event
		want   string // id of the Thing in the row; "" for no row
	}{
		{"created", alive("A", 1), []Event{event("CREATED", "A", 1)}, "A"},
		{"created twice", alive("A", 1), []Event{event("CREATED", "A", 1), event("CREATED", "A", 1)}, "A"},
		{"the update first", alive("A", 1), []Event{event("UPDATED", "A", 2), event("CREATED", "A", 1)}, "A"},
		{"deleted", nil, []Event{event("CREATED", "A", 1), event("DELETED", "A", 1)}, ""},
		{"the deletion first", nil, []Event{event("DELETED", "A", 2), event("UPDATED", "A", 2), event("CREATED", "A", 1)}, ""},
		{"deleted twice", nil, []Event{event("DELETED", "A", 1), event("DELETED", "A", 1)}, ""},
		{"made again", alive("B", 60), []Event{event("CREATED", "A", 1), event("DELETED", "A", 1), event("CREATED", "B", 60)}, "B"},
		{"made again, the old deletion last", alive("B", 60), []Event{event("CREATED", "B", 60), event("CREATED", "A", 1), event("DELETED", "A", 1)}, "B"},
		{"made again, known from the old one's event alone", alive("B", 60), []Event{event("UPDATED", "A", 2)}, "B"},
	} {
		t.Run(test.name, func(t *testing.T) {
			handler, store := newHandler(t, test.known)
			for _, event := range test.events {
				if err := handler.Handle(t.Context(), event); err != nil {
					t.Fatal(err)
				}
			}
			wantThing(t, store, test.want)
		})
	}
}

func wantThing(t *testing.T, store *dynamo.ChargePoints, want string) {
	t.Helper()
	cp, err := store.Get(t.Context(), "CP001")
	if want == "" {
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("row %+v, %v; want none", cp, err)
		}
		return
	}
	if err != nil || cp.ThingID != want || cp.Registration != chargepoint.Pending {
		t.Errorf("row %+v, %v; want Thing %s, Pending", cp, err, want)
	}
}

func TestAnyOrderEndsAlike(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	all := []Event{event("CREATED", "A", 1), event("UPDATED", "A", 2), event("DELETED", "A", 3), event("CREATED", "B", 4), event("UPDATED", "B", 5)}
	for range 20 {
		handler, store := newHandler(t, alive("B", 4))
		events := append(append([]Event(nil), all...), all[random.IntN(len(all))])
		random.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
		for _, event := range events {
			if err := handler.Handle(t.Context(), event); err != nil {
				t.Fatal(err)
			}
		}
		wantThing(t, store, "B")
	}
}

func TestEventsThatCannotBeApplied(t *testing.T) {
	handler, store := newHandler(t, nil)
	nameless, unknown, impossible := event("CREATED", "A", 1), event("RENAMED", "A", 1), event("CREATED", "A", 1)
	nameless.ThingName = ""
	impossible.ThingName = "a name of a Thing that is no charge point"
	for _, broken := range []Event{nameless, unknown, {}} {
		if err := handler.Handle(t.Context(), broken); !fault.Is(err, fault.Malformed) {
			t.Errorf("%+v: got %v, want a fault.Malformed", broken, err)
		}
	}
	if err := handler.Handle(t.Context(), impossible); err != nil {
		t.Errorf("a Thing that is something else is no failure: %v", err)
	}
	wantThing(t, store, "")
}

func TestALookUpThatFailsIsRetried(t *testing.T) {
	handler, _ := newHandler(t, nil)
	handler.Things = broken{}
	if err := handler.Handle(t.Context(), event("CREATED", "A", 1)); !errors.Is(err, errLookUp) {
		t.Errorf("got %v, want %v", err, errLookUp)
	}
}

// An event whose handler fails comes again, so none may fail unseen.
func TestAnyCallMayFail(t *testing.T) {
	for _, test := range []struct {
		known things
		event Event
		calls int
	}{
		{alive("A", 1), event("CREATED", "A", 1), 1},
		{alive("B", 60), event("UPDATED", "A", 2), 2},
		{nil, event("CREATED", "A", 1), 2},
		{nil, event("DELETED", "A", 1), 2},
	} {
		for n := 1; n <= test.calls; n++ {
			var way dynamotest.Trouble
			client := way.Client()
			handler := &Handler{
				Registry: dynamo.NewChargePoints(client, dynamotest.Table(t, "ChargePointTable")), Things: test.known, Registration: chargepoint.Accepted,
				Connectors: dynamo.NewConnectors(client, dynamotest.Table(t, "ConnectorTable")),
			}
			way.Fail(n)
			if err := handler.Handle(t.Context(), test.event); err == nil {
				t.Errorf("%+v: call %d failed, and the event does not come again", test.event, n)
			}
		}
	}
}

var errLookUp = errors.New("IoT Core is away")

type broken struct{}

func (broken) Describe(context.Context, string) (chargepoint.Thing, error) {
	return chargepoint.Thing{}, errLookUp
}

func TestSampleEvents(t *testing.T) {
	const thingID = "b604f69c-aa9a-4d4a-829e-c480e958a0b5"
	handler, store := newHandler(t, alive(thingID, 0))
	for _, step := range []struct{ name, want string }{
		{"iot-thing-created.json", thingID},
		{"iot-thing-updated.json", thingID},
		{"iot-thing-deleted.json", ""},
	} {
		sample, err := os.ReadFile(filepath.Join("..", "..", "events", step.name))
		if err != nil {
			t.Fatal(err)
		}
		var event Event
		if err := json.Unmarshal(sample, &event); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if err := handler.Handle(t.Context(), event); err != nil {
			t.Errorf("%s: %v", step.name, err)
		}
		wantThing(t, store, step.want)
	}
}
