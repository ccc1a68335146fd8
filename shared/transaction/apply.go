package transaction

import (
	"cmp"
	"math"
	"slices"
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
		t.ToldTwice = t.ToldTwice || !t.StartedAt.IsZero() && !t.StartedAt.Equal(e.At)
		if t.StartedAt.IsZero() || e.At.Before(t.StartedAt) {
			t.StartedAt = e.At
		}
	case EventEnded:
		t.ToldTwice = t.ToldTwice || t.State == Ended && !t.EndedAt.Equal(e.At)
		t.State = Ended
		t.SupersededBy = "" // the end was late, and not lost
		last := !e.At.Before(t.EndedAt)
		if last {
			t.EndedAt = e.At
		}
		keep(&t.StopIDToken, e.IDToken, last || t.StopIDToken == "")
		keep(&t.StopReason, e.StopReason, last || t.StopReason == "")
	case EventUpdated:
	}

	if claim := e.claim(); e.Connector != "" && claim.better(e.Connector, t.ConnectorFrom, t.Connector) {
		t.Connector, t.ConnectorFrom = e.Connector, claim
	}
	t.keepIDToken(e)
	t.keepAuthorization(e)
	t.ChargingState.keep(e, e.ChargingState)
	keep(&t.StartKey, e.StartKey, true)
	keepNumber(&t.RemoteStartID, e.RemoteStartID)
	keepNumber(&t.ReservationID, e.ReservationID)
	lower(&t.MeterStart, e.MeterStart)
	higher(&t.MeterStop, e.MeterStop)
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

// keepIDToken takes the id token of whoever charges, with its type. A type without a token (NoAuthorization) says that there is
// none, which any token contradicts.
func (t *Transaction) keepIDToken(e Event) {
	known, told := t.IDToken, e.IDToken
	if known == "" && told == "" {
		known, told = t.IDTokenType, e.IDTokenType
	}
	claim := e.claim()
	if told != "" && (t.IDToken == "" && e.IDToken != "" || claim.better(told, t.IDTokenFrom, known)) {
		t.IDToken, t.IDTokenType, t.IDTokenFrom = e.IDToken, e.IDTokenType, claim
	}
}

// keepAuthorization takes what was said of the id token of whoever charges: what is said of one that ends the transaction, which may be
// another's, counts where nothing else is told.
func (t *Transaction) keepAuthorization(e Event) {
	if e.Kind == EventEnded {
		e.At = time.Time{}
	}
	t.Authorization.keep(e, e.Authorization)
}

func (e Event) claim() Claim { return Claim{e.Kind, e.At, e.order()} }

// better tells whether a word counts rather than the one that is known.
func (c Claim) better(word string, than Claim, known string) bool {
	return known == "" || cmp.Or(c.rank()-than.rank(), c.At.Compare(than.At), cmp.Compare(c.Order, than.Order), cmp.Compare(word, known)) < 0
}

// rank is lower for what has the better claim. What is of no known event gives way to the start, which tells the same if it is of 1.6.
func (c Claim) rank() int {
	return slices.Index([]EventKind{EventStarted, "", EventUpdated, EventEnded}, c.Kind)
}

func (d *Dated) keep(e Event, value string) {
	if value != "" && cmp.Or(e.At.Compare(d.At), cmp.Compare(e.order(), d.Order), cmp.Compare(value, d.Value)) > 0 {
		*d = Dated{e.At, e.order(), value}
	}
}

// order tells which of two events of one moment is later: by the sequence number, and where all have the same, or
// none as in 1.6, by the kind.
func (e Event) order() int {
	kinds := []EventKind{EventStarted, EventUpdated, EventEnded}
	order := slices.Index(kinds, e.Kind)
	if e.SeqNo != nil {
		order += len(kinds) * *e.SeqNo
	}
	return order
}

func keepNumber(field **int, value *int) {
	if value != nil {
		*field = value
	}
}

// lower and higher keep the start and the end of a register that several messages tell of: it counts up.
func lower(field **float64, value *float64) {
	if value != nil && (*field == nil || *value < **field) {
		*field = value
	}
}

func higher(field **float64, value *float64) {
	if value != nil && (*field == nil || *value > **field) {
		*field = value
	}
}

// read takes the start, the end and the newest values out of meter readings.
func (t Transaction) read(readings []Reading) Transaction {
	for _, reading := range readings {
		for _, value := range reading.Values {
			number, ok := value.Number()
			if !ok {
				continue // signed data says nothing
			}
			measured := Measured{At: reading.At, Value: number}
			switch measurand := value.measurand(); {
			case measurand == "Energy.Active.Import.Register":
				t = t.readEnergy(value, measured)
			case value.Phase != "":
				// one phase says nothing of the whole
			case measurand == "Power.Active.Import":
				measured.Elsewhere = value.elsewhere()
				t.Meter.Power = newer(t.Meter.Power, measured)
			case measurand == "SoC":
				t.Meter.SoC = newer(t.Meter.SoC, measured) // of the car, wherever it is measured
			}
		}
	}
	return t
}

// newer returns the one that was measured later, of one moment the higher: registers count up. One of the outlet comes before all of
// elsewhere.
func newer(known *Measured, measured Measured) *Measured {
	switch {
	case known == nil:
		return &measured
	case known.Elsewhere != measured.Elsewhere:
		if measured.Elsewhere {
			return known
		}
	case cmp.Or(measured.At.Compare(known.At), cmp.Compare(measured.Value, known.Value)) < 0:
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

// No meter shows numbers above largest or, but for 0, below smallest. DynamoDB refuses such that are larger or smaller still, and the
// record of the transaction with them.
const (
	largest  = 1e100
	smallest = 1e-100
)

// prefixes are the units of what is read of meters, as powers of ten of the base unit; in 2.x any word may stand for one. Their case is
// not held by all. What has another unit is of no use: nobody could say how much it is.
var prefixes = map[string]int{"": 0, "wh": 0, "w": 0, "percent": 0, "%": 0, "kwh": 3, "kw": 3}

// Number is the value in its base unit (Wh, W, percent); false when it is signed data, has another unit, or is no number that a meter
// shows.
func (v SampledValue) Number() (float64, bool) {
	if v.Format == "SignedData" {
		return 0, false
	}
	number, err := strconv.ParseFloat(strings.TrimSpace(v.Value), 64)
	if err != nil || math.IsNaN(number) || math.IsInf(number, 0) {
		return 0, false
	}
	prefix, known := prefixes[strings.ToLower(v.Unit)]
	if !known {
		return 0, false
	}
	number, ok := shifted(number, v.Multiplier+prefix)
	if size := math.Abs(number); !ok || size > largest || 0 < size && size < smallest {
		return 0, false
	}
	return number, true
}

// shifted is a number times a power of ten, exact as the decimal that it is: 259.475 kWh are the 259475 Wh that another message
// tells, which they are not when binary numbers are multiplied. False if it is too large.
func shifted(number float64, power int) (float64, bool) {
	if power == 0 {
		return number, true
	}
	digits, exponent, _ := strings.Cut(strconv.FormatFloat(number, 'e', -1, 64), "e")
	own, _ := strconv.Atoi(exponent) // written by FormatFloat
	number, err := strconv.ParseFloat(digits+"e"+strconv.Itoa(own+power), 64)
	if err != nil {
		return 0, false
	}
	return number, true
}
