package dynamo

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
)

func remoteStart(id string, ms int) command.Command {
	c := queued(id, ms)
	c.Action, c.Payload = "RemoteStartTransaction", json.RawMessage(`{"idTag":"T1"}`)
	return c
}

func wantRemoteStarts(t *testing.T, store *Commands, want ...string) {
	t.Helper()
	open, err := store.RemoteStarts(t.Context(), "CP001")
	must(t, err)
	ids := []string{}
	for _, c := range open {
		ids = append(ids, c.ID)
	}
	if !slices.Equal(ids, want) {
		t.Errorf("remote starts %q, want %q", ids, want)
	}
}

func TestRemoteStartsAreLinkedOnce(t *testing.T) {
	store := newCommands(t)
	wantRemoteStarts(t, store, []string{}...)
	must(t, store.Create(t.Context(), queued("reset", 0)))
	must(t, store.Create(t.Context(), remoteStart("z", 1)))
	must(t, store.Create(t.Context(), remoteStart("a", 2)))
	other := remoteStart("0", 0)
	other.ChargePointID = "CP002"
	must(t, store.Create(t.Context(), other))
	wantRemoteStarts(t, store, "z", "a")

	for range 2 { // the event may come again
		must(t, store.Link(t.Context(), "CP001", "z", "tx1"))
	}
	wantFault(t, store.Link(t.Context(), "CP001", "z", "tx2"), fault.Conflict)
	wantFault(t, store.Link(t.Context(), "CP001", "c404", "tx2"), fault.NotFound)
	wantRemoteStarts(t, store, "a")
	linked, err := store.Get(t.Context(), "CP001", "z")
	must(t, err)
	if linked.TransactionID != "tx1" {
		t.Errorf("linked to %q", linked.TransactionID)
	}
}

func TestNewestRemoteStartsCount(t *testing.T) {
	store := newCommands(t)
	var want []string
	for i := range maxRemoteStarts + 2 {
		id := fmt.Sprintf("c%02d", i)
		must(t, store.Create(t.Context(), remoteStart(id, i)))
		want = append(want, id)
	}
	wantRemoteStarts(t, store, want[2:]...)
}
