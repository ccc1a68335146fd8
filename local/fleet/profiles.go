package fleet

import (
	"encoding/json"
	"math"
	"slices"
	"time"
)

// profile is a charging profile in the words of all versions.
type profile struct {
	ID         int             `json:"-"`
	Purpose    string          `json:"chargingProfilePurpose"`
	StackLevel int             `json:"stackLevel"`
	Kind       string          `json:"chargingProfileKind"`
	Recurrency string          `json:"recurrencyKind"`
	ValidFrom  time.Time       `json:"validFrom"`
	ValidTo    time.Time       `json:"validTo"`
	Schedule   schedule        `json:"-"`
	raw        json.RawMessage // as it came, for reports
	number     int             // connector; 0 is all
	tx         *transaction    // of a TxProfile
	set        time.Time       // since when it is there
}

// schedule is limits over time.
type schedule struct {
	ID       int       `json:"id"`
	Start    time.Time `json:"startSchedule"`
	Duration int       `json:"duration"` // s; 0 has no end
	Unit     string    `json:"chargingRateUnit"`
	Periods  []period  `json:"chargingSchedulePeriod"`
}

// period begins Start seconds after its schedule.
type period struct {
	Start  int      `json:"startPeriod"`
	Limit  *float64 `json:"limit"`
	Phases int      `json:"numberPhases"`
}

// profiles are those that the central system has set.
type profiles struct{ list []*profile }

// put adds a profile, in the place of one of the same id, or of the same connector, purpose and level (OCPP 1.6 section 5.16).
func (p *profiles) put(s *Station, number int, added *profile) {
	added.number, added.set = number, s.now()
	p.list = slices.DeleteFunc(p.list, func(old *profile) bool {
		return old.ID == added.ID || old.number == number && old.Purpose == added.Purpose && old.StackLevel == added.StackLevel
	})
	p.list = append(p.list, added)
}

// clear removes what matches, and reports whether something did.
func (p *profiles) clear(matches func(*profile) bool) bool {
	before := len(p.list)
	p.list = slices.DeleteFunc(p.list, matches)
	return len(p.list) < before
}

// volts is the phase voltage that amperes are reckoned with.
const volts = 230

// limit is the power in W that profiles leave a connector at a moment: of each purpose the highest level counts, and of the
// purposes the least (OCPP 1.6 section 3.13). TxProfile goes before TxDefaultProfile.
func (s *Station) limit(c *connector, at time.Time) float64 {
	best := map[string]*profile{}
	for _, p := range s.profiles.list {
		if p.number != 0 && p.number != c.number || p.tx != nil && p.tx.ended {
			continue
		}
		if _, ok := p.watts(s, c, at); !ok {
			continue
		}
		if other := best[p.Purpose]; other == nil || other.StackLevel <= p.StackLevel {
			best[p.Purpose] = p
		}
	}
	if best["TxProfile"] != nil {
		delete(best, "TxDefaultProfile")
	}
	limit := math.Inf(1)
	for _, p := range best {
		watts, _ := p.watts(s, c, at)
		if p.number == 0 && p.Purpose != "TxDefaultProfile" && len(s.connectors) > 1 {
			watts /= float64(len(s.connectors)) // the station's limit is shared
		}
		limit = min(limit, watts)
	}
	return limit
}

// watts is what a profile says of a moment; false when it says nothing.
func (p *profile) watts(s *Station, c *connector, at time.Time) (float64, bool) {
	if !p.ValidFrom.IsZero() && at.Before(p.ValidFrom) || !p.ValidTo.IsZero() && !at.Before(p.ValidTo) {
		return 0, false
	}
	into := at.Sub(p.begins(c))
	switch p.Recurrency {
	case "Daily":
		into = wrap(into, 24*time.Hour)
	case "Weekly":
		into = wrap(into, 7*24*time.Hour)
	}
	seconds := int(into / time.Second)
	if into < 0 || p.Schedule.Duration > 0 && seconds >= p.Schedule.Duration {
		return 0, false
	}
	limit := (*float64)(nil)
	phases := max(s.charger.Phases, 1)
	for _, period := range p.Schedule.Periods {
		if period.Start > seconds {
			break
		}
		limit = period.Limit
		if period.Phases > 0 {
			phases = period.Phases
		}
	}
	if limit == nil {
		return 0, false
	}
	if p.Schedule.Unit == "A" {
		return *limit * volts * float64(phases), true
	}
	return *limit, true
}

// begins is the moment that the periods count from.
func (p *profile) begins(c *connector) time.Time {
	if p.Kind == "Relative" || p.Schedule.Start.IsZero() {
		if c.session != nil && c.session.tx != nil {
			return c.session.tx.startedAt
		}
		return p.set
	}
	return p.Schedule.Start
}

func wrap(d, around time.Duration) time.Duration {
	if d %= around; d < 0 {
		d += around
	}
	return d
}

// composite is the limits of a connector from now on, in the unit that was asked for, one period for each change.
func (s *Station) composite(c *connector, duration int, unit string) []object {
	const resolution = time.Minute
	const most = 200 // periods: what a charge point can hold
	factor := 1.0
	if unit == "A" {
		factor = volts * float64(max(s.charger.Phases, 1))
	}
	began := s.now()
	var periods []object
	last := math.NaN()
	for into := time.Duration(0); into < time.Duration(max(duration, 1))*time.Second && len(periods) < most; into += resolution {
		limit := math.Round(10*min(s.charger.PowerW, s.limit(c, began.Add(into)))/factor) / 10
		if limit != last {
			periods = append(periods, object{"startPeriod": int(into / time.Second), "limit": limit})
			last = limit
		}
	}
	return periods
}

// limitsChanged counts the energy so far under the old limits, before change makes the new ones.
func (s *Station) limitsChanged(change func()) {
	for _, c := range s.connectors {
		if session := c.session; session != nil && session.tx != nil && !session.tx.ended {
			s.advance(c, s.now())
		}
	}
	change()
}
