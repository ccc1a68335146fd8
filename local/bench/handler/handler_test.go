package handler

import (
	"slices"
	"strings"
	"testing"
)

const printed = `goos: linux
BenchmarkMessage/ocpp1.6/Heartbeat-2         	   59528	     28087 ns/op	     90500 p99-ns/op	    2898 B/op	      48 allocs/op
BenchmarkMessage/ocpp2.0.1/TransactionEvent-2 	   25646	     58063 ns/op	    120000 p99-ns/op	    4917 B/op	      78 allocs/op
PASS
`

func TestTable(t *testing.T) {
	lines, err := parse(printed)
	if err != nil {
		t.Fatal(err)
	}
	table := tableOf(lines)
	want := [][]string{
		{"ocpp1.6 Heartbeat", "28.1", "90.5", "48", "2898"},
		{"ocpp2.0.1 TransactionEvent", "58.1", "120.0", "78", "4917"},
	}
	if !slices.EqualFunc(table.Rows, want, slices.Equal) {
		t.Errorf("%q, want %q", table.Rows, want)
	}
	if notes := strings.Join(table.Notes, "\n"); !strings.Contains(notes, "over budget: ocpp2.0.1 TransactionEvent") || strings.Contains(notes, "Heartbeat") {
		t.Errorf("notes: %s", notes)
	}
}

func TestParseRefusesWhatIsNoNumber(t *testing.T) {
	if lines, err := parse("BenchmarkMessage/ocpp1.6/Heartbeat-2 1 fast ns/op\n"); err == nil {
		t.Errorf("%v", lines)
	}
}
