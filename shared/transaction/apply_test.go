package transaction

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

var t0 = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

func ptr[T any](v T) *T { return &v }

func at(minutes int) time.Time { return t0.Add(time.Duration(minutes) * time.Minute) }

func reading(minutes int, values ...SampledValue) []Reading {
	return []Reading{{At: at(minutes), Values: values}}
}

// session is a 2.x transaction with a reading a minute.
var session = []Event{
	{Kind: EventStarted, TransactionID: "T1", At: at(0), SeqNo: ptr(0), Connector: "1#1", IDToken: "04AA", IDTokenType: "ISO14443", Authorization: "Accepted",
		ChargingState: "EVConnected", RemoteStartID: ptr(7), Readings: reading(0, SampledValue{Value: "1.5", Unit: "kWh", Context: "Transaction.Begin"})},
	{Kind: EventUpdated, TransactionID: "T1", At: at(1), SeqNo: ptr(1), ChargingState: "Charging",
		Readings: reading(1, SampledValue{Value: "1700", Unit: "Wh"}, SampledValue{Value: "11", Unit: "kW", Measurand: "Power.Active.Import"})},
	{Kind: EventUpdated, TransactionID: "T1", At: at(2), SeqNo: ptr(2), ChargingState: "SuspendedEV", Offline: true,
		Readings: reading(2, SampledValue{Value: "190", Multiplier: 1}, SampledValue{Value: "81", Measurand: "SoC", Unit: "Percent"})},
	{Kind: EventEnded, TransactionID: "T1", At: at(3), SeqNo: ptr(4), StopReason: "EVDisconnected", ChargingState: "Idle", IDToken: "04bb",
		Readings: reading(3, SampledValue{Value: "2500", Context: "Transaction.End"})},
}

func applied(events ...Event) (got Transaction) {
	for _, event := range events {
		got = got.Apply(event)
	}
	return got
}

// Specification: OCPP 2.0.1 part 2 section E 1.5; F01.FR.19; F02.FR.01.
func TestRecordOfASession(t *testing.T) {
	want := applied(session...)
	if energy := want.Energy(); energy == nil || *energy != 1000 {
		t.Fatalf("energy %v, want 1000 Wh", energy)
	}
	if want.State != Ended || want.StartedAt != at(0) || want.EndedAt != at(3) || want.IDToken != "04AA" || want.StopIDToken != "04bb" ||
		want.StopReason != "EVDisconnected" || want.Connector != "1#1" || !want.Offline || *want.RemoteStartID != 7 || want.ChargingState.Value != "Idle" || want.Authorization.Value != "Accepted" {
		t.Fatalf("record: %+v", want)
	}
	if want.Meter.Power.Value != 11000 || want.Meter.SoC.Value != 81 || want.SeqNos != "0-2,4" || want.SeqNos.Gaps() != "3" {
		t.Fatalf("readings or gaps: %+v %s", want.Meter, want.SeqNos.Gaps())
	}
}

// A start that the charge point repeats finds its transaction by the key: without it there would be a second one.
func TestTheStartStaysKnown(t *testing.T) {
	got := applied(Event{Kind: EventStarted, TransactionID: "42", At: at(0), StartKey: "key", ReservationID: ptr(9)}, Event{Kind: EventEnded, TransactionID: "42", At: at(3)})
	if got.StartKey != "key" || got.ReservationID == nil || *got.ReservationID != 9 {
		t.Errorf("record: %+v", got)
	}
}

// Events end in one record in whatever order they come, and however often (OCPP 2.0.1 part 2 E 1.3.2, E13; OCPP 1.6 section 3.7).
func TestAnyOrderAndRepetitionEndInTheSameRecord(t *testing.T) {
	changed := func(change func(i int, e *Event)) []Event {
		events := slices.Clone(session)
		for i := range events {
			change(i, &events[i])
		}
		return events
	}
	random := rand.New(rand.NewPCG(1, 2))
	for name, events := range map[string][]Event{
		"a session":                 session,
		"one sequence number":       changed(func(_ int, e *Event) { e.SeqNo = ptr(0) }),
		"no sequence numbers":       changed(func(_ int, e *Event) { e.SeqNo = nil }),
		"a clock that stands still": changed(func(_ int, e *Event) { e.At, e.Readings = at(0), nil }),
		"the start is lost":         session[1:],
		"the end is lost":           session[:3],
		"the end came with another": append(changed(func(int, *Event) {}), Event{Kind: EventEnded, TransactionID: "T1", At: at(4), SeqNo: ptr(5), StopReason: "Local", IDToken: "05CC", MeterStop: ptr(2600.0)}),
		"the last end says less":    append(changed(func(int, *Event) {}), Event{Kind: EventEnded, TransactionID: "T1", At: at(4), SeqNo: ptr(5)}),
		"the start came with another": append(changed(func(_ int, e *Event) {
			if e.Kind == EventStarted {
				e.MeterStart = ptr(1490.0)
			}
		}), Event{Kind: EventStarted, TransactionID: "T1", At: at(-1), SeqNo: ptr(0), ReservationID: ptr(9), StartKey: "key", MeterStart: ptr(1480.0)}),
		"the meter stands still": changed(func(i int, e *Event) { e.Readings = reading(i, SampledValue{Value: "1500", Unit: "Wh"}) }),
	} {
		t.Run(name, func(t *testing.T) {
			want := applied(events...)
			for range 200 {
				shuffled := append(slices.Clone(events), events[random.IntN(len(events))], events[random.IntN(len(events))])
				random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
				if got := applied(shuffled...); !reflect.DeepEqual(got, want) {
					t.Fatalf("order %v\n got %+v\nwant %+v", shuffled, got, want)
				}
			}
		})
	}
}

// Who charges is whom the start names, else the earliest update, whoever stops the transaction; likewise the connector.
// Specification: OCPP 2.0.1 part 2 section E 1.5; E02; E03; E07 (stopped with a token of the same group).
func TestWhoCharges(t *testing.T) {
	event := func(kind EventKind, seqNo int, token, connector string) Event {
		e := Event{Kind: kind, TransactionID: "T", At: at(seqNo), SeqNo: ptr(seqNo), IDToken: token, Connector: connector}
		if token != "" {
			e.IDTokenType = "type of " + token
		}
		return e
	}
	now := func(e Event) Event { e.At = at(0); return e }
	typed := func(e Event, of string) Event { e.IDTokenType = of; return e }
	for name, test := range map[string]struct {
		events                       []Event
		token, kind, stop, connector string
	}{
		"cable first, stopped by another":  {[]Event{event(EventStarted, 0, "", "1"), event(EventUpdated, 1, "ALICE", ""), event(EventUpdated, 2, "", ""), event(EventEnded, 3, "BOB", "")}, "ALICE", "type of ALICE", "BOB", "1"},
		"stopped by another in two events": {[]Event{event(EventStarted, 0, "", ""), event(EventUpdated, 1, "ALICE", "1#1"), event(EventUpdated, 2, "BOB", "1#2"), event(EventEnded, 3, "BOB", "2")}, "ALICE", "type of ALICE", "BOB", "1#1"},
		"the start names it":               {[]Event{event(EventStarted, 2, "CAROL", "2"), event(EventUpdated, 1, "ALICE", "1"), event(EventEnded, 3, "BOB", "3")}, "CAROL", "type of CAROL", "BOB", "2"},
		"the end alone names it":           {[]Event{event(EventStarted, 0, "", ""), event(EventUpdated, 1, "", ""), event(EventEnded, 3, "BOB", "3")}, "BOB", "type of BOB", "BOB", "3"},
		"of one moment":                    {[]Event{now(event(EventUpdated, 1, "ALICE", "1")), now(event(EventUpdated, 2, "BOB", "2"))}, "ALICE", "type of ALICE", "", "1"},
		"of one moment and number":         {[]Event{event(EventUpdated, 1, "BOB", "2"), event(EventUpdated, 1, "ALICE", "1")}, "ALICE", "type of ALICE", "", "1"},
		"without authorization at first":   {[]Event{typed(event(EventStarted, 0, "", ""), "NoAuthorization"), event(EventUpdated, 1, "ALICE", "")}, "ALICE", "type of ALICE", "", ""},
		"without authorization":            {[]Event{typed(event(EventStarted, 0, "", ""), "NoAuthorization"), typed(event(EventUpdated, 1, "", ""), "Central")}, "", "NoAuthorization", "", ""},
	} {
		want := applied(test.events...)
		if want.IDToken != test.token || want.IDTokenType != test.kind || want.StopIDToken != test.stop || want.Connector != test.connector {
			t.Errorf("%s: token %q of type %q, stopped with %q, connector %q", name, want.IDToken, want.IDTokenType, want.StopIDToken, want.Connector)
		}
		for order := range permutations(len(test.events)) {
			var got Transaction
			for _, i := range order {
				got = got.Apply(test.events[i]).Apply(test.events[order[0]])
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s, order %v\n got %+v\nwant %+v", name, order, got, want)
			}
		}
	}
}

// A record from before it was noted which event named the token and the connector gives way to the start alone.
func TestWhoChargesByAnOlderRecord(t *testing.T) {
	older := Transaction{ID: "T", IDToken: "ALICE", Connector: "1", State: Active}
	if got := older.Apply(Event{Kind: EventUpdated, TransactionID: "T", At: at(0), IDToken: "BOB", Connector: "2"}); got.IDToken != "ALICE" || got.Connector != "1" {
		t.Errorf("after an update: %+v", got)
	}
	if got := older.Apply(Event{Kind: EventStarted, TransactionID: "T", At: at(0), IDToken: "BOB", Connector: "2"}); got.IDToken != "BOB" || got.Connector != "2" {
		t.Errorf("after the start: %+v", got)
	}
}

// Clocks of whole seconds give several events one moment: their numbers tell the last, and where all are 0, their kinds.
// Specification: OCPP 2.0.1 part 2 section E 1.3.2.
func TestEventsOfOneMoment(t *testing.T) {
	event := func(kind EventKind, seqNo int, state string) Event {
		return Event{Kind: kind, TransactionID: "T", At: at(0), SeqNo: ptr(seqNo), ChargingState: state}
	}
	for name, events := range map[string][]Event{
		"numbered": {event(EventUpdated, 2, "Charging"), event(EventUpdated, 1, "SuspendedEV"), event(EventStarted, 0, "EVConnected")},
		"all 0":    {event(EventUpdated, 0, "Charging"), event(EventStarted, 0, "EVConnected")},
		"alike":    {event(EventUpdated, 0, "SuspendedEV"), event(EventUpdated, 0, "Charging")},
	} {
		want := "Charging"
		if name == "alike" {
			want = "SuspendedEV" // one of the two, in any order
		}
		backwards := slices.Clone(events)
		slices.Reverse(backwards)
		for _, got := range []Transaction{applied(events...), applied(backwards...)} {
			if got.ChargingState.Value != want {
				t.Errorf("%s: %+v", name, got.ChargingState)
			}
		}
	}
}

// Specification: OCPP 1.6 section 4.7; OCPP 2.0.1 part 2 section E 1.3.2; E04.FR.08.
func TestEndWithoutStart(t *testing.T) {
	got := Transaction{}.Apply(Event{Kind: EventEnded, TransactionID: "T2", At: at(9), MeterStop: ptr(500.0)})
	if got.State != Ended || !got.StartedAt.IsZero() || got.Energy() != nil {
		t.Errorf("%+v", got)
	}
	if got = got.Apply(Event{Kind: EventUpdated, TransactionID: "T2", At: at(8)}); got.State != Ended {
		t.Errorf("a late event reopened the transaction: %+v", got)
	}
}

func TestEnergyWithoutMarkedReadings(t *testing.T) {
	got := Transaction{}.
		Apply(Event{Kind: EventUpdated, TransactionID: "T", At: at(2), Readings: reading(2, SampledValue{Value: "300"})}).
		Apply(Event{Kind: EventUpdated, TransactionID: "T", At: at(1), Readings: reading(1, SampledValue{Value: "100"}, SampledValue{Value: "999", Phase: "L1"})})
	if energy := got.Energy(); energy == nil || *energy != 200 {
		t.Errorf("energy %v, want 200", energy)
	}
}

func TestNumber(t *testing.T) {
	for _, test := range []struct {
		value SampledValue
		want  float64
		ok    bool
	}{
		{SampledValue{Value: "12.5"}, 12.5, true},
		{SampledValue{Value: " 1.25", Unit: "kWh"}, 1250, true},
		{SampledValue{Value: "7", Unit: "kW", Multiplier: -1}, 700, true},
		{SampledValue{Value: "259.475", Unit: "kWh"}, 259475, true}, // 259475.00000000003 by multiplication
		{SampledValue{Value: "2.59475E2", Unit: "kWh"}, 259475, true},
		{SampledValue{Value: "-1.1", Multiplier: 3}, -1100, true},
		{SampledValue{Value: "3", Multiplier: -1}, 0.3, true},
		{SampledValue{Value: "1", Unit: "kW", Multiplier: -3}, 1, true},
		{SampledValue{Value: "0", Multiplier: 400}, 0, true},
		{SampledValue{Value: "1e300", Multiplier: 10}, 0, false},
		{SampledValue{Value: "1e99"}, 1e99, true},
		{SampledValue{Value: "-1e101"}, 0, false},
		{SampledValue{Value: "1e-101"}, 0, false},
		{SampledValue{Value: "1e99", Unit: "kWh"}, 0, false},
		{SampledValue{Value: "1.5", Unit: "KWh"}, 1500, true},
		{SampledValue{Value: "1.5", Unit: "wh"}, 1.5, true},
		{SampledValue{Value: "1.5", Unit: "MWh"}, 0, false},
		{SampledValue{Value: "12,5"}, 0, false},
		{SampledValue{Value: "abc"}, 0, false},
		{SampledValue{Value: "NaN"}, 0, false},
		{SampledValue{Value: "00ff", Format: "SignedData"}, 0, false},
	} {
		if got, ok := test.value.Number(); got != test.want || ok != test.ok {
			t.Errorf("%+v: %v %v", test.value, got, ok)
		}
	}
}

// Every Wh told in kWh is that Wh.
func TestNumberIsTheDecimal(t *testing.T) {
	for wh := range 100_000 {
		value := SampledValue{Value: fmt.Sprintf("%d.%03d", wh/1000, wh%1000), Unit: "kWh"}
		if got, _ := value.Number(); got != float64(wh) {
			t.Fatalf("%s kWh are %v Wh", value.Value, got)
		}
	}
}

// Energy is the difference of the decimals that the meter showed.
func TestEnergyIsTheDecimal(t *testing.T) {
	for _, test := range []struct {
		first, last, unit string
		want              float64
	}{
		{"259.475", "259.788", "kWh", 313},
		{"1.1", "4.4", "kWh", 3300},
		{"1000.1", "1000.4", "Wh", 0.3}, // 0.2999999999999545 by subtraction
		{"259475.1234567", "259475.1234566", "Wh", 0},
		{"3", "1.5", "Wh", -1.5},
	} {
		energy := applied(
			Event{Kind: EventStarted, TransactionID: "T", At: at(0), Readings: reading(0, SampledValue{Value: test.first, Unit: test.unit, Context: "Transaction.Begin"})},
			Event{Kind: EventEnded, TransactionID: "T", At: at(9), Readings: reading(9, SampledValue{Value: test.last, Unit: test.unit, Context: "Transaction.End"})},
		).Energy()
		if energy == nil || *energy != test.want || *energy == 0 && math.Signbit(*energy) {
			t.Errorf("from %s to %s %s: %v, want %v", test.first, test.last, test.unit, *energy, test.want)
		}
	}
}

// Specification: OCPP 2.0.1 part 2 section E 1.3.2.
func TestRanges(t *testing.T) {
	for _, test := range []struct {
		numbers   []int
		set, gaps Ranges
	}{
		{nil, "", ""},
		{[]int{0}, "0", ""},
		{[]int{0, 1, 2, 2, 1}, "0-2", ""},
		{[]int{5, 0, 3, 1}, "0-1,3,5", "2,4"},
		{[]int{10, 2, 3}, "2-3,10", "4-9"},
	} {
		var set Ranges
		for _, n := range test.numbers {
			set = set.Add(n)
		}
		if set != test.set || set.Gaps() != test.gaps {
			t.Errorf("%v: %q gaps %q", test.numbers, set, set.Gaps())
		}
	}
}

// Specification: OCPP 1.6 sections 7.28 and 4.8; OCPP 2.0.1 part 2 IdTokenType; OCPP 1.6 errata 3.54.
// A charge point that leaves out every other number does not make its record grow without end.
func TestRangesStaySmall(t *testing.T) {
	var set Ranges
	for n := range 10_000 {
		set = set.Add(2 * n)
	}
	if len(set) > 1000 {
		t.Errorf("the set has %d bytes", len(set))
	}
	gaps := string(set.Gaps())
	if !strings.HasSuffix(gaps, ",19995,19997") || strings.HasPrefix(gaps, "1,") || !strings.HasPrefix(string(set), "0-") {
		t.Errorf("set %s, gaps %s: the first gaps are forgotten, the last are not", set, gaps)
	}
}

func TestStartIDs(t *testing.T) {
	key := StartKey(1, "TAG", t0, 100)
	if key != StartKey(1, "tag", t0.In(time.FixedZone("CET", 3600)), 100) {
		t.Error("the same start in another spelling is another key")
	}
	first, second := NewID("CP001", key, 0), NewID("CP001", key, 1)
	if first <= 0 || first > 0x7fffffff || first == second || first == NewID("CP002", key, 0) || first != NewID("CP001", key, 0) {
		t.Errorf("ids %d %d", first, second)
	}
}
