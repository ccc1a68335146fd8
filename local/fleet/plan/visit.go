package plan

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"
)

// Visit is a car at a connector, from plugging in to driving away.
type Visit struct {
	Connector int
	Arrives   time.Time
	Presents  time.Time // when the driver presents the token
	Starts    time.Time // when the energy flows if the token is good
	Leaves    time.Time
	Token     Token
	Car
}

// Car is what decides how it charges.
type Car struct {
	BatteryWh float64
	AcceptsW  float64 // at most
	SoC       float64 // state of charge at the beginning, 0 to 1
	Target    float64 // where the car ends charging
}

// hours weighs the hours of the drivers' day by the cars that arrive: commuters in the morning, lunch, and the way home.
var hours = [24]float64{
	1, 1, 1, 1, 1, 2, 5, 10, 12, 9, 7, 8,
	10, 8, 7, 8, 10, 13, 12, 9, 6, 4, 3, 2,
}

const (
	shortestGap  = 2 * time.Minute // between a car that leaves and the next one
	smallBattery = 35_000.0        // Wh
	largeBattery = 95_000.0

	oneDay = 24 * time.Hour
)

// Visits are the cars of the UTC day that at lies in, in the order of their arrival. mean is how many come to a connector
// on average. No two are at one connector at once; one may stay beyond midnight.
func Visits(seed uint64, charger Charger, at time.Time, mean float64, tokens []Token) []Visit {
	day := midnight(at)
	var all []Visit
	for connector := 1; connector <= charger.Connectors; connector++ {
		dice := Dice(seed, charger.ID, "visits", day.Format(time.DateOnly), string(rune('0'+connector)))
		arrivals := make([]time.Time, poisson(dice, mean))
		for i := range arrivals {
			arrivals[i] = day.Add(arrival(dice, charger.Zone))
		}
		slices.SortFunc(arrivals, time.Time.Compare)
		free := day
		for _, arrives := range arrivals {
			visit := newVisit(dice, charger, connector, arrives, tokens)
			if arrives.Before(free) {
				continue // found it occupied and drove on
			}
			free = visit.Leaves.Add(shortestGap)
			all = append(all, visit)
		}
	}
	slices.SortStableFunc(all, func(a, b Visit) int { return cmp.Or(a.Arrives.Compare(b.Arrives), a.Connector-b.Connector) })
	return all
}

// arrival draws a time of the UTC day.
func arrival(dice *rand.Rand, zone time.Duration) time.Duration {
	total := 0.0
	for _, weight := range hours {
		total += weight
	}
	drawn, hour := dice.Float64()*total, 0
	for drawn >= hours[hour] && hour < len(hours)-1 {
		drawn -= hours[hour]
		hour++
	}
	local := time.Duration(hour)*time.Hour + between(dice, 0, time.Hour)
	return ((local-zone)%oneDay + oneDay) % oneDay
}

func newVisit(dice *rand.Rand, charger Charger, connector int, arrives time.Time, tokens []Token) Visit {
	visit := Visit{Connector: connector, Arrives: arrives, Car: newCar(dice, charger.DC)}
	visit.Presents = arrives.Add(between(dice, 5*time.Second, 40*time.Second))
	visit.Starts = visit.Presents.Add(between(dice, 3*time.Second, 12*time.Second))
	stay := between(dice, 40*time.Minute, 5*time.Hour)
	if charger.DC {
		stay = between(dice, 12*time.Minute, 55*time.Minute)
	}
	visit.Leaves = visit.Starts.Add(stay)
	if len(tokens) > 0 {
		visit.Token = tokens[dice.IntN(len(tokens))]
	}
	return visit
}

func newCar(dice *rand.Rand, dc bool) Car {
	car := Car{
		BatteryWh: smallBattery + dice.Float64()*(largeBattery-smallBattery),
		SoC:       0.08 + 0.5*dice.Float64(),
		Target:    0.8 + 0.2*dice.Float64(),
	}
	if dc {
		car.AcceptsW = 45_000 + 130_000*dice.Float64()
	} else {
		car.AcceptsW = []float64{3_700, 7_400, 11_000, 11_000, 22_000}[dice.IntN(5)]
	}
	return car
}

// Guest is the car of somebody who was not planned: a remote start finds no car plugged in, and one comes.
func Guest(seed uint64, charger Charger, connector int, at time.Time, token string) Visit {
	dice := Dice(seed, charger.ID, "guest", at.Format(time.RFC3339), string(rune('0'+connector)))
	visit := newVisit(dice, charger, connector, at, nil)
	visit.Presents, visit.Starts = at, at
	visit.Token = Token{ID: token}
	return visit
}
