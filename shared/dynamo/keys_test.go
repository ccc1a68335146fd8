package dynamo

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// keyed is a charge point with a key.
func keyed(t *testing.T) *ChargePoints {
	t.Helper()
	store := newChargePoints(t)
	must(t, store.Create(t.Context(), chargepoint.ChargePoint{ID: "CP001", ThingID: "A", ThingVersion: 1, RegisteredAt: at(0), Credential: "sha256$old$"}))
	return store
}

func newKey(n int) chargepoint.PendingKey {
	return chargepoint.PendingKey{Hash: fmt.Sprintf("sha256$%d$", n), CommandID: fmt.Sprintf("command %d", n)}
}

func wantRing(t *testing.T, store *ChargePoints, want chargepoint.Keyring) {
	t.Helper()
	cp, err := store.Get(t.Context(), "CP001")
	must(t, err)
	if got := cp.Keyring(); !got.Equal(want) {
		t.Errorf("keys %+v, want %+v", got, want)
	}
}

// Specification: OCPP 1.6 security whitepaper A01; OCPP 2.0.1 A01.FR.02 to A01.FR.04.
func TestKeys(t *testing.T) {
	a, b := newKey(1), newKey(2)
	type steps = func(t *testing.T, store *ChargePoints) error
	propose := func(keys ...chargepoint.PendingKey) steps {
		return func(t *testing.T, store *ChargePoints) error {
			for _, key := range keys {
				must(t, store.Propose(t.Context(), "CP001", key))
			}
			return nil
		}
	}
	settle := func(key chargepoint.PendingKey, accepted bool) steps {
		return func(t *testing.T, store *ChargePoints) error {
			return store.Settle(t.Context(), "CP001", key.CommandID, accepted)
		}
	}
	promote := func(key chargepoint.PendingKey) steps {
		return func(t *testing.T, store *ChargePoints) error { return store.Promote(t.Context(), "CP001", key.Hash) }
	}
	const old = "sha256$old$"
	for _, test := range []struct {
		name    string
		steps   []steps
		present string
		pending []chargepoint.PendingKey
	}{
		{"proposed", []steps{propose(a)}, old, []chargepoint.PendingKey{a}},
		{"proposed twice", []steps{propose(a, a)}, old, []chargepoint.PendingKey{a}},
		{"accepted, told twice", []steps{propose(a), settle(a, true), settle(a, true)}, a.Hash, nil},
		{"refused, told twice", []steps{propose(a), settle(a, false), settle(a, false)}, old, nil},
		{"shown twice", []steps{propose(a), promote(a), promote(a)}, a.Hash, nil},
		{"shown, then its refusal comes late", []steps{propose(a), promote(a), settle(a, false)}, a.Hash, nil},
		{"accepted, then shown", []steps{propose(a), settle(a, true), promote(a)}, a.Hash, nil},
		{"a second one while the first is unknown", []steps{propose(a, b), settle(b, true)}, b.Hash, nil},
		{"the first is shown while the second is on its way", []steps{propose(a, b), promote(a)}, a.Hash, []chargepoint.PendingKey{b}},
		{"the second is refused while the first is unknown", []steps{propose(a, b), settle(b, false)}, old, []chargepoint.PendingKey{a}},
		{"by hand", []steps{propose(a, b), func(t *testing.T, store *ChargePoints) error {
			return store.SetCredential(t.Context(), "CP001", "sha256$hand$")
		}}, "sha256$hand$", nil},
		{"taken away by hand", []steps{propose(a, b), func(t *testing.T, store *ChargePoints) error {
			return store.SetCredential(t.Context(), "CP001", "")
		}}, "", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			store := keyed(t)
			for _, step := range test.steps {
				must(t, step(t, store))
			}
			wantRing(t, store, chargepoint.Keyring{Present: test.present, Pending: test.pending})
		})
	}
}

func TestFirstKeyOfAChargePoint(t *testing.T) {
	store := registered(t)
	must(t, store.Propose(t.Context(), "CP001", newKey(1)))
	wantRing(t, store, chargepoint.Keyring{Pending: []chargepoint.PendingKey{newKey(1)}})
	must(t, store.Settle(t.Context(), "CP001", newKey(1).CommandID, true))
	wantRing(t, store, chargepoint.Keyring{Present: newKey(1).Hash})
}

func TestKeysOfAChargePointThatIsGone(t *testing.T) {
	store := newChargePoints(t)
	wantFault(t, store.Propose(t.Context(), "CP404", newKey(1)), fault.NotFound)
	must(t, store.Settle(t.Context(), "CP404", "c", true))
	must(t, store.Promote(t.Context(), "CP404", "h"))
	_, err := store.Get(t.Context(), "CP404")
	wantFault(t, err, fault.NotFound)
}

// Keys are changed on the condition that they are those of which the change was made: what an operator does meanwhile stays.
func TestKeysThatOthersChangeMeanwhile(t *testing.T) {
	meanwhile := func(store *ChargePoints, do func() error) error {
		return store.changeRing(t.Context(), "CP001", func(ring chargepoint.Keyring) (chargepoint.Keyring, error) {
			must(t, do())
			do = func() error { return nil }
			ring, _ = ring.Propose(newKey(1))
			return ring, nil
		})
	}
	store := keyed(t)
	must(t, meanwhile(store, func() error { return store.SetCredential(t.Context(), "CP001", "sha256$new$") }))
	wantRing(t, store, chargepoint.Keyring{Present: "sha256$new$", Pending: []chargepoint.PendingKey{newKey(1)}})

	store = registered(t)
	wantFault(t, meanwhile(store, func() error { return store.Delete(t.Context(), "CP001") }), fault.NotFound)
	_, err := store.Get(t.Context(), "CP001")
	wantFault(t, err, fault.NotFound)
}

func TestPendingKeysAreBounded(t *testing.T) {
	store := keyed(t)
	errs := atOnce(8, func(i int) error { return store.Propose(t.Context(), "CP001", newKey(i)) })
	if count(errs, "") != chargepoint.MaxPendingKeys || count(errs, fault.Conflict) != 8-chargepoint.MaxPendingKeys {
		t.Errorf("errors %v", errs)
	}
	cp, err := store.Get(t.Context(), "CP001")
	must(t, err)
	for i, err := range errs {
		if slices.Contains(cp.PendingKeys, newKey(i)) != (err == nil) {
			t.Errorf("key %d: error %v, but pending are %v", i, err, cp.PendingKeys)
		}
	}
}

func TestOneOfManyProposalsOfACommandCounts(t *testing.T) {
	store := keyed(t)
	if errs := atOnce(8, func(int) error { return store.Propose(t.Context(), "CP001", newKey(1)) }); count(errs, "") != 8 {
		t.Errorf("errors %v", errs)
	}
	wantRing(t, store, chargepoint.Keyring{Present: "sha256$old$", Pending: []chargepoint.PendingKey{newKey(1)}})
}

// TestTheKeyThatWasTakenWinsEveryRace: the answer is processed while the charge point connects with the key, several times
// each, and another key is proposed at that moment.
func TestTheKeyThatWasTakenWinsEveryRace(t *testing.T) {
	for range 5 {
		store := keyed(t)
		taken, next := newKey(1), newKey(2)
		must(t, store.Propose(t.Context(), "CP001", taken))
		errs := atOnce(7, func(i int) error {
			switch {
			case i == 6:
				return store.Propose(t.Context(), "CP001", next)
			case i%2 == 0:
				return store.Settle(t.Context(), "CP001", taken.CommandID, true)
			}
			return store.Promote(t.Context(), "CP001", taken.Hash)
		})
		if count(errs, "") != 7 {
			t.Fatalf("errors %v", errs)
		}
		wantRing(t, store, chargepoint.Keyring{Present: taken.Hash, Pending: []chargepoint.PendingKey{next}})
	}
}

// Specification: OCPP 2.0.1 A00.FR.005; A05.FR.02.
func TestSecurityProfileOnlyRises(t *testing.T) {
	store := registered(t)
	wantFault(t, store.RaiseSecurityProfile(t.Context(), "CP404", 2), fault.NotFound)
	for _, step := range []struct{ profile, want int }{{1, 1}, {2, 2}, {1, 2}, {2, 2}, {3, 2}} {
		must(t, store.RaiseSecurityProfile(t.Context(), "CP001", step.profile))
		cp, err := store.Get(t.Context(), "CP001")
		must(t, err)
		if cp.SecurityProfile != step.want {
			t.Errorf("after %d: %d, want %d", step.profile, cp.SecurityProfile, step.want)
		}
	}
	atOnce(3, func(i int) error { return store.RaiseSecurityProfile(t.Context(), "CP001", i+1) })
	if cp, err := store.Get(t.Context(), "CP001"); err != nil || cp.SecurityProfile != 2 {
		t.Errorf("%d, %v", cp.SecurityProfile, err)
	}
}

func TestGetTellsOfKeysAndList(t *testing.T) {
	store := newChargePoints(t)
	fill(t, store)
	cp, err := store.Get(t.Context(), "CP001")
	must(t, err)
	if len(cp.PendingKeys) != chargepoint.MaxPendingKeys || cp.ListVersion != 1<<31-1 {
		t.Fatalf("%d pending keys, list version %d", len(cp.PendingKeys), cp.ListVersion)
	}
	for _, key := range cp.PendingKeys {
		if _, err := uuid.Parse(key.CommandID); err != nil || !strings.HasPrefix(key.Hash, "sha256$") {
			t.Errorf("pending key %+v: %v", key, err)
		}
	}
}
