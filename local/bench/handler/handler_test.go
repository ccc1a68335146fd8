package handler

import (
	"slices"
	"strings"
	"testing"
)

const (
	first = `goos: linux
BenchmarkMessage/ocpp1.6/Heartbeat         	   10000	     28087 ns/op	     90500 p99-ns/op	    2898 B/op	      48 allocs/op
BenchmarkMessage/ocpp2.0.1/TransactionEvent-2 	   10000	     58063 ns/op	    120000 p99-ns/op	    4917 B/op	      78 allocs/op
PASS
`
	second = `goos: linux
BenchmarkMessage/ocpp1.6/Heartbeat         	   10000	     30000 ns/op	     80000 p99-ns/op	    2900 B/op	      48 allocs/op
BenchmarkMessage/ocpp2.0.1/TransactionEvent-2 	   10000	     50000 ns/op	    110000 p99-ns/op	    4917 B/op	      78 allocs/op
PASS
`
)

func TestTables(t *testing.T) {
	var best []line
	for _, printed := range []string{first, second} {
		lines, err := parse(printed)
		if err != nil {
			t.Fatal(err)
		}
		best = better(best, lines)
	}
	tables := tablesOf(best, Options{Runs: 10_000, Rounds: 2})
	if len(tables) != 2 || !strings.HasSuffix(tables[0].Title, "ocpp1.6") || !strings.Contains(tables[0].About, "Of 2 such rounds") {
		t.Fatalf("%+v", tables)
	}
	for i, want := range [][]string{{"Heartbeat", "28.1", "80.0", "48", "2898"}, {"TransactionEvent", "50.0", "110.0", "78", "4917"}} {
		if rows := tables[i].Rows; len(rows) != 1 || !slices.Equal(rows[0], want) {
			t.Errorf("%q, want %q", rows, want)
		}
	}
	for i, want := range []string{"all are within it", "over budget: TransactionEvent"} {
		if notes := strings.Join(tables[i].Notes, "\n"); !strings.HasSuffix(notes, want) {
			t.Errorf("%q, want %q", notes, want)
		}
	}
}

func TestParseRefusesWhatIsNoNumber(t *testing.T) {
	if lines, err := parse("BenchmarkMessage/ocpp1.6/Heartbeat-2 1 fast ns/op\n"); err == nil {
		t.Errorf("%v", lines)
	}
}
