package dynamo

import (
	"fmt"
	"testing"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
)

func TestCountConnected(t *testing.T) {
	store := newChargePoints(t)
	wantConnected := func(want int) {
		t.Helper()
		got, err := store.CountConnected(t.Context())
		must(t, err)
		if got != want {
			t.Errorf("%d are connected, want %d", got, want)
		}
	}
	wantConnected(0)
	for i := range 40 {
		id := fmt.Sprintf("CP%03d", i)
		must(t, store.Mirror(t.Context(), chargepoint.Thing{Name: id, ID: id, Version: 1, At: at(0)}, chargepoint.Accepted))
		_, err := store.Open(t.Context(), id, connection("a=", 1))
		must(t, err)
	}
	wantConnected(40)
	_, err := store.Open(t.Context(), "CP000", connection("b=", 2)) // another connection of the same
	must(t, err)
	wantConnected(40)
	_, err = store.Close(t.Context(), "CP001", "a=", 1000, "", at(3))
	must(t, err)
	must(t, store.Delete(t.Context(), "CP002"))
	wantConnected(38)
	// Made anew under its name, it has no session.
	must(t, store.Mirror(t.Context(), chargepoint.Thing{Name: "CP003", ID: "another", Version: 1, At: at(4)}, chargepoint.Accepted))
	wantConnected(37)
}

func TestShardsAreEven(t *testing.T) {
	found := make(map[string]int)
	for i := range 16_000 {
		found[shardOf(fmt.Sprintf("CP-%06d", i))]++
	}
	if len(found) != shards {
		t.Errorf("%d shards", len(found))
	}
	for shard, count := range found {
		if count < 700 || count > 1300 {
			t.Errorf("shard %s has %d of 16,000", shard, count)
		}
	}
}
