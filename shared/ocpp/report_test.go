package ocpp

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/report"
)

// TestWhatIsTheSame tells which of two messages would replace the other.
func TestWhatIsTheSame(t *testing.T) {
	at := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	one, two := 1, 2
	first := Received{At: at, Payload: json.RawMessage(`{"a":1}`)}
	repeated := Received{At: at.Add(time.Minute), Payload: first.Payload}
	other := Received{At: at.Add(time.Second), Payload: json.RawMessage(`{"a":2}`)}
	for _, test := range []struct {
		name string
		a, b []Effect
		same bool
	}{
		{"progress of one request", first.Progress(report.Log, &one), other.Progress(report.Log, &one), true},
		{"progress of two requests", first.Progress(report.Log, &one), first.Progress(report.Log, &two), false},
		{"progress without a request", first.Progress(report.Log, nil), other.Progress(report.Log, nil), true},
		{"an occurrence repeated", first.Occurrence(report.Log, at), repeated.Occurrence(report.Log, at), true},
		{"two of one moment", first.Occurrence(report.Log, at), other.Occurrence(report.Log, at), false},
		{"one at two moments", first.Occurrence(report.Log, at), first.Occurrence(report.Log, other.At), false},
		{"two occurrences of one thing", first.OccurrenceOf(report.Log, 1, at), other.OccurrenceOf(report.Log, 1, at), false},
		{"an occurrence of two things", first.OccurrenceOf(report.Log, 1, at), first.OccurrenceOf(report.Log, 2, at), false},
		{"an occurrence of one thing applied twice", first.OccurrenceOf(report.Log, 1, at), first.OccurrenceOf(report.Log, 1, at), true},
		{"two parts", first.Part(report.Log, 1, 0, true, at), first.Part(report.Log, 1, 1, false, at), false},
		{"a part generated again", first.Part(report.Log, 1, 0, true, at), other.Part(report.Log, 1, 0, true, other.At), true},
		{"an unnumbered part repeated", first.UnnumberedPart(report.Log, 1, true), repeated.UnnumberedPart(report.Log, 1, true), true},
		{"two unnumbered parts", first.UnnumberedPart(report.Log, 1, true), other.UnnumberedPart(report.Log, 1, false), false},
		{"two parts of an occurrence", first.OccurrencePart(report.Log, 0, true, at), first.OccurrencePart(report.Log, 1, false, at), false},
	} {
		if same := key(t, test.a) == key(t, test.b); same != test.same {
			t.Errorf("%s: same is %t: %s, %s", test.name, same, key(t, test.a), key(t, test.b))
		}
	}
	if a, b := key(t, first.OccurrencePart(report.Log, 9, true, at)), key(t, first.OccurrencePart(report.Log, 10, true, at)); a > b {
		t.Errorf("parts do not sort: %s, %s", a, b)
	}
}

func key(t *testing.T, effects []Effect) string {
	t.Helper()
	reported, is := effects[0].(Reported)
	if len(effects) != 1 || !is {
		t.Fatalf("effects %+v", effects)
	}
	return reported.Report.Key
}
