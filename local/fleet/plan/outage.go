package plan

import (
	"slices"
	"time"
)

// Outage is a time without connection.
type Outage struct {
	At    time.Time
	For   time.Duration
	Clean bool // with a close frame; else the socket just ends, as when a mobile network drops it
}

// longestOutage leaves the rest of a day to show what was kept.
const longestOutage = 40 * time.Minute

// Outages are those of the UTC day that at lies in, mean on average, in their order and without overlap.
func Outages(seed uint64, id string, at time.Time, mean float64) []Outage {
	day := midnight(at)
	dice := Dice(seed, id, "outages", day.Format(time.DateOnly))
	all := make([]Outage, poisson(dice, mean))
	for i := range all {
		// Most are short: the square of an even number is small more often than not.
		share := dice.Float64()
		length := 20*time.Second + time.Duration(share*share*float64(longestOutage))
		all[i] = Outage{At: day.Add(between(dice, 0, 24*time.Hour)), For: length.Truncate(time.Second), Clean: dice.IntN(2) == 0}
	}
	slices.SortFunc(all, func(a, b Outage) int { return a.At.Compare(b.At) })
	end := day
	return slices.DeleteFunc(all, func(o Outage) bool {
		if o.At.Before(end) {
			return true
		}
		end = o.At.Add(o.For)
		return false
	})
}
