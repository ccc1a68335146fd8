package report

import (
	"slices"
	"testing"
	"time"
)

func TestComplete(t *testing.T) {
	part := func(seqNo int, continues bool) Report { return Report{SeqNo: seqNo, Continues: continues} }
	for _, test := range []struct {
		name  string
		parts []Report
		want  bool
	}{
		{"none", nil, false},
		{"the only one", []Report{part(0, false)}, true},
		{"the last is missing", []Report{part(0, true), part(1, true)}, false},
		{"out of order", []Report{part(2, false), part(0, true), part(1, true)}, true},
		{"one is missing", []Report{part(0, true), part(2, false)}, false},
		{"one twice, one missing", []Report{part(0, true), part(0, true), part(2, false)}, false},
		{"the first is missing", []Report{part(1, false)}, false},
	} {
		if got := Complete(test.parts); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

func TestKeysSort(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("CET", 3600))
	for _, keys := range [][]string{
		{ByRequest(2), Part(2, 0), Part(2, 10), ByRequest(10), ByRequest(123456789)},
		{ByTime(at, "b"), ByTime(at.Add(time.Millisecond), "a")},
	} {
		if !slices.IsSorted(keys) {
			t.Errorf("%v", keys)
		}
	}
}
