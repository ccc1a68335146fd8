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

func TestCalm(t *testing.T) {
	run(t, ocppj.V16, func(c *Config) { c.Outages, c.Visits = 100, 50 }, func(r *rig) {
		r.wait(3 * time.Hour)
		if r.Ledger().Totals().Losses == 0 || len(r.Ledger().Transactions()) == 0 {
			t.Fatal("a hundred outages and fifty cars a day, and none in three hours")
		}
		if err := r.Calm(r.t.Context()); err != nil {
			t.Fatal(err)
		}
		r.wait(24 * time.Hour) // longer than an outage, and than a car stays
		losses, transactions := r.Ledger().Totals().Losses, r.Ledger().Transactions()
		for _, tx := range transactions {
			if tx.EndedAt.IsZero() {
				t.Errorf("goes on: %+v", tx)
			}
		}
		r.wait(24 * time.Hour)
		if more := len(r.Ledger().Transactions()) - len(transactions); more > 0 {
			t.Errorf("%d transactions afterwards", more)
		}
		if got := r.Ledger().Totals().Losses; got != losses || !r.central.up {
			t.Errorf("%d connections lost afterwards, connected %t", got-losses, r.central.up)
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
