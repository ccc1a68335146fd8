package dynamo

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/uuid"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/dynamo/expression"
	"github.com/serverless-ocpp/backend/shared/fault"
)

func newChargePoints(t *testing.T) *ChargePoints {
	t.Helper()
	return NewChargePoints(dynamotest.Client(), dynamotest.Table(t, "ChargePointTable"))
}

func thing(id string, version int64, ms int) chargepoint.Thing {
	return chargepoint.Thing{Name: "CP001", ID: id, Version: version, At: at(ms)}
}

func TestMirror(t *testing.T) {
	type event struct {
		thing        chargepoint.Thing
		registration chargepoint.Registration
	}
	for _, test := range []struct {
		name        string
		events      []event
		wantThing   string
		wantVersion int64
		wantAt      int
		want        chargepoint.Registration
	}{
		{"created", []event{{thing("A", 1, 0), "Accepted"}}, "A", 1, 0, "Accepted"},
		{"repeated", []event{{thing("A", 1, 0), "Accepted"}, {thing("A", 1, 0), "Pending"}}, "A", 1, 0, "Accepted"},
		{"updated", []event{{thing("A", 1, 0), "Pending"}, {thing("A", 2, 9), "Accepted"}}, "A", 2, 0, "Pending"},
		{"updates out of order", []event{{thing("A", 3, 9), "Accepted"}, {thing("A", 2, 5), "Accepted"}}, "A", 3, 9, "Accepted"},
		{"looked up before its event", []event{{thing("A", 1, 50), "Accepted"}, {thing("A", 1, 3), "Accepted"}}, "A", 1, 50, "Accepted"},
		{"made again under the same name", []event{{thing("A", 7, 0), "Accepted"}, {thing("B", 1, 9), "Pending"}}, "B", 1, 9, "Pending"},
		{"late event of the older Thing", []event{{thing("B", 1, 9), "Pending"}, {thing("A", 7, 5), "Accepted"}}, "B", 1, 9, "Pending"},
	} {
		t.Run(test.name, func(t *testing.T) {
			store := newChargePoints(t)
			for _, event := range test.events {
				must(t, store.Mirror(t.Context(), event.thing, event.registration))
			}
			got, err := store.Get(t.Context(), "CP001")
			must(t, err)
			want := chargepoint.ChargePoint{ID: "CP001", ThingID: test.wantThing, ThingVersion: test.wantVersion, RegisteredAt: at(test.wantAt), Registration: test.want}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

func TestMirrorOfAnotherThingStartsALife(t *testing.T) {
	store := newChargePoints(t)
	fill(t, store)
	if row := stored(t, store.name, store.row("CP001").key); len(row) != reflect.TypeFor[chargePointItem]().NumField() {
		t.Fatalf("the row is not full: %v", slices.Sorted(maps.Keys(row)))
	}
	must(t, store.Mirror(t.Context(), thing("B", 1, 1_000_000), chargepoint.Accepted))
	row := stored(t, store.name, store.row("CP001").key)
	want := []string{"chargePointId", "registration", "thingId", "thingVersion", "timestamp"}
	if got := slices.Sorted(maps.Keys(row)); !slices.Equal(got, want) {
		t.Errorf("the new charge point has %v, want %v", got, want)
	}
	if got := row["timestamp"].(*types.AttributeValueMemberS).Value; got != "2026-03-01T12:16:40.000Z" {
		t.Errorf("timestamp %s", got)
	}
}

// fill gives a row every attribute, each of the longest value that OCPP, IoT and API Gateway allow.
func fill(t *testing.T, store *ChargePoints) {
	t.Helper()
	id := "CP001"
	must(t, store.Create(t.Context(), chargepoint.ChargePoint{
		ID: id, ThingID: "0f9b1f5e-8b0e-4b4e-9d39-1c7a2c0b9d11", ThingVersion: 1, RegisteredAt: at(0),
		Registration: chargepoint.Accepted, SecurityProfile: 3, Credential: chargepoint.Hash(chargepoint.NewKey()),
	}))
	session := func(connectionID string, ms int) chargepoint.Session {
		return chargepoint.Session{ConnectionID: connectionID, Protocol: "ocpp2.0.1", ConnectedAt: at(ms)}
	}
	_, err := store.Open(t.Context(), id, session("L0SM9cOFvHcCIhw=", 10))
	must(t, err)
	_, err = store.Close(t.Context(), id, "L0SM9cOFvHcCIhw=", 1001, strings.Repeat("é", 100), at(20))
	must(t, err)
	_, err = store.Open(t.Context(), id, session("L0SM9cOFvHcCIhx=", 30))
	must(t, err)
	_, err = store.Boot(t.Context(), id, at(40))
	must(t, err)
	// The boot of 1.6 is the longest: 2.x allows a longer vendor and a reason, and says nothing of the meter.
	must(t, store.DescribeBoot(t.Context(), id, chargepoint.Boot{
		VendorName: strings.Repeat("v", 20), Model: strings.Repeat("m", 20), SerialNumber: strings.Repeat("s", 25),
		FirmwareVersion: strings.Repeat("f", 50), ICCID: strings.Repeat("8", 20), IMSI: strings.Repeat("2", 20),
		MeterType: strings.Repeat("t", 25), MeterSerial: strings.Repeat("9", 25),
	}, at(40)))
	must(t, store.OpenForCommands(t.Context(), id, "L0SM9cOFvHcCIhx="))
	_, err = store.AddLoad(t.Context(), id, chargepoint.Load{Since: at(40), Messages: 100_000, Unasked: 100_000, Busy: time.Hour})
	must(t, err)
	must(t, store.Take(t.Context(), id, chargepoint.Outstanding{
		CommandID: "0199c6d3-0d2f-7c3a-8a51-5f0f6f1d2f3a", ConnectionID: "L0SM9cOFvHcCIhx=", Deadline: at(30_000),
		Asks: []string{"StatusNotification"}, Holder: "3w5e11264sgsf",
	}))
	must(t, store.SetValidation(t.Context(), id, chargepoint.Tolerant))
	for range chargepoint.MaxPendingKeys {
		key := chargepoint.PendingKey{Hash: chargepoint.Hash(chargepoint.NewKey()), CommandID: uuid.NewString()}
		must(t, store.Propose(t.Context(), id, key))
	}
	must(t, store.set(t.Context(), id, expression.Set(name("listVersion"), value(1<<31-1))))
}

// A write costs one unit per KB of the whole item, so the row must stay below it at its fullest.
func TestFullRowIsBelowOneKilobyte(t *testing.T) {
	store := newChargePoints(t)
	fill(t, store)
	row := stored(t, store.name, store.row("CP001").key)
	delete(row, "asked") // only while the charge point is not accepted, when it sends next to nothing
	for _, name := range []string{"loadSince", "loadMessages", "loadUnasked", "loadBusy"} {
		delete(row, name) // only once it has kept functions busy for seconds within a minute
	}
	delete(row, "pendingKeys") // only between a new key and the charge point's answer
	const idAtItsLongest = 48 - len("CP001")
	size := idAtItsLongest
	for name, value := range row {
		size += len(name) + sizeOf(value)
	}
	if t.Logf("the full row has %d bytes", size); size >= 1024 {
		t.Errorf("that is more than a write unit")
	}
}

// sizeOf is the size of a value by which DynamoDB bills (Developer Guide, "Item sizes and formats").
func sizeOf(v types.AttributeValue) int {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return len(v.Value)
	case *types.AttributeValueMemberN:
		return (len(v.Value)+1)/2 + 1
	case *types.AttributeValueMemberM:
		size := 3
		for name, value := range v.Value {
			size += 1 + len(name) + sizeOf(value)
		}
		return size
	}
	return 1
}

func TestForget(t *testing.T) {
	store := newChargePoints(t)
	must(t, store.Mirror(t.Context(), thing("B", 1, 0), chargepoint.Accepted))
	must(t, store.Forget(t.Context(), "CP001", "A"))
	if _, err := store.Get(t.Context(), "CP001"); err != nil {
		t.Fatalf("the end of an older Thing took the row: %v", err)
	}
	must(t, store.Forget(t.Context(), "CP001", "B"))
	_, err := store.Get(t.Context(), "CP001")
	wantFault(t, err, fault.NotFound)
	must(t, store.Forget(t.Context(), "CP001", "B"))
}

func TestCreate(t *testing.T) {
	created := chargepoint.ChargePoint{
		ID: "CP001", ThingID: "A", ThingVersion: 1, RegisteredAt: at(100),
		Registration: chargepoint.Pending, SecurityProfile: 2, Credential: "sha256$a$b",
	}
	for _, test := range []struct {
		name   string
		before func(t *testing.T, store *ChargePoints)
		want   fault.Code
	}{
		{"new", func(*testing.T, *ChargePoints) {}, ""},
		{"its event was faster", func(t *testing.T, store *ChargePoints) {
			must(t, store.Mirror(t.Context(), thing("A", 1, 101), chargepoint.Accepted))
		}, ""},
		{"row of a Thing that was deleted", func(t *testing.T, store *ChargePoints) {
			must(t, store.Mirror(t.Context(), thing("Z", 1, 50), chargepoint.Accepted))
		}, ""},
		{"row of a newer Thing", func(t *testing.T, store *ChargePoints) {
			must(t, store.Mirror(t.Context(), thing("Z", 1, 150), chargepoint.Accepted))
		}, fault.Conflict},
		{"created by a try whose answer was lost", func(t *testing.T, store *ChargePoints) {
			must(t, store.Create(t.Context(), created))
		}, ""},
		{"created already", func(t *testing.T, store *ChargePoints) {
			other := created
			other.Credential = "sha256$c$d"
			must(t, store.Create(t.Context(), other))
		}, fault.Conflict},
		{"connected already", func(t *testing.T, store *ChargePoints) {
			must(t, store.Mirror(t.Context(), thing("A", 1, 101), chargepoint.Accepted))
			_, err := store.Open(t.Context(), "CP001", chargepoint.Session{ConnectionID: "a=", ConnectedAt: at(102)})
			must(t, err)
		}, fault.Conflict},
	} {
		t.Run(test.name, func(t *testing.T) {
			store := newChargePoints(t)
			test.before(t, store)
			wantFault(t, store.Create(t.Context(), created), test.want)
			got, err := store.Get(t.Context(), "CP001")
			must(t, err)
			if test.want == "" && !reflect.DeepEqual(got, created) {
				t.Errorf("got  %+v\nwant %+v", got, created)
			}
		})
	}
}

// A charge point that is made without a key does not let in who has that of an earlier one of its name.
func TestCreateTakesNoKeyOver(t *testing.T) {
	store := newChargePoints(t)
	must(t, store.Mirror(t.Context(), thing("Z", 1, 50), chargepoint.Accepted))
	must(t, store.SetCredential(t.Context(), "CP001", "sha256$z$z"))
	must(t, store.SetSecurityProfile(t.Context(), "CP001", 3))
	created := chargepoint.ChargePoint{ID: "CP001", ThingID: "A", ThingVersion: 1, RegisteredAt: at(100), Registration: chargepoint.Pending}
	must(t, store.Create(t.Context(), created))
	if got, err := store.Get(t.Context(), "CP001"); err != nil || !reflect.DeepEqual(got, created) {
		t.Errorf("got  %+v, %v\nwant %+v", got, err, created)
	}
}

// Specification: A01.FR.06; A01.FR.07; A01.FR.08.
func TestCreateAtOnceHandsOutOneKey(t *testing.T) {
	store := newChargePoints(t)
	errs := atOnce(20, func(i int) error {
		return store.Create(t.Context(), chargepoint.ChargePoint{ID: "CP001", ThingID: "A", ThingVersion: 1, RegisteredAt: at(i), Credential: fmt.Sprintf("sha256$x$%d", i)})
	})
	if count(errs, "") != 1 || count(errs, fault.Conflict) != 19 {
		t.Errorf("errors %v", errs)
	}
}

func TestSettings(t *testing.T) {
	store := newChargePoints(t)
	for name, change := range map[string]func() error{
		"registration": func() error { return store.SetRegistration(t.Context(), "CP001", chargepoint.Rejected) },
		"credential":   func() error { return store.SetCredential(t.Context(), "CP001", "sha256$c$d") },
		"profile":      func() error { return store.SetSecurityProfile(t.Context(), "CP001", 2) },
		"no profile":   func() error { return store.SetSecurityProfile(t.Context(), "CP001", 0) },
		"no key":       func() error { return store.SetCredential(t.Context(), "CP001", "") },
	} {
		if err := change(); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s of a charge point that is not there: %v", name, err)
		}
	}
	must(t, store.Mirror(t.Context(), thing("A", 1, 0), chargepoint.Accepted))
	must(t, store.SetRegistration(t.Context(), "CP001", chargepoint.Rejected))
	must(t, store.SetCredential(t.Context(), "CP001", "sha256$c$d"))
	must(t, store.SetSecurityProfile(t.Context(), "CP001", 2))
	got, err := store.Get(t.Context(), "CP001")
	must(t, err)
	if got.Registration != chargepoint.Rejected || got.Credential != "sha256$c$d" || got.SecurityProfile != 2 {
		t.Errorf("got %+v", got)
	}
	must(t, store.SetCredential(t.Context(), "CP001", ""))
	must(t, store.SetSecurityProfile(t.Context(), "CP001", 0))
	if got, err = store.Get(t.Context(), "CP001"); err != nil || got.Credential != "" || got.SecurityProfile != 0 {
		t.Errorf("the key or the profile is still there: %+v, %v", got, err)
	}
	must(t, store.Delete(t.Context(), "CP001"))
	must(t, store.Delete(t.Context(), "CP001"))
	_, err = store.Get(t.Context(), "CP001")
	wantFault(t, err, fault.NotFound)
}

func TestTimesAreOfOneWidth(t *testing.T) {
	zone := time.FixedZone("", 2*60*60)
	for moment, want := range map[time.Time]string{
		time.Date(2026, 3, 1, 1, 30, 0, 1_999_999, zone):                  "2026-02-28T23:30:00.001Z",
		time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC):                      "2026-03-01T12:00:00.000Z",
		time.Date(0, 1, 1, 0, 0, 0, 0, zone):                              "0000-01-01T00:00:00.000Z",
		time.Date(9999, 12, 31, 23, 59, 59, 0, time.FixedZone("", -3600)): "9999-12-31T23:59:59.999Z",
	} {
		if got := formatTime(moment); got != want {
			t.Errorf("%v: %s, want %s", moment, got, want)
		}
	}
}

// The row is written with every sign of life: what a charge point says of itself does not make that dear.
func TestBootTextIsShortened(t *testing.T) {
	store := newChargePoints(t)
	fill(t, store)
	long := strings.Repeat("é", 1000)
	err := store.DescribeBoot(t.Context(), "CP001", chargepoint.Boot{VendorName: long, Model: "X1", FirmwareVersion: long, Reason: long}, at(60_000))
	if err != nil {
		t.Fatal(err)
	}
	got, err := store.Get(t.Context(), "CP001")
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Repeat("é", 100); got.Boot.VendorName != want || got.Boot.FirmwareVersion != want || got.Boot.Reason != want || got.Boot.Model != "X1" {
		t.Errorf("boot %+v", got.Boot)
	}
}
