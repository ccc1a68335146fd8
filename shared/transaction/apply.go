package transaction

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Apply returns the transaction after an event. Applying events again, or in another order, ends in
// the same record: each field takes the value with the best claim, by the charge point's own clock,
// never the one that merely arrived last (OCPP 2.0.1 part 2 section E 1.3.2, OCPP 1.6 section 3.7).
func (t Transaction) Apply(e Event) Transaction {
	t.ID = e.TransactionID
	if t.State == "" {
		t.State = Active
	}
	switch e.Kind {
	case EventStarted:
		if t.StartedAt.IsZero() || e.At.Before(t.StartedAt) {
			t.StartedAt = e.At
		}
	case EventEnded:
		t.State = Ended
		if e.At.After(t.EndedAt) {
			t.EndedAt = e.At
		}
		keep(&t.StopIDToken, e.IDToken, true)
		keep(&t.StopReason, e.StopReason, true)
	case EventUpdated:
	}

	keep(&t.Connector, e.Connector, t.Connector == "" || e.Kind == EventStarted)
	if e.Kind != EventEnded || t.IDToken == "" {
		keep(&t.IDToken, e.IDToken, t.IDToken == "" || e.Kind == EventStarted)
		keep(&t.IDTokenType, e.IDTokenType, t.IDTokenType == "" || e.Kind == EventStarted)
	}
	t.Authorization.keep(e.At, e.Authorization)
	t.ChargingState.keep(e.At, e.ChargingState)
	keep(&t.StartKey, e.StartKey, true)
	keepNumber(&t.RemoteStartID, e.RemoteStartID)
	keepNumber(&t.ReservationID, e.ReservationID)
	keepNumber(&t.MeterStart, e.MeterStart)
	keepNumber(&t.MeterStop, e.MeterStop)
	t.Offline = t.Offline || e.Offline
	if e.SeqNo != nil {
		t.SeqNos = t.SeqNos.Add(*e.SeqNo)
	}
	if e.At.After(t.LastEventAt) {
		t.LastEventAt = e.At
	}
	return t.read(e.Readings)
}

func keep(field *string, value string, better bool) {
	if value != "" && better {
		*field = value
	}
}

func (d *Dated) keep(at time.Time, value string) {
	if value != "" && !at.Before(d.At) {
		*d = Dated{at, value}
	}
}

func keepNumber[N int | float64](field **N, value *N) {
	if value != nil {
		*field = value
	}
}

// read takes the start, the end and the newest values out of meter readings.
func (t Transaction) read(readings []Reading) Transaction {
	for _, reading := range readings {
		for _, value := range reading.Values {
			number, ok := value.Number()
			if !ok || value.Phase != "" {
				continue // a signed or single-phase value says nothing of the whole
			}
			switch value.measurand() {
			case "Energy.Active.Import.Register":
				switch value.Context {
				case "Transaction.Begin":
					t.MeterStart = &number
				case "Transaction.End":
					t.MeterStop = &number
				}
				measured := Measured{reading.At, number}
				t.Meter.Energy = newer(t.Meter.Energy, measured)
				if first := t.Meter.FirstEnergy; first == nil || reading.At.Before(first.At) {
					t.Meter.FirstEnergy = &measured
				}
				if highest := t.Meter.HighestEnergy; highest == nil || number > highest.Value || number == highest.Value && reading.At.Before(highest.At) {
					t.Meter.HighestEnergy = &measured
				}
			case "Power.Active.Import":
				t.Meter.Power = newer(t.Meter.Power, Measured{reading.At, number})
			case "SoC":
				t.Meter.SoC = newer(t.Meter.SoC, Measured{reading.At, number})
			}
		}
	}
	return t
}

func newer(known *Measured, measured Measured) *Measured {
	if known != nil && measured.At.Before(known.At) {
		return known
	}
	return &measured
}

func (v SampledValue) measurand() string {
	if v.Measurand == "" {
		return "Energy.Active.Import.Register" // the default in every version
	}
	return v.Measurand
}

// Number is the value in its base unit (Wh, W, percent); false when it is signed data or no number.
func (v SampledValue) Number() (float64, bool) {
	if v.Format == "SignedData" {
		return 0, false
	}
	number, err := strconv.ParseFloat(strings.TrimSpace(v.Value), 64)
	if err != nil || math.IsNaN(number) || math.IsInf(number, 0) {
		return 0, false
	}
	if v.Multiplier < 0 {
		number /= math.Pow10(-v.Multiplier) // exact where multiplying by 0.1 is not
	} else {
		number *= math.Pow10(v.Multiplier)
	}
	if v.Unit == "kWh" || v.Unit == "kW" {
		number *= 1000
	}
	return number, true
}
