package transaction

import (
	"iter"
	"reflect"
	"slices"
	"testing"
	"time"
)

// Specification: OCPP 1.6 sections 3.7.1, 4.8 and 4.10; E13; E04.FR.08; OCPP 2.0.1 part 2 section E 1.3.2.
func TestDoubts(t *testing.T) {
	started := Event{Kind: EventStarted, TransactionID: "T", At: at(0), SeqNo: ptr(0), Authorization: "Accepted"}
	ended := Event{Kind: EventEnded, TransactionID: "T", At: at(30), SeqNo: ptr(1)}
	changed := func(e Event, change func(*Event)) Event { change(&e); return e }
	energy := func(minute int, wh string) Event {
		return Event{Kind: EventUpdated, TransactionID: "T", At: at(minute), SeqNo: ptr(minute), Readings: reading(minute, SampledValue{Value: wh})}
	}
	inKWh := func(minute int, kWh string) Event {
		return changed(energy(minute, kWh), func(e *Event) { e.Readings[0].Values[0].Unit = "kWh" })
	}
	for _, test := range []struct {
		name   string
		events []Event
		want   []Doubt
	}{
		{"none", []Event{started, ended}, nil},
		{"the start never came", []Event{ended}, []Doubt{DoubtStartMissing}},
		{"a gap", []Event{started, changed(ended, func(e *Event) { e.SeqNo = ptr(5) })}, []Doubt{DoubtEventsMissing}},
		{"every seqNo is 0", []Event{started, changed(ended, func(e *Event) { e.SeqNo = ptr(0) })}, []Doubt{DoubtSeqNosRepeated}},
		{"the start came twice", []Event{started, started}, nil},
		{"another start", []Event{started, changed(started, func(e *Event) { e.At = at(5) }), ended}, []Doubt{DoubtToldTwice}},
		{"another start, and the first again", []Event{changed(started, func(e *Event) { e.At = at(5) }), started, started, ended}, []Doubt{DoubtToldTwice}},
		{"the end came twice", []Event{started, ended, ended}, nil},
		{"another end", []Event{started, changed(ended, func(e *Event) { e.At = at(40) }), ended}, []Doubt{DoubtToldTwice}},
		{"stopped below the start", []Event{changed(started, func(e *Event) { e.MeterStart = ptr(10.0) }), changed(ended, func(e *Event) { e.MeterStop = ptr(9.0) })}, []Doubt{DoubtMeterBackwards}},
		{"a reading below an earlier one", []Event{started, energy(1, "100"), energy(3, "150"), energy(2, "200")}, []Doubt{DoubtMeterBackwards}},
		{"readings that only grow, out of order", []Event{started, energy(3, "300"), energy(1, "100"), energy(2, "200")}, nil},
		{"stopped below a reading", []Event{started, energy(1, "100"), changed(ended, func(e *Event) { e.SeqNo, e.MeterStop = ptr(2), ptr(50.0) })}, []Doubt{DoubtMeterBackwards}},
		{"stopped at a reading that was told in kWh", []Event{started, inKWh(1, "259.475"), changed(ended, func(e *Event) { e.SeqNo, e.MeterStop = ptr(2), ptr(259475.0) })}, nil},
		{"stopped at a reading, in whole Wh", []Event{started, energy(1, "100.9"), changed(ended, func(e *Event) { e.SeqNo, e.MeterStop = ptr(2), ptr(100.0) })}, nil},
		{"stopped a Wh below a reading", []Event{started, energy(1, "101"), changed(ended, func(e *Event) { e.SeqNo, e.MeterStop = ptr(2), ptr(100.0) })}, []Doubt{DoubtMeterBackwards}},
		{"started in whole Wh", []Event{changed(started, func(e *Event) { e.MeterStart = ptr(101.0) }), energy(1, "100.6")}, nil},
		{"ended before it started", []Event{changed(started, func(e *Event) { e.At = at(60) }), ended}, []Doubt{DoubtEndBeforeStart}},
		{"ended by somebody who is not authorized", []Event{changed(ended, func(e *Event) { e.IDToken, e.Authorization = "B", "Invalid" }), started}, nil},
		{"not authorized, and told of nowhere else", []Event{changed(started, func(e *Event) { e.Authorization = "" }), changed(ended, func(e *Event) { e.Authorization = "Invalid" })}, []Doubt{DoubtNotAuthorized}},
		{"started before the clock was set", []Event{changed(started, func(e *Event) { e.At = time.Unix(90, 0) }), ended}, []Doubt{DoubtClockUnset}},
		{"not authorized", []Event{changed(started, func(e *Event) { e.Authorization = "Blocked" })}, []Doubt{DoubtNotAuthorized}},
	} {
		var got Transaction
		for _, event := range test.events {
			got = got.Apply(event)
		}
		if doubts := got.Doubts(); !slices.Equal(doubts, test.want) {
			t.Errorf("%s: %v, want %v", test.name, doubts, test.want)
		}
	}
}

func TestSupersede(t *testing.T) {
	running := Transaction{ID: "T1", State: Active, StartedAt: at(0)}
	if got := running.Supersede("T2"); got.SupersededBy != "T2" || !slices.Contains(got.Doubts(), DoubtSuperseded) {
		t.Errorf("%+v", got)
	}
	if got := running.Supersede("T1"); got.SupersededBy != "" {
		t.Error("a repeated start superseded itself")
	}
	if got := (Transaction{ID: "T1", State: Ended}).Supersede("T2"); got.SupersededBy != "" {
		t.Error("a transaction that has ended was superseded")
	}
}

// Whether another transaction is heard of before the end or behind it, and what comes after both, makes no difference: the mark
// stays while the end is not known.
func TestSupersedeInAnyOrder(t *testing.T) {
	supersede := func(t Transaction) Transaction { return t.Supersede("T2") }
	for name, test := range map[string]struct {
		events []Event
		want   string
	}{
		"it ended":        {session, ""},
		"the end is lost": {session[:3], "T2"},
	} {
		steps := []func(Transaction) Transaction{supersede}
		for _, event := range test.events {
			steps = append(steps, func(t Transaction) Transaction { return t.Apply(event) })
		}
		want := supersede(applied(test.events...))
		if want.SupersededBy != test.want || slices.Contains(want.Doubts(), DoubtSuperseded) != (test.want != "") {
			t.Errorf("%s: superseded by %q, %v", name, want.SupersededBy, want.Doubts())
		}
		for order := range permutations(len(steps)) {
			got := Transaction{ID: "T1"}
			for _, step := range order {
				got = steps[step](got)
			}
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("%s, order %v\n got %+v\nwant %+v", name, order, got, want)
			}
		}
	}
}

// permutations are the orders of n things.
func permutations(n int) iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		order := make([]int, 0, n)
		var more func() bool
		more = func() bool {
			if len(order) == n {
				return yield(order)
			}
			for next := range n {
				if slices.Contains(order, next) {
					continue
				}
				order = append(order, next)
				if !more() {
					return false
				}
				order = order[:len(order)-1]
			}
			return true
		}
		more()
	}
}

func TestDuration(t *testing.T) {
	running := Transaction{State: Active, StartedAt: at(0), LastEventAt: at(7)}
	ended := Transaction{State: Ended, StartedAt: at(0), EndedAt: at(5), LastEventAt: at(7)}
	for want, transaction := range map[time.Duration]Transaction{7 * time.Minute: running, 5 * time.Minute: ended, 0: {State: Ended, EndedAt: at(5)}} {
		if got := transaction.Duration(); got != want {
			t.Errorf("%+v: %v, want %v", transaction, got, want)
		}
	}
}
