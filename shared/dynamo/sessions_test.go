package dynamo

import (
	"fmt"
	"reflect"
	"testing"
	"unicode/utf8"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// registered returns a store with the charge point CP001.
func registered(t *testing.T) *ChargePoints {
	t.Helper()
	store := newChargePoints(t)
	must(t, store.Mirror(t.Context(), thing("A", 1, 0), chargepoint.Accepted))
	return store
}

func connection(id string, ms int) chargepoint.Session {
	return chargepoint.Session{ConnectionID: id, Protocol: "ocpp1.6", ConnectedAt: at(ms)}
}

func TestNewestConnectionWins(t *testing.T) {
	for _, test := range []struct {
		name       string
		there, new chargepoint.Session
		want       fault.Code
	}{
		{"newer", connection("a=", 10), connection("b=", 11), ""},
		{"older", connection("b=", 11), connection("a=", 10), fault.Stale},
		{"same millisecond and a greater id", connection("a=", 10), connection("b=", 10), ""},
		{"same millisecond and a lesser id", connection("b=", 10), connection("a=", 10), fault.Stale},
		{"the same once more", connection("a=", 10), connection("a=", 10), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			store := registered(t)
			before, err := store.Open(t.Context(), "CP001", test.there)
			must(t, err)
			if before.ID != "CP001" || before.Session != nil {
				t.Errorf("before the first connection: %+v", before)
			}
			before, err = store.Open(t.Context(), "CP001", test.new)
			wantFault(t, err, test.want)
			winner := test.there
			if test.want == "" {
				winner = test.new
				if before.Session == nil || *before.Session != test.there {
					t.Errorf("before: %+v, want %+v", before.Session, test.there)
				}
			}
			got, err := store.Get(t.Context(), "CP001")
			must(t, err)
			if got.Session == nil || *got.Session != winner {
				t.Errorf("session %+v, want %+v", got.Session, winner)
			}
		})
	}
}

func TestOpenOfAnUnknownChargePoint(t *testing.T) {
	store := newChargePoints(t)
	_, err := store.Open(t.Context(), "CP001", connection("a=", 0))
	wantFault(t, err, fault.NotFound)
	_, err = store.Get(t.Context(), "CP001")
	wantFault(t, err, fault.NotFound) // asking whether it exists did not make it
}

func TestOpenFreesTheTurnAndIsQuietAgain(t *testing.T) {
	store := registered(t)
	_, err := store.Open(t.Context(), "CP001", connection("a=", 0))
	must(t, err)
	must(t, store.OpenForCommands(t.Context(), "CP001", "a="))
	turn := chargepoint.Outstanding{CommandID: "c1", ConnectionID: "a=", Deadline: at(30_000)}
	must(t, store.Take(t.Context(), "CP001", turn))
	before, err := store.Open(t.Context(), "CP001", connection("b=", 1))
	must(t, err)
	if before.Outstanding == nil || !reflect.DeepEqual(*before.Outstanding, turn) || !before.Session.Open {
		t.Errorf("before: %+v %+v", before.Outstanding, before.Session)
	}
	got, err := store.Get(t.Context(), "CP001")
	must(t, err)
	if got.Outstanding != nil || got.Session.Open || !got.LastSeenAt.Equal(at(1)) {
		t.Errorf("after: %+v %+v", got, got.Session)
	}
}

func TestOpenRace(t *testing.T) {
	store := registered(t)
	errs := atOnce(20, func(i int) error {
		// Pairs share a millisecond: the id decides between them.
		_, err := store.Open(t.Context(), "CP001", connection(fmt.Sprintf("c%02d=", i), i/2))
		return err
	})
	if count(errs, "")+count(errs, fault.Stale) != 20 || errs[19] != nil {
		t.Errorf("errors %v", errs)
	}
	got, err := store.Get(t.Context(), "CP001")
	must(t, err)
	if got.Session.ConnectionID != "c19=" {
		t.Errorf("session %+v", got.Session)
	}
}

func TestClose(t *testing.T) {
	store := registered(t)
	_, err := store.Open(t.Context(), "CP001", connection("a=", 0))
	must(t, err)
	turn := chargepoint.Outstanding{CommandID: "c1", ConnectionID: "a=", Deadline: at(30_000)}
	must(t, store.Take(t.Context(), "CP001", turn))
	before, err := store.Close(t.Context(), "CP001", "a=", 1001, "Going away", at(500))
	must(t, err)
	if before.Session == nil || before.Outstanding == nil || !reflect.DeepEqual(*before.Outstanding, turn) {
		t.Errorf("before: %+v", before)
	}
	got, err := store.Get(t.Context(), "CP001")
	must(t, err)
	want := chargepoint.ChargePoint{
		ID: "CP001", ThingID: "A", ThingVersion: 1, RegisteredAt: at(0), Registration: chargepoint.Accepted,
		Protocol: "ocpp1.6", LastSeenAt: at(0), DisconnectedAt: at(500), DisconnectCode: 1001, DisconnectReason: "Going away",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	_, err = store.Close(t.Context(), "CP001", "a=", 1001, "Going away", at(500))
	wantFault(t, err, fault.Stale)
}

func TestLateCloseHarmsNothing(t *testing.T) {
	store := registered(t)
	for i, id := range []string{"a=", "b="} {
		_, err := store.Open(t.Context(), "CP001", connection(id, i))
		must(t, err)
	}
	before, err := store.Get(t.Context(), "CP001")
	must(t, err)
	_, err = store.Close(t.Context(), "CP001", "a=", 1006, "", at(9))
	wantFault(t, err, fault.Stale)
	_, err = store.Close(t.Context(), "CP404", "a=", 1006, "", at(9))
	wantFault(t, err, fault.Stale)
	wantFault(t, store.OpenForCommands(t.Context(), "CP001", "a="), fault.Stale)
	wantFault(t, store.Seen(t.Context(), "CP001", "a=", at(9)), fault.Stale)
	after, err := store.Get(t.Context(), "CP001")
	must(t, err)
	if !reflect.DeepEqual(before, after) {
		t.Errorf("before %+v\nafter  %+v", before, after)
	}
}

// However the opening of new connections and the end of old ones interleave, the newest stays.
func TestOpenAndCloseRace(t *testing.T) {
	store := registered(t)
	id := func(i int) string { return fmt.Sprintf("c%02d=", i) }
	errs := atOnce(20, func(i int) error {
		if _, err := store.Open(t.Context(), "CP001", connection(id(i), i)); err != nil {
			return err
		}
		if i == 19 {
			return nil
		}
		_, err := store.Close(t.Context(), "CP001", id(i), 1006, "", at(1000+i))
		return err
	})
	if errs[19] != nil || count(errs, "")+count(errs, fault.Stale) != 20 {
		t.Errorf("errors %v", errs)
	}
	got, err := store.Get(t.Context(), "CP001")
	must(t, err)
	if got.Session == nil || got.Session.ConnectionID != id(19) {
		t.Errorf("session %+v", got.Session)
	}
}

func TestSeenAndLongReason(t *testing.T) {
	store := registered(t)
	_, err := store.Open(t.Context(), "CP001", connection("a=", 0))
	must(t, err)
	must(t, store.Seen(t.Context(), "CP001", "a=", at(77)))
	reason := "x"
	for len(reason) < 200 {
		reason += "ü"
	}
	_, err = store.Close(t.Context(), "CP001", "a=", 1006, reason, at(99))
	must(t, err)
	got, err := store.Get(t.Context(), "CP001")
	must(t, err)
	if !got.LastSeenAt.Equal(at(77)) || len(got.DisconnectReason) != maxReason-1 || !utf8.ValidString(got.DisconnectReason) {
		t.Errorf("got %+v", got)
	}
}
