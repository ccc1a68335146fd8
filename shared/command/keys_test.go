package command_test

import (
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
)

// propose makes the key of a rotation valid, as its order does before it is submitted.
func (r *rig) propose(id string) {
	r.Helper()
	r.must(r.store.Propose(r.Context(), cp001, chargepoint.PendingKey{Hash: "sha256$" + id + "$", CommandID: id}))
}

// rotate submits a rotation; ordered is its place in the queue.
func (r *rig) rotate(id string, ordered time.Time) {
	r.Helper()
	c := r.order(id)
	c.Operation, c.CreatedAt = command.KeyRotation, ordered
	r.must(r.dispatcher.Submit(r.Context(), c))
}

func (r *rig) ring() chargepoint.Keyring {
	r.Helper()
	cp, err := r.store.Get(r.Context(), cp001)
	r.must(err)
	return cp.Keyring()
}

// TestKeysAreValidInTheOrderInWhichTheyAreTold: a rotation that was proposed first and is sent last is the one that counts in the end.
func TestKeysAreValidInTheOrderInWhichTheyAreTold(t *testing.T) {
	r := newRig(t)
	r.propose("a")
	r.propose("b")
	r.rotate("b", r.now())
	r.rotate("a", r.now().Add(time.Millisecond))
	r.connect("connection")
	r.must(r.dispatcher.Drain(t.Context(), cp001))
	r.wantState(command.Sent, "b")
	r.wantState(command.Queued, "a")
	r.answer("b") // sends a
	r.wantState(command.Sent, "a")
	r.must(r.store.Settle(t.Context(), cp001, "b", true)) // the rest of the answer to b comes late
	if ring := r.ring(); ring.Present != "sha256$b$" || len(ring.Pending) != 1 || ring.Pending[0].CommandID != "a" {
		t.Errorf("the charge point may have taken a, valid are %+v", ring)
	}
	r.must(r.store.Settle(t.Context(), cp001, "a", true))
	if ring := r.ring(); ring.Present != "sha256$a$" || len(ring.Pending) != 0 {
		t.Errorf("%+v", ring)
	}
}

// TestAKeyThatIsNotValidAnyMoreIsNotSent: the charge point would take it, and stand outside.
func TestAKeyThatIsNotValidAnyMoreIsNotSent(t *testing.T) {
	r := newRig(t)
	r.propose("a")
	r.rotate("a", r.now())
	r.must(r.store.SetCredential(t.Context(), cp001, "sha256$hand$"))
	r.submit("reset")
	r.connect("connection")
	r.must(r.dispatcher.Drain(t.Context(), cp001))
	r.wantState(command.Expired, "a")
	r.wantState(command.Sent, "reset")
	c, err := r.commands.Get(t.Context(), cp001, "a")
	if err != nil || !strings.Contains(c.ErrorDescription, "has taken a key") {
		t.Errorf("%+v, %v", c, err)
	}
}
