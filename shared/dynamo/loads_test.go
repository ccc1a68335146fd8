package dynamo

import (
	"sync"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
)

func TestAddLoad(t *testing.T) {
	store := newChargePoints(t)
	must(t, store.Mirror(t.Context(), thing("A", 1, 0), chargepoint.Accepted))
	add := func(afterMS int) chargepoint.Load {
		whole, err := store.AddLoad(t.Context(), "CP001", chargepoint.Load{Since: at(afterMS), Messages: 10, Unasked: 1, Busy: 1500 * time.Millisecond})
		must(t, err)
		return whole
	}
	window := int(chargepoint.LoadWindow.Milliseconds())
	for _, step := range []struct {
		name            string
		after           int
		since, messages int
		busy            time.Duration
	}{
		{"the first part", 1000, 1000, 10, 1500 * time.Millisecond},
		{"of another instance, which began earlier", 0, 1000, 20, 3 * time.Second},
		{"the last of the window", 1000 + window, 1000, 30, 4500 * time.Millisecond},
		{"the next window", 1001 + window, 1001 + window, 10, 1500 * time.Millisecond},
	} {
		if got, want := add(step.after), (chargepoint.Load{Since: at(step.since), Messages: step.messages, Unasked: step.messages / 10, Busy: step.busy}); got != want {
			t.Errorf("%s: %+v, want %+v", step.name, got, want)
		}
	}
	_, err := store.AddLoad(t.Context(), "CP002", chargepoint.Load{Since: at(0), Messages: 1, Busy: time.Second})
	wantFault(t, err, fault.NotFound)
}

// Of several instances that begin a window at once none is forgotten.
func TestLoadsAddedAtOnce(t *testing.T) {
	store := newChargePoints(t)
	must(t, store.Mirror(t.Context(), thing("A", 1, 0), chargepoint.Accepted))
	const instances = 8
	var adding sync.WaitGroup
	for range instances {
		adding.Go(func() {
			if _, err := store.AddLoad(t.Context(), "CP001", chargepoint.Load{Since: at(0), Messages: 1, Busy: time.Second}); err != nil {
				t.Error(err)
			}
		})
	}
	adding.Wait()
	whole, err := store.AddLoad(t.Context(), "CP001", chargepoint.Load{Since: at(0), Messages: 1, Busy: time.Second})
	must(t, err)
	if whole.Messages != instances+1 || whole.Busy != (instances+1)*time.Second {
		t.Errorf("%+v", whole)
	}
}
