package transaction

import (
	"reflect"
	"slices"
	"testing"
)

// wh is what a register shows.
func wh(value, location, phase, context string) SampledValue {
	return SampledValue{Value: value, Location: location, Phase: phase, Context: context}
}

// Energy is counted by the register at the outlet, by another one only where it is the only one, and never by two.
// Specification: OCPP 1.6 sections 7.30 and 7.43; OCPP 2.0.1 part 2 LocationEnumType, SampledValueType.
func TestRegistersOfOtherLocations(t *testing.T) {
	const begin, end = "Transaction.Begin", "Transaction.End"
	event := func(kind EventKind, minute int, values ...SampledValue) Event {
		return Event{Kind: kind, TransactionID: "T", At: at(minute), Readings: reading(minute, values...)}
	}
	with := func(e Event, start, stop *float64) Event { e.MeterStart, e.MeterStop = start, stop; return e }
	for _, test := range []struct {
		name        string
		events      []Event
		want        *float64
		start, stop *float64
		doubts      []Doubt
	}{
		{"outlet and inlet, marked", []Event{
			event(EventStarted, 0, wh("1000", "", "", begin), wh("900000", "Inlet", "", begin)),
			event(EventEnded, 9, wh("900520", "Inlet", "", end), wh("1500", "Outlet", "", end)),
		}, ptr(500.0), ptr(1000.0), ptr(1500.0), nil},
		{"outlet and inlet, not marked", []Event{
			event(EventStarted, 0, wh("900000", "Inlet", "", ""), wh("1000", "Outlet", "", "")),
			event(EventUpdated, 4, wh("900300", "Inlet", "", "")),
			event(EventEnded, 9, wh("900520", "Inlet", "", ""), wh("1500", "", "", "")),
		}, ptr(500.0), nil, nil, nil},
		{"a 1.6 stop with the inlet beside", []Event{
			with(event(EventStarted, 0), ptr(1000.0), nil),
			with(event(EventEnded, 9, wh("900520", "Inlet", "", end), wh("1500", "", "", end)), nil, ptr(1500.0)),
		}, ptr(500.0), ptr(1000.0), ptr(1500.0), nil},
		{"a 1.6 stop with the inlet alone", []Event{
			with(event(EventStarted, 0), ptr(1000.0), nil),
			event(EventUpdated, 4, wh("900300", "Inlet", "", "")),
			with(event(EventEnded, 9, wh("900520", "Inlet", "", end)), nil, ptr(1500.0)),
		}, ptr(500.0), ptr(1000.0), ptr(1500.0), nil},
		{"a 1.6 transaction under way with the inlet alone", []Event{
			with(event(EventStarted, 0), ptr(1000.0), nil),
			event(EventUpdated, 1, wh("900000", "Inlet", "", "")), event(EventUpdated, 4, wh("900300", "Inlet", "", "")),
		}, ptr(300.0), ptr(1000.0), nil, nil},
		{"a 1.6 transaction whose start is lost, with the inlet alone", []Event{
			event(EventUpdated, 1, wh("900000", "Inlet", "", "")), with(event(EventEnded, 9, wh("900520", "Inlet", "", end)), nil, ptr(1500.0)),
		}, ptr(520.0), nil, ptr(1500.0), []Doubt{DoubtStartMissing}},
		{"the inlet alone", []Event{
			event(EventStarted, 0, wh("900000", "Inlet", "", begin)), event(EventEnded, 9, wh("900520", "Inlet", "", end)),
		}, ptr(520.0), ptr(900000.0), ptr(900520.0), nil},
		{"the inlet alone, backwards", []Event{
			event(EventStarted, 0, wh("900000", "Inlet", "", "")), event(EventEnded, 9, wh("899000", "Inlet", "", "")),
		}, ptr(-1000.0), nil, nil, []Doubt{DoubtMeterBackwards}},
		{"inlet and body", []Event{
			event(EventStarted, 0, wh("900000", "Inlet", "", ""), wh("10", "Body", "", "")), event(EventEnded, 9, wh("900520", "Inlet", "", "")),
		}, nil, nil, nil, []Doubt{DoubtMeterUnclear}},
		{"the three phases", []Event{
			event(EventStarted, 0, wh("1000", "", "L1", begin), wh("2000", "", "L2", begin), wh("3000", "", "L3-N", begin)),
			event(EventEnded, 9, wh("1100", "", "L1", end), wh("2100", "Outlet", "L2-N", end), wh("3100", "", "L3", end)),
		}, ptr(300.0), ptr(6000.0), ptr(6300.0), nil},
		{"the three phases, and the inlet", []Event{
			event(EventStarted, 0, wh("1", "", "L1", ""), wh("2", "", "L2", ""), wh("3", "", "L3", ""), wh("900000", "Inlet", "", "")),
			event(EventEnded, 9, wh("101", "", "L1", ""), wh("102", "", "L2", ""), wh("103", "", "L3", ""), wh("900520", "Inlet", "", "")),
		}, ptr(300.0), nil, nil, nil},
		{"the three phases, and the whole", []Event{
			event(EventStarted, 0, wh("1", "", "L1", ""), wh("2", "", "L2", ""), wh("3", "", "L3", ""), wh("7", "", "", "")),
			event(EventEnded, 9, wh("101", "", "L1", ""), wh("102", "", "L2", ""), wh("103", "", "L3", ""), wh("308", "", "", "")),
		}, ptr(301.0), nil, nil, nil},
		{"the three phases, one backwards", []Event{
			event(EventStarted, 0, wh("50", "", "L1", ""), wh("2", "", "L2", ""), wh("3", "", "L3", "")),
			event(EventEnded, 9, wh("10", "", "L1", ""), wh("102", "", "L2", ""), wh("103", "", "L3", "")),
		}, ptr(160.0), nil, nil, []Doubt{DoubtMeterBackwards}},
		{"one phase", []Event{
			event(EventStarted, 0, wh("1", "", "L1", "")), event(EventEnded, 9, wh("101", "", "L1", "")),
		}, nil, nil, nil, []Doubt{DoubtMeterUnclear}},
		{"no reading", []Event{event(EventStarted, 0), event(EventEnded, 9)}, nil, nil, nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := applied(test.events...)
			if energy := want.Energy(); !reflect.DeepEqual(energy, test.want) {
				t.Errorf("energy %v, want %v", number(energy), number(test.want))
			}
			if start, stop := want.Marked(); !reflect.DeepEqual(start, test.start) || !reflect.DeepEqual(stop, test.stop) {
				t.Errorf("from %v to %v, want %v to %v", number(start), number(stop), number(test.start), number(test.stop))
			}
			if doubts := want.Doubts(); !slices.Equal(doubts, test.doubts) {
				t.Errorf("doubts %v, want %v", doubts, test.doubts)
			}
			for order := range permutations(len(test.events)) {
				var got Transaction
				for _, i := range order {
					got = got.Apply(test.events[i]).Apply(test.events[order[0]]) // the first again and again
				}
				if !reflect.DeepEqual(got, want) {
					t.Errorf("order %v\n got %+v\nwant %+v", order, got, want)
				}
			}
		})
	}
}

// Power is that of the outlet, or else of wherever it was measured last; the state of charge is the car's.
func TestPowerOfOtherLocations(t *testing.T) {
	power := func(minute int, watts, location string) Event {
		return Event{Kind: EventUpdated, TransactionID: "T", At: at(minute), Readings: reading(minute,
			SampledValue{Value: watts, Measurand: "Power.Active.Import", Location: location}, SampledValue{Value: watts[:2], Measurand: "SoC", Location: "EV"})}
	}
	for name, test := range map[string]struct {
		events []Event
		want   float64
	}{
		"inlet and outlet": {[]Event{power(1, "7000", ""), power(3, "9000", "Inlet"), power(2, "7100", "Outlet")}, 7100},
		"the inlet alone":  {[]Event{power(1, "9000", "Inlet"), power(2, "9100", "Inlet")}, 9100},
	} {
		for order := range permutations(len(test.events)) {
			var got Transaction
			for _, i := range order {
				got = got.Apply(test.events[i])
			}
			if got.Meter.Power.Value != test.want || got.Meter.SoC == nil {
				t.Errorf("%s, order %v: %+v, %+v", name, order, got.Meter.Power, got.Meter.SoC)
			}
		}
	}
}

// The record before an event is as it was.
func TestRegistersAreNotShared(t *testing.T) {
	before := applied(Event{Kind: EventStarted, TransactionID: "T", At: at(0), Readings: reading(0, wh("1", "Inlet", "", ""))})
	before.Apply(Event{Kind: EventUpdated, TransactionID: "T", At: at(1), Readings: reading(1, wh("9", "Inlet", "", ""))})
	if newest := before.Meter.Others["Inlet"].Newest; newest.Value != 1 {
		t.Errorf("%+v", newest)
	}
}

func number(f *float64) any {
	if f == nil {
		return nil
	}
	return *f
}
