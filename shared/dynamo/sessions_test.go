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
		{"newer and a lesser id", connection("b=", 10), connection("a=", 11), ""},
		{"older", connection("b=", 11), connection("a=", 10), fault.Stale},
		{"older and a greater id", connection("a=", 11), connection("b=", 10), fault.Stale},
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

	_, err = store.Open(t.Context(), "CP001", connection("b=", 600))
	must(t, err)
	_, err = store.Close(t.Context(), "CP001", "b=", 1006, "", at(700))
	must(t, err)
	if got, err := store.Get(t.Context(), "CP001"); err != nil || got.DisconnectReason != "" {
		t.Errorf("an end without a reason has that of the one before: %+v, %v", got, err)
	}
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

// orphaned returns a store in which a newer connection than "a=", which lives, took the session and was found gone at 20 s.
func orphaned(t *testing.T) *ChargePoints {
	t.Helper()
	store := registered(t)
	for i, id := range []string{"a=", "b="} {
		_, err := store.Open(t.Context(), "CP001", connection(id, i))
		must(t, err)
	}
	_, err := store.Close(t.Context(), "CP001", "b=", 1006, "found gone", at(20_000))
	must(t, err)
	return store
}

func TestALivingConnectionIsTheSessionAgain(t *testing.T) {
	store := orphaned(t)
	session := connection("a=", 0)
	session.Open = true
	must(t, store.Restore(t.Context(), "CP001", session, at(22_000)))
	got, err := store.Get(t.Context(), "CP001")
	must(t, err)
	if got.Session == nil || *got.Session != session || !got.LastSeenAt.Equal(at(22_000)) {
		t.Errorf("%+v, session %+v", got, got.Session)
	}
	if connected, err := store.CountConnected(t.Context()); err != nil || connected != 1 {
		t.Errorf("%d connected, %v", connected, err)
	}

	// Again, as after a lost answer, with a command under way by then.
	must(t, store.Take(t.Context(), "CP001", chargepoint.Outstanding{CommandID: "c1", ConnectionID: "a=", Deadline: at(30_000), Asks: []string{"Heartbeat"}}))
	must(t, store.Restore(t.Context(), "CP001", connection("a=", 0), at(22_000)))
	got, err = store.Get(t.Context(), "CP001")
	must(t, err)
	if got.Outstanding == nil || !got.Session.Open || len(got.Asked) != 1 {
		t.Errorf("repeating it took something away: %+v, session %+v", got, got.Session)
	}

	// The next connection is newer, though it began before the one that never came to be had ended; its end is the end.
	before, err := store.Open(t.Context(), "CP001", connection("c=", 23_000))
	must(t, err)
	if before.Session == nil || before.Session.ConnectionID != "a=" || before.Outstanding == nil {
		t.Errorf("before: %+v", before)
	}
}

func TestWhatIsNotRestored(t *testing.T) {
	for name, test := range map[string]struct {
		before   func(*ChargePoints) error
		session  chargepoint.Session
		received int
	}{
		"a newer connection holds the session": {
			func(s *ChargePoints) error {
				_, err := s.Open(t.Context(), "CP001", connection("c=", 21_000))
				return err
			}, connection("a=", 0), 30_000,
		},
		"an older connection holds the session": {
			func(s *ChargePoints) error {
				return s.Restore(t.Context(), "CP001", connection("a=", 0), at(22_000))
			}, connection("b=", 1), 30_000,
		},
		"a late message over the connection that ended":   {nil, connection("b=", 1), 19_999},
		"a late message over an older connection":         {nil, connection("a=", 0), 19_999},
		"a message at the end, within the clocks' errors": {nil, connection("a=", 0), 21_000},
		"the connection itself was restored and ended":    {restoredAndEnded(t), connection("a=", 0), 24_000},
		"the newest connection of another time ended":     {openedAndEnded(t), connection("a=", 0), 24_000},
		"its Thing was deleted":                           {func(s *ChargePoints) error { return s.Forget(t.Context(), "CP001", "A") }, connection("a=", 0), 30_000},
		"its Thing was made anew":                         {madeAnew(t, false), connection("a=", 0), 30_000},
		"its Thing was made anew, connected and ended":    {madeAnew(t, true), connection("a=", 0), 30_000},
	} {
		t.Run(name, func(t *testing.T) {
			store := orphaned(t)
			if test.before != nil {
				must(t, test.before(store))
			}
			before, errBefore := store.Get(t.Context(), "CP001")
			wantFault(t, store.Restore(t.Context(), "CP001", test.session, at(test.received)), fault.Stale)
			after, errAfter := store.Get(t.Context(), "CP001")
			if !reflect.DeepEqual(before, after) || fault.CodeOf(errBefore) != fault.CodeOf(errAfter) {
				t.Errorf("before %+v %v\nafter  %+v %v", before, errBefore, after, errAfter)
			}
		})
	}
}

func restoredAndEnded(t *testing.T) func(*ChargePoints) error {
	return func(s *ChargePoints) error {
		must(t, s.Restore(t.Context(), "CP001", connection("a=", 0), at(22_000)))
		_, err := s.Close(t.Context(), "CP001", "a=", 1006, "", at(24_001))
		return err
	}
}

func openedAndEnded(t *testing.T) func(*ChargePoints) error {
	return func(s *ChargePoints) error {
		_, err := s.Open(t.Context(), "CP001", connection("c=", 21_000))
		must(t, err)
		_, err = s.Close(t.Context(), "CP001", "c=", 1001, "", at(25_000))
		return err
	}
}

func madeAnew(t *testing.T, connected bool) func(*ChargePoints) error {
	return func(s *ChargePoints) error {
		must(t, s.Mirror(t.Context(), thing("B", 1, 21_000), chargepoint.Accepted))
		if !connected {
			return nil
		}
		_, err := s.Open(t.Context(), "CP001", connection("c=", 22_000))
		must(t, err)
		_, err = s.Close(t.Context(), "CP001", "c=", 1001, "", at(23_000))
		return err
	}
}

// Whether the message of an older connection or the newest connection itself is faster: the newest stays.
func TestRestoreAndOpenRace(t *testing.T) {
	store := orphaned(t)
	errs := atOnce(20, func(i int) error {
		if i == 10 {
			_, err := store.Open(t.Context(), "CP001", connection("c=", 22_000))
			return err
		}
		return store.Restore(t.Context(), "CP001", connection("a=", 0), at(22_000+i))
	})
	if errs[10] != nil || count(errs, "")+count(errs, fault.Stale) != 20 {
		t.Errorf("errors %v", errs)
	}
	got, err := store.Get(t.Context(), "CP001")
	must(t, err)
	if got.Session == nil || got.Session.ConnectionID != "c=" {
		t.Errorf("session %+v", got.Session)
	}
}
