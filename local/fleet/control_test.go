package fleet

import (
	"context"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/ocppj"
)

func TestPlugInAndDisconnect(t *testing.T) {
	run(t, ocppj.V21, nil, func(r *rig) {
		if err := r.PlugIn(r.t.Context(), 1, "CARD"); err != nil {
			t.Fatal(err)
		}
		r.wait(time.Minute)
		if tx := r.Ledger().Transactions(); len(tx) != 1 || tx[0].IDToken != "CARD" || len(r.calls("Authorize")) != 1 {
			t.Errorf("transactions %+v", tx)
		}
		for _, connector := range []int{0, 1, 3} {
			if err := r.PlugIn(r.t.Context(), connector, "CARD"); err == nil {
				t.Errorf("plugged in at connector %d", connector)
			}
		}
		for _, clean := range []bool{true, false} {
			if err := r.Disconnect(r.t.Context(), clean, time.Minute); err != nil {
				t.Fatal(err)
			}
			r.wait(30 * time.Second)
			if r.central.up {
				t.Error("still connected")
			}
			r.wait(time.Minute)
			if !r.central.up {
				t.Error("not connected again")
			}
		}
	})
}

func TestControlOfAStationThatDoesNotRun(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := New(Config{ID: "CP1", Version: ocppj.V16, Clock: NewClock(morning, 1)}).Disconnect(ctx, true, time.Minute); err == nil {
		t.Error("nobody said that it does not run")
	}
}
