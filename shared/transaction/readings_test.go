package transaction

import (
	"reflect"
	"testing"
	"time"
)

func TestOnlyReads(t *testing.T) {
	periodic := Event{Kind: EventUpdated, Periodic: true, TransactionID: "T1", At: at(1), SeqNo: ptr(1), Connector: "1", ChargingState: "Charging", Readings: reading(1, SampledValue{Value: "1"})}
	for name, test := range map[string]struct {
		change func(*Event)
		want   bool
	}{
		"a reading":             {func(*Event) {}, true},
		"a start":               {func(e *Event) { e.Kind = EventStarted }, false},
		"an end":                {func(e *Event) { e.Kind = EventEnded }, false},
		"something has changed": {func(e *Event) { e.Periodic = false }, false},
		"no reading":            {func(e *Event) { e.Readings = nil }, false},
		"of an offline time":    {func(e *Event) { e.Offline = true }, false},
		"with an id token":      {func(e *Event) { e.IDToken = "04AA" }, false},
		"with a remote start":   {func(e *Event) { e.RemoteStartID = ptr(1) }, false},
		"with a reservation":    {func(e *Event) { e.ReservationID = ptr(1) }, false},
		"with a stop reason":    {func(e *Event) { e.StopReason = "Local" }, false},
	} {
		e := periodic
		test.change(&e)
		if got := e.OnlyReads(); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// An event that is told a minute after its time is late, and one of a clock that is ahead is not.
func TestLate(t *testing.T) {
	for after, want := range map[time.Duration]bool{-time.Hour: false, 0: false, time.Minute: false, time.Minute + time.Millisecond: true, 24 * time.Hour: true} {
		if got := (Event{At: at(0)}).Late(at(0).Add(after)); got != want {
			t.Errorf("told %v after its time: %t", after, got)
		}
	}
	if !(Event{}).Late(at(0)) {
		t.Error("an event of no time is not late")
	}
}

// Whenever the readings of a transaction are taken in, before its end, with it, behind it, or twice, the record is the same.
func TestReadingsMayBeTakenInLate(t *testing.T) {
	readings := session[1:3]
	want := applied(session...)
	for name, got := range map[string]Transaction{
		"with the end":   applied(session[0]).ApplyAll(readings).Apply(session[3]),
		"behind the end": applied(session[0], session[3]).ApplyAll(readings),
		"twice":          applied(session[0]).ApplyAll(readings).Apply(session[3]).ApplyAll(readings),
		"before all":     Transaction{}.ApplyAll(readings).Apply(session[0]).Apply(session[3]),
	} {
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v\nwant %+v", name, got, want)
		}
	}
}

func TestFollowedAt(t *testing.T) {
	minutes := map[int]bool{}
	for _, id := range []string{"CP001", "CP002", "CP003", "depot:north-7"} {
		var followed []int
		for second := range 30 * 60 {
			if minute := second / 60; FollowedAt(id, t0.Add(time.Duration(second)*time.Second)) && (len(followed) == 0 || followed[len(followed)-1] != minute) {
				followed = append(followed, minute)
			}
		}
		if len(followed) != 2 || followed[1]-followed[0] != 15 {
			t.Errorf("%s is followed in the minutes %v of half an hour", id, followed)
			continue
		}
		minutes[followed[0]] = true
	}
	if len(minutes) < 2 {
		t.Errorf("all are followed in the minute %v", minutes)
	}
}

// A record has all that its readings say where both ends are known, the numbers tell that nothing lacks, and the meter was read at the end.
func TestSettled(t *testing.T) {
	end := func(change func(*Event)) Event {
		e := Event{Kind: EventEnded, TransactionID: "T1", At: at(3), SeqNo: ptr(1), Readings: reading(3, SampledValue{Value: "2500"})}
		change(&e)
		return e
	}
	all, behindEnd := time.Time{}, at(3).Add(-30*time.Minute)
	start16 := Event{Kind: EventStarted, TransactionID: "42", At: at(0), MeterStart: ptr(0.0)}
	end16 := Event{Kind: EventEnded, TransactionID: "42", At: at(3), MeterStop: ptr(9.0)}
	for name, test := range map[string]struct {
		record Transaction
		want   bool
		since  time.Time
	}{
		"running":                     {applied(session[0]), false, all},
		"ended":                       {applied(session[0], end(func(*Event) {})), true, behindEnd},
		"ended with a marked reading": {applied(session[0], end(func(e *Event) { e.Readings = reading(2, SampledValue{Value: "2500", Context: "Transaction.End"}) })), true, behindEnd},
		"ended in 1.6":                {applied(start16, end16), true, behindEnd},
		"an event lacks":              {applied(session[0], end(func(e *Event) { e.SeqNo = ptr(3) })), false, all},
		"the start lacks":             {applied(end(func(*Event) {})), false, all},
		"the start lacks in 1.6":      {applied(end16), false, all},
		"all numbers are 0":           {applied(session[0], end(func(e *Event) { e.SeqNo = ptr(0) })), false, all},
		"the meter was not read":      {applied(session[0], end(func(e *Event) { e.Readings = nil })), false, behindEnd},
		"the meter was read before":   {applied(session[0], end(func(e *Event) { e.Readings = reading(2, SampledValue{Value: "2500"}) })), false, behindEnd},
	} {
		if got := test.record.Settled(); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
		if got := test.record.ReadSince(); !got.Equal(test.since) {
			t.Errorf("%s: since %v", name, got)
		}
	}
}
