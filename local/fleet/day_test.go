package fleet

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/local/fleet/ledger"
)

// A day with cars and lost connections: whatever is said fits its schema (central checks it), and what was charged is told.
func TestDay(t *testing.T) {
	for _, version := range versions {
		t.Run(string(version), func(t *testing.T) {
			day := func(c *Config) { c.Visits, c.Outages = 8, 6 }
			var first []ledger.Transaction
			for range 2 {
				run(t, version, day, func(r *rig) {
					r.wait(24 * time.Hour)
					r.stop()
					<-r.ended
					transactions := r.Ledger().Transactions()
					if len(transactions) < 4 {
						t.Fatalf("%d transactions in a day", len(transactions))
					}
					for _, tx := range transactions {
						if tx.ID == "" || !tx.StartAnswered || !tx.EndAnswered || tx.EndedAt.IsZero() || tx.EnergyWh() <= 0 || tx.Readings < 2 {
							t.Errorf("incomplete: %+v", tx)
						}
					}
					totals := r.Ledger().Totals()
					if totals.Losses == 0 || totals.Connects < 2 || totals.Odd != 0 || totals.GivenUp != 0 || totals.CallErrors != 0 {
						t.Errorf("totals %+v", totals)
					}
					if first == nil {
						first = transactions
					} else if !reflect.DeepEqual(first, transactions) {
						t.Errorf("the same seed made another day:\n%+v\n%+v", first, transactions)
					}
				})
			}
		})
	}
}

// The times in messages are those of the plan, however fast the clock runs.
func TestSpeedChangesNothing(t *testing.T) {
	var want []ledger.Transaction
	for _, speed := range []float64{1, 600} {
		run(t, versions[1], func(c *Config) { c.Visits, c.Clock = 8, NewClock(morning, speed) }, func(r *rig) {
			r.wait(time.Duration(float64(30*time.Hour) / speed))
			transactions := r.Ledger().Transactions()
			transactions = slices.DeleteFunc(transactions, func(tx ledger.Transaction) bool {
				return tx.EndedAt.IsZero() || tx.EndedAt.After(morning.Add(24*time.Hour))
			})
			if want == nil {
				want = transactions
			}
			if len(want) == 0 || !reflect.DeepEqual(want, transactions) {
				t.Errorf("speed %v:\n%+v\nwant\n%+v", speed, transactions, want)
			}
		})
	}
}
