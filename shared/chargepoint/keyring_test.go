package chargepoint

import (
	"fmt"
	"slices"
	"testing"
)

func pending(names ...string) (keys []PendingKey) {
	for _, name := range names {
		keys = append(keys, PendingKey{Hash: "hash of " + name, CommandID: "command of " + name})
	}
	return keys
}

func TestKeyring(t *testing.T) {
	ring := func(present string, names ...string) Keyring {
		return Keyring{Present: present, Pending: pending(names...)}
	}
	twice := append(pending("a"), PendingKey{Hash: "other", CommandID: "command of a"})
	for _, test := range []struct {
		name      string
		got, want Keyring
	}{
		{"accepted", ring("old", "a").Settle("command of a", true), ring("hash of a")},
		{"refused", ring("old", "a").Settle("command of a", false), ring("old")},
		{"nobody's", ring("old", "a").Settle("command of b", true), ring("old", "a")},
		{"shown", ring("old", "a").Promote("hash of a"), ring("hash of a")},
		{"shown, not pending", ring("old", "a").Promote("old"), ring("old", "a")},
		{"the first key of all", ring("", "a").Settle("command of a", true), ring("hash of a")},
		{"the first key of all, refused", ring("", "a").Settle("command of a", false), ring("")},
		{"accepted ends those before it", ring("old", "a", "b").Settle("command of b", true), ring("hash of b")},
		{"accepted leaves those behind it", ring("old", "a", "b", "c").Settle("command of b", true), ring("hash of b", "c")},
		{"shown leaves those behind it", ring("old", "a", "b").Promote("hash of a"), ring("hash of a", "b")},
		{"told later than those proposed behind it, which are accepted", told(ring("old", "a", "b"), "command of a").Settle("command of b", true), ring("hash of b", "a")},
		{"told later, accepted", told(ring("old", "a", "b"), "command of a").Settle("command of a", true), ring("hash of a")},
		{"refused leaves all others", ring("old", "a", "b", "c").Settle("command of b", false), ring("old", "a", "c")},
		{"two keys of one command, accepted", Keyring{"old", twice}.Settle("command of a", true), Keyring{"old", twice}},
		{"two keys of one command, refused", Keyring{"old", twice}.Settle("command of a", false), ring("old")},
		{"two keys of one command, the first is shown", Keyring{"old", twice}.Promote("hash of a"), ring("hash of a")},
		{"two keys of one command, the second is shown", Keyring{"old", twice}.Promote("other"), ring("other")},
	} {
		if !test.got.Equal(test.want) {
			t.Errorf("%s: %+v, want %+v", test.name, test.got, test.want)
		}
	}
}

func told(ring Keyring, commandID string) Keyring {
	after, _ := ring.Tell(commandID)
	return after
}

func TestAKeyThatWasEndedIsNotTold(t *testing.T) {
	ring := Keyring{Present: "old", Pending: pending("a", "b")}.Settle("command of b", true)
	if after, pending := ring.Tell("command of a"); pending || !after.Equal(ring) {
		t.Errorf("%+v, pending %v", after, pending)
	}
}

func TestKeyringIsBounded(t *testing.T) {
	var ring Keyring
	for i := range MaxPendingKeys {
		var full bool
		if ring, full = ring.Propose(pending(fmt.Sprint(i))[0]); full {
			t.Fatalf("full with %d keys", i)
		}
	}
	if after, full := ring.Propose(pending("0")[0]); full || !after.Equal(ring) {
		t.Errorf("a repeated proposal: %+v, full %v", after, full)
	}
	if after, full := ring.Propose(pending("more")[0]); !full || !after.Equal(ring) {
		t.Errorf("a key too many: %+v, full %v", after, full)
	}
}

func TestMatch(t *testing.T) {
	present, next, wrong := NewKey(), NewKey(), NewKey()
	ring := Keyring{Present: Hash(present), Pending: []PendingKey{{Hash: Hash(next), CommandID: "c"}}}
	for key, want := range map[string]struct {
		hash        string
		pending, ok bool
	}{
		present: {ring.Present, false, true},
		next:    {ring.Pending[0].Hash, true, true},
		wrong:   {},
		"":      {},
	} {
		if hash, pending, ok := ring.Match(key); hash != want.hash || pending != want.pending || ok != want.ok {
			t.Errorf("%s %v %v, want %+v", hash, pending, ok, want)
		}
	}
	if _, _, ok := (Keyring{}).Match(""); ok {
		t.Error("no password matches no key")
	}
}

// world is a charge point, the system's ring, and what is on its way between them.
type world struct {
	ring     Keyring
	has      string       // key of the charge point
	next     int          // number of the next rotation
	calls    []PendingKey // told, not taken yet: in their order
	answers  []answer     // on their way back, or lost
	shown    []string     // keys that an authorizer has found pending, and is about to promote
	proposed []PendingKey // whose CALL is not sent yet
}

type answer struct {
	commandID string
	accepted  bool
}

// steps are all that may happen next. Each copy shares nothing that is changed in place.
func (w world) steps() (after map[string]world) {
	after = make(map[string]world)
	if w.next < 3 {
		key := pending(fmt.Sprint(w.next))[0]
		step := w
		step.next++
		if ring, full := w.ring.Propose(key); !full {
			step.ring, step.proposed = ring, append(slices.Clone(w.proposed), key)
			after["propose "+key.Hash] = step
		}
	}
	for i, key := range w.proposed { // they are not always sent in the order of their proposals
		never, told, sent := w, w, w
		never.proposed = slices.Delete(slices.Clone(w.proposed), i, i+1)
		after["never send "+key.Hash] = never
		ring, pending := w.ring.Tell(key.CommandID)
		if !pending {
			continue // it is never sent
		}
		told.ring = ring
		sent.ring, sent.proposed, sent.calls = ring, never.proposed, append(slices.Clone(w.calls), key)
		after["tell in vain "+key.Hash], after["send "+key.Hash] = told, sent
	}
	if len(w.calls) > 0 {
		taken, refused, lost := w, w, w
		key := w.calls[0]
		taken.calls, refused.calls, lost.calls = w.calls[1:], w.calls[1:], w.calls[1:]
		taken.has = key.Hash
		taken.answers = append(slices.Clone(w.answers), answer{key.CommandID, true})
		refused.answers = append(slices.Clone(w.answers), answer{key.CommandID, false})
		after["take"], after["refuse"], after["lose the CALL"] = taken, refused, lost
	}
	for i, a := range w.answers { // in any order, and any may be lost by never being taken
		step := w
		step.ring = w.ring.Settle(a.commandID, a.accepted)
		step.answers = slices.Delete(slices.Clone(w.answers), i, i+1)
		after[fmt.Sprint("settle ", a)] = step
	}
	if w.has != w.ring.Present && !slices.Contains(w.shown, w.has) {
		step := w
		step.shown = append(slices.Clone(w.shown), w.has)
		after["connect"] = step
	}
	for i, hash := range w.shown {
		step := w
		step.ring = w.ring.Promote(hash)
		step.shown = slices.Delete(slices.Clone(w.shown), i, i+1)
		after["promote "+hash] = step
	}
	return after
}

func (w world) valid() bool {
	return w.ring.Present == w.has || slices.ContainsFunc(w.ring.Pending, func(key PendingKey) bool { return key.Hash == w.has })
}

// TestNoOrderLocksAChargePointOut tries every order of up to three rotations in which CALLs and answers are taken, refused,
// lost or late, the charge point connects at any moment, and settling and promoting overtake each other. Whatever the
// charge point has must be valid at every moment.
func TestNoOrderLocksAChargePointOut(t *testing.T) {
	for _, first := range []string{"old", ""} {
		seen := make(map[string]bool)
		var try func(w world, path []string)
		try = func(w world, path []string) {
			state := fmt.Sprint(w)
			if seen[state] || t.Failed() {
				return
			}
			seen[state] = true
			if !w.valid() {
				t.Errorf("the charge point has %q, valid is %+v, after %q", w.has, w.ring, path)
				return
			}
			for name, after := range w.steps() {
				try(after, append(slices.Clone(path), name))
			}
		}
		try(world{ring: Keyring{Present: first}, has: first}, nil)
		if t.Logf("%d states", len(seen)); len(seen) < 500 {
			t.Error("too few to mean anything")
		}
	}
}
