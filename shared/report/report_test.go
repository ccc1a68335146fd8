package report

import (
	"os"
	"regexp"
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

func TestInOrder(t *testing.T) {
	part := func(name string, seqNo int, continues bool, second int) Report {
		return Report{Key: name, SeqNo: seqNo, Continues: continues, ReceivedAt: time.Unix(int64(second), 0)}
	}
	for _, test := range []struct {
		name  string
		parts []Report
		want  string
	}{
		{"none", nil, ""},
		{"numbered, the last came first", []Report{part("c", 2, false, 1), part("b", 1, true, 3), part("a", 0, true, 2)}, "abc"},
		{"without numbers", []Report{part("b", 0, true, 2), part("c", 0, false, 3), part("a", 0, true, 1)}, "abc"},
		{"not at its end", []Report{part("b", 1, true, 2), part("a", 0, true, 1)}, "ab"},
		{"a longer answer before", []Report{part("y", 2, true, 1), part("z", 3, false, 1), part("a", 0, true, 2), part("b", 1, false, 2)}, "ab"},
		{"a shorter answer before", []Report{part("a", 0, true, 3), part("b", 1, true, 3), part("c", 2, false, 3)}, "abc"},
		{"without numbers, an answer before", []Report{part("y", 0, true, 1), part("z", 0, false, 2), part("a", 0, true, 3), part("b", 0, false, 4)}, "ab"},
	} {
		got := ""
		for _, p := range InOrder(test.parts) {
			got += p.Key
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// A kind that Kinds does not have could not be asked for.
func TestKindsAreAllKinds(t *testing.T) {
	source, err := os.ReadFile("report.go")
	if err != nil {
		t.Fatal(err)
	}
	var declared []Kind
	for _, match := range regexp.MustCompile(`\bKind += "([a-z0-9-]+)"`).FindAllStringSubmatch(string(source), -1) {
		declared = append(declared, Kind(match[1]))
	}
	if !slices.Equal(declared, Kinds) {
		t.Errorf("declared are %v, Kinds has %v", declared, Kinds)
	}
}

func TestLasts(t *testing.T) {
	for kind, want := range map[Kind]bool{Firmware: true, ChargingLimit: true, SecurityEvent: false, CustomerInformation: false, "new": false} {
		if kind.Lasts() != want {
			t.Errorf("%s lasts: %t", kind, !want)
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
