package ledger

import "testing"

func TestTheNewestAreKept(t *testing.T) {
	for _, test := range []struct {
		limit int
		want  string
	}{{0, ""}, {2, "bc"}, {9, "abc"}} {
		l := New(test.limit)
		for _, id := range []string{"a", "b", "c"} {
			l.AddCall(Call{MessageID: id})
			l.AddCommand(Call{MessageID: id})
		}
		calls, commands := "", ""
		for i := range l.Calls() {
			calls += l.Calls()[i].MessageID
			commands += l.Commands()[i].MessageID
		}
		if calls != test.want || commands != test.want {
			t.Errorf("limit %d keeps the calls %q and the commands %q, want %q", test.limit, calls, commands, test.want)
		}
	}
}

func TestTransactions(t *testing.T) {
	l := New(0)
	l.Begin(Transaction{ID: "1", MeterStartWh: 100})
	second := l.Begin(Transaction{ID: "2", MeterStartWh: 200})
	before := l.Transactions()
	l.Update(second, func(t *Transaction) { t.MeterStopWh, t.EndedAt = 250, t.EndedAt.AddDate(1, 0, 0) })
	l.Count(func(t *Totals) { t.Sent++ })
	after := l.Transactions()
	if before[1].EnergyWh() != 0 || after[1].EnergyWh() != 50 || after[0].ID != "1" || l.Totals().Sent != 1 {
		t.Errorf("before %+v, after %+v, totals %+v", before, after, l.Totals())
	}
}
