package main

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/dynamo"
)

// rotation is a charge point with a key, and new ones to rotate in.
type rotation struct {
	t     *testing.T
	h     *Handler
	store *dynamo.ChargePoints
	old   string
	keys  map[string]string // by command id
}

func newRotation(t *testing.T, old string) rotation {
	t.Helper()
	h, store, _ := newHandler(t)
	find(t, h, connect(t, "CP001", "", "ocpp1.6")) // makes the row
	r := rotation{t: t, h: h, store: store, old: old, keys: map[string]string{}}
	if old != "" {
		r.must(store.SetCredential(t.Context(), "CP001", chargepoint.Hash(old)))
	}
	return r
}

func (r rotation) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// propose returns the new key of a command.
func (r rotation) propose(commandID string) string {
	r.t.Helper()
	r.keys[commandID] = chargepoint.NewKey()
	r.must(r.store.Propose(r.t.Context(), "CP001", chargepoint.PendingKey{Hash: chargepoint.Hash(r.keys[commandID]), CommandID: commandID}))
	return r.keys[commandID]
}

func (r rotation) settle(commandID string, accepted bool) {
	r.t.Helper()
	r.must(r.store.Settle(r.t.Context(), "CP001", commandID, accepted))
}

// want connects with a key.
func (r rotation) want(status, key, when string) {
	r.t.Helper()
	if found := find(r.t, r.h, connect(r.t, "CP001", key, "ocpp1.6")); found["status"] != status {
		r.t.Errorf("%s: status %v %v, want %s", when, found["status"], found["reason"], status)
	}
}

// Specification: OCPP 1.6 security whitepaper A01; OCPP 2.0.1 A01.FR.02 to A01.FR.04.
func TestKeyRotation(t *testing.T) {
	for name, try := range map[string]func(r rotation){
		"the charge point comes back before its answer is processed": func(r rotation) {
			next := r.propose("c1")
			r.want("101", r.old, "it was not told yet")
			r.want("101", next, "it was told")
			r.want("401", r.old, "the new key was seen")
			r.want("101", next, "again")
			r.settle("c1", true)
			r.want("101", next, "its answer came late")
			r.want("401", r.old, "its answer came late")
		},
		"accepted": func(r rotation) {
			next := r.propose("c1")
			r.settle("c1", true)
			r.want("401", r.old, "accepted")
			r.want("101", next, "accepted")
		},
		"refused": func(r rotation) {
			next := r.propose("c1")
			r.settle("c1", false)
			r.want("401", next, "refused")
			r.want("101", r.old, "refused")
		},
		"the answer is lost": func(r rotation) {
			next := r.propose("c1")
			r.want("101", r.old, "nobody knows")
			r.want("101", r.old, "still nobody knows")
			r.want("101", next, "it had taken the key after all")
			r.want("401", r.old, "now it is known")
		},
		"another one while the first is unknown": func(r rotation) {
			first, second := r.propose("c1"), r.propose("c2")
			r.want("101", r.old, "it has taken neither")
			r.want("101", first, "it has taken the first")
			r.want("101", second, "it has taken both")
			r.want("401", first, "it has shown the second")
			r.want("401", r.old, "it has shown the second")
		},
		"the second is refused while the first is unknown": func(r rotation) {
			first, second := r.propose("c1"), r.propose("c2")
			r.settle("c2", false)
			r.want("401", second, "refused")
			r.want("101", first, "it has the first")
		},
		"the operator makes a key meanwhile": func(r rotation) {
			next, byHand := r.propose("c1"), chargepoint.NewKey()
			r.must(r.store.SetCredential(r.t.Context(), "CP001", chargepoint.Hash(byHand)))
			r.want("401", next, "the operator's word counts")
			r.want("401", r.old, "the operator's word counts")
			r.want("101", byHand, "the operator's word counts")
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRotation(t, chargepoint.NewKey())
			r.h.MinSecurityProfile = 1
			try(r)
			r.want("401", chargepoint.NewKey(), "a key that it never had")
			r.want("401", "", "no key")
		})
	}
}

func TestFirstKeyIsRotatedIn(t *testing.T) {
	r := newRotation(t, "")
	next := r.propose("c1")
	r.want("101", "", "it was not told yet")
	r.h.MinSecurityProfile = 1
	r.want("401", "", "the stack asks for a key")
	r.want("401", "guess", "the stack asks for a key")
	r.want("101", next, "it was told")
	r.h.MinSecurityProfile = 0
	r.want("401", "", "it has a key now")
	r.want("101", next, "it has a key now")
}

// failing is a table whose writes, or reads after them, fail.
type failing struct {
	*dynamo.ChargePoints
	promote, get error
}

func (f *failing) Promote(ctx context.Context, id, hash string) error {
	if f.promote != nil {
		return f.promote
	}
	err := f.ChargePoints.Promote(ctx, id, hash)
	f.promote = f.get // the next read is the one after this
	return err
}

func (f *failing) Get(ctx context.Context, id string) (chargepoint.ChargePoint, error) {
	if f.get != nil && f.promote != nil {
		return chargepoint.ChargePoint{}, f.get
	}
	return f.ChargePoints.Get(ctx, id)
}

func TestKeyThatCannotBePromotedIsNoFinding(t *testing.T) {
	down := errors.New("the table is down")
	for name, store := range map[string]*failing{
		"the write fails":          {promote: down},
		"the read after it failed": {get: down},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRotation(t, chargepoint.NewKey())
			next := r.propose("c1")
			store.ChargePoints = r.store
			r.h.Registry, r.h.Keys = store, store
			if response, err := r.h.Handle(t.Context(), connect(t, "CP001", next, "ocpp1.6")); !errors.Is(err, down) {
				t.Errorf("%v %v", response, err)
			}
			r.h.Registry, r.h.Keys = r.store, r.store
			r.want("101", next, "the charge point tries again")
		})
	}
}

// late settles what a command began after the look-up that found its key pending, and before the key is promoted.
type late struct {
	*dynamo.ChargePoints
	between func() error
}

func (l late) Promote(ctx context.Context, id, hash string) error {
	if err := l.between(); err != nil {
		return err
	}
	return l.ChargePoints.Promote(ctx, id, hash)
}

func TestSettledBetweenLookUpAndPromotion(t *testing.T) {
	for name, test := range map[string]struct {
		between func(r rotation) error
		want    string
	}{
		"accepted": {func(r rotation) error { return r.store.Settle(r.t.Context(), "CP001", "c1", true) }, "101"},
		"refused":  {func(r rotation) error { return r.store.Settle(r.t.Context(), "CP001", "c1", false) }, "401"},
		"made void by the operator": {func(r rotation) error {
			return r.store.SetCredential(r.t.Context(), "CP001", chargepoint.Hash(chargepoint.NewKey()))
		}, "401"},
		"another one is proposed": {func(r rotation) error {
			return r.store.Propose(r.t.Context(), "CP001", chargepoint.PendingKey{Hash: chargepoint.Hash(chargepoint.NewKey()), CommandID: "c2"})
		}, "101"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRotation(t, chargepoint.NewKey())
			next := r.propose("c1")
			r.h.Keys = late{r.store, func() error { return test.between(r) }}
			r.want(test.want, next, name)
		})
	}
}

func TestConnectingWhileTheAnswerIsProcessed(t *testing.T) {
	for range 5 {
		r := newRotation(t, chargepoint.NewKey())
		next := r.propose("c1")
		var all sync.WaitGroup
		for i := range 6 {
			all.Go(func() {
				if i%2 == 0 {
					if err := r.store.Settle(t.Context(), "CP001", "c1", true); err != nil {
						t.Error(err)
					}
					return
				}
				response, err := r.h.Handle(t.Context(), connect(t, "CP001", next, "ocpp1.6"))
				if err != nil || response.Context["status"] != "101" {
					t.Errorf("%v %v", response.Context, err)
				}
			})
		}
		all.Wait()
		cp, err := r.store.Get(t.Context(), "CP001")
		if err != nil || len(cp.PendingKeys) != 0 || !strings.HasPrefix(cp.Credential, "sha256$") || !chargepoint.Matches(cp.Credential, next) {
			t.Errorf("%+v %v", cp, err)
		}
	}
}
