package transaction

import (
	"cmp"
	"maps"
	"strings"
)

// Register is what is known of an energy register, in Wh; nil is never told. It counts up.
type Register struct {
	Start, Stop *float64 // in readings that are marked as the start and the end of the transaction
	First       *Measured
	Highest     *Measured // the earliest of equal ones
	Newest      *Measured
}

func (r Register) read(context string, measured Measured) Register {
	switch context {
	case "Transaction.Begin":
		lower(&r.Start, &measured.Value)
	case "Transaction.End":
		higher(&r.Stop, &measured.Value)
	}
	r.Newest = newer(r.Newest, measured)
	if first := r.First; first == nil || cmp.Or(measured.At.Compare(first.At), cmp.Compare(measured.Value, first.Value)) < 0 {
		r.First = &measured
	}
	if highest := r.Highest; highest == nil || measured.Value > highest.Value || measured.Value == highest.Value && measured.At.Before(highest.At) {
		r.Highest = &measured
	}
	return r
}

// energy is what the register counted, nil while it cannot be told. One of which no reading is marked as the beginning or the
// end of the transaction is taken by its first and its newest.
func (r Register) energy() *float64 {
	first, last := r.Start, r.Stop
	if first == nil && r.First != nil {
		first = &r.First.Value
	}
	if last == nil && r.Newest != nil {
		last = &r.Newest.Value
	}
	if first == nil || last == nil {
		return nil
	}
	energy := difference(*last, *first)
	return &energy
}

// backwards tells whether the register shows less than it did before.
func (r Register) backwards() bool {
	if energy := r.energy(); energy != nil && *energy <= -wholeWh {
		return true
	}
	if r.Highest == nil {
		return false
	}
	if r.Newest.At.After(r.Highest.At) && r.Newest.Value < r.Highest.Value {
		return true
	}
	return r.Stop != nil && difference(*r.Stop, r.Highest.Value) <= -wholeWh
}

// outlet is where a charge point measures what the car gets, and the location of a value that names none, in every version.
const outlet = "Outlet"

func (v SampledValue) elsewhere() bool { return v.Location != "" && v.Location != outlet }

// own is the register that 1.6 tells of at the start and the end: the one of all phases at the outlet.
func (t Transaction) own() Register {
	return Register{t.MeterStart, t.MeterStop, t.Meter.FirstEnergy, t.Meter.HighestEnergy, t.Meter.Energy}
}

// readEnergy takes a reading of a register in. What other registers show, which count what the cabinet uses, or one phase, is kept apart
// while the own one is not known, and is of no use any more once it is.
func (t Transaction) readEnergy(value SampledValue, measured Measured) Transaction {
	if !value.elsewhere() && value.Phase == "" {
		own := t.own().read(value.Context, measured)
		t.MeterStart, t.MeterStop = own.Start, own.Stop
		t.Meter.FirstEnergy, t.Meter.HighestEnergy, t.Meter.Energy = own.First, own.Highest, own.Newest
		t.Meter.Others = nil
		return t
	}
	if t.Meter.Energy != nil {
		return t
	}
	others := maps.Clone(t.Meter.Others)
	if others == nil {
		others = make(map[string]Register)
	}
	name := registerName(cmp.Or(value.Location, outlet), value.Phase)
	others[name] = others[name].read(value.Context, measured)
	t.Meter.Others = others
	return t
}

// registerName is the location, of a single phase with it: "Inlet", "Outlet L1".
func registerName(location, phase string) string {
	return strings.TrimSpace(location + " " + strings.TrimSuffix(phase, "-N"))
}

// register is the one that says what was charged: the own one, or if that does not tell, the only other one. Two registers are never
// set against each other.
func (t Transaction) register() Register {
	own := t.own()
	if own.energy() == nil {
		if other, found := t.Meter.other(); found {
			return other
		}
	}
	return own
}

// other is the register of the three phases at the outlet, else the one of another location if there is one such.
func (m Meter) other() (other Register, found bool) {
	if other, found = m.at(outlet); found {
		return other, true
	}
	locations := make(map[string]bool)
	for name := range m.Others {
		location, _, _ := strings.Cut(name, " ")
		locations[location] = true
	}
	for location := range locations {
		register, told := m.at(location)
		switch {
		case !told:
		case found:
			return Register{}, false // nobody can say which of the two
		default:
			other, found = register, true
		}
	}
	return other, found
}

// at is the register of a location: that of the whole, else the sum of its phases.
func (m Meter) at(location string) (sum Register, found bool) {
	if whole, found := m.Others[location]; found {
		return whole, true
	}
	for i, phase := range []string{"L1", "L2", "L3"} {
		register, found := m.Others[registerName(location, phase)]
		switch {
		case !found:
			return Register{}, false
		case i == 0:
			sum = register
		default:
			sum = sum.plus(register)
		}
	}
	return sum, true
}

func (r Register) plus(other Register) Register {
	return Register{
		Start: plus(r.Start, other.Start), Stop: plus(r.Stop, other.Stop),
		First: r.First.plus(other.First), Highest: r.Highest.plus(other.Highest), Newest: r.Newest.plus(other.Newest),
	}
}

func plus(a, b *float64) *float64 {
	if a == nil || b == nil {
		return nil
	}
	sum := difference(*a, -*b)
	return &sum
}

// plus is dated as the earlier one.
func (m *Measured) plus(other *Measured) *Measured {
	sum := Measured{At: m.At, Value: difference(m.Value, -other.Value)}
	if other.At.Before(sum.At) {
		sum.At = other.At
	}
	return &sum
}

// Marked is what the register showed at the start and at the end, nil where no message says so.
func (t Transaction) Marked() (start, stop *float64) {
	if t.MeterStart != nil || t.MeterStop != nil {
		return t.MeterStart, t.MeterStop
	}
	register := t.register()
	return register.Start, register.Stop
}
