package transaction

import (
	"strings"
	"time"
)

// Doubt says why a record should be looked at before somebody is billed for it. A charge point is never
// told: its messages are acknowledged whatever is thought of them (OCPP 1.6 section 4.8).
type Doubt string

const (
	DoubtStartMissing   Doubt = "startMissing"   // no start was received
	DoubtEventsMissing  Doubt = "eventsMissing"  // there are gaps in the sequence numbers
	DoubtSeqNosRepeated Doubt = "seqNosRepeated" // different events carry one sequence number, so gaps cannot be seen
	DoubtToldTwice      Doubt = "toldTwice"      // two starts, or two ends, of different times: the id may be that of two transactions
	DoubtMeterBackwards Doubt = "meterBackwards" // the meter shows less than it did before
	DoubtMeterUnclear   Doubt = "meterUnclear"   // registers of several locations, or of single phases, and none of all phases at the outlet
	DoubtClockUnset     Doubt = "clockUnset"     // it is dated before there was OCPP 1.6: the charge point did not know the time
	DoubtEndBeforeStart Doubt = "endBeforeStart" // by the charge point's clock
	DoubtSuperseded     Doubt = "superseded"     // another transaction began on the connector, and the end of this one is not known
	DoubtNotAuthorized  Doubt = "notAuthorized"  // the id token was not accepted
)

// Doubts are what the record itself gives reason for, in the order above.
func (t Transaction) Doubts() []Doubt {
	var doubts []Doubt
	for _, each := range []struct {
		doubt Doubt
		holds bool
	}{
		{DoubtStartMissing, t.StartedAt.IsZero()},
		{DoubtEventsMissing, t.SeqNos.Gaps() != ""},
		{DoubtSeqNosRepeated, t.seqNosRepeated()},
		{DoubtToldTwice, t.ToldTwice},
		{DoubtMeterBackwards, t.register().backwards()},
		{DoubtMeterUnclear, len(t.Meter.Others) > 0 && t.Energy() == nil},
		{DoubtClockUnset, unset(t.StartedAt) || unset(t.EndedAt)},
		{DoubtEndBeforeStart, t.State == Ended && !t.StartedAt.IsZero() && t.EndedAt.Before(t.StartedAt)},
		{DoubtSuperseded, t.SupersededBy != ""},
		{DoubtNotAuthorized, t.Authorization.Value != "" && t.Authorization.Value != "Accepted"},
	} {
		if each.holds {
			doubts = append(doubts, each.doubt)
		}
	}
	return doubts
}

// unset tells whether a clock that was never set, or a receiver of GPS that counts its weeks anew, told a time.
func unset(at time.Time) bool { return !at.IsZero() && at.Year() < 2015 }

// seqNosRepeated: one number for events of different times. A real simulator numbers every event 0.
func (t Transaction) seqNosRepeated() bool {
	one := t.SeqNos != "" && !strings.ContainsAny(string(t.SeqNos), "-,")
	return one && !t.StartedAt.IsZero() && t.LastEventAt.After(t.StartedAt)
}

// wholeWh is the unit in which 1.6 tells the register at the start and at the end. What readings show behind the point is cut off
// there, or rounded.
const wholeWh = 1

// Duration is how long the transaction took or has taken by the charge point's clock, up to its last event; 0 while
// its start is not known.
func (t Transaction) Duration() time.Duration {
	end := t.EndedAt
	if t.State != Ended {
		end = t.LastEventAt
	}
	if t.StartedAt.IsZero() || end.Before(t.StartedAt) {
		return 0
	}
	return end.Sub(t.StartedAt)
}

// Supersede notes that another transaction began on the same connector. One that has ended is not superseded, whichever
// of the two is heard first: Apply takes the note away with the end.
func (t Transaction) Supersede(by string) Transaction {
	if t.State != Ended && by != t.ID {
		t.SupersededBy = by
	}
	return t
}
