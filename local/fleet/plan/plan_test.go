package plan

import (
	"fmt"
	"math"
	"reflect"
	"testing"
	"time"
)

const seed = 42

var (
	noon    = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	rapid   = Charger{ID: "CP1", Connectors: 2, PowerW: 50_000, DC: true}
	wallbox = Charger{ID: "CP1", Connectors: 1, PowerW: 11_000, Phases: 3}
)

func TestTheSameSeedIsTheSameDay(t *testing.T) {
	tokens := Tokens(seed, 10)
	visits := Visits(seed, rapid, noon, 10, tokens)
	if len(visits) < 5 || !reflect.DeepEqual(visits, Visits(seed, rapid, noon.Add(3*time.Hour), 10, tokens)) {
		t.Errorf("%d visits, or others at another hour of the day", len(visits))
	}
	other := rapid
	other.ID = "CP2"
	for name, different := range map[string][]Visit{
		"another seed":         Visits(seed+1, rapid, noon, 10, tokens),
		"another day":          Visits(seed, rapid, noon.AddDate(0, 0, 1), 10, tokens),
		"another charge point": Visits(seed, other, noon, 10, tokens),
	} {
		if reflect.DeepEqual(visits, different) {
			t.Errorf("%s has the same visits", name)
		}
	}
	if outages := Outages(seed, "CP1", noon, 20); len(outages) == 0 || !reflect.DeepEqual(outages, Outages(seed, "CP1", noon, 20)) {
		t.Errorf("outages %v, or others again", outages)
	}
}

// Cars do not meet at a connector, and each goes through its visit in order.
func TestVisitsAreInOrder(t *testing.T) {
	for day := range 30 {
		free, last := map[int]time.Time{}, time.Time{}
		for _, v := range Visits(seed, rapid, noon.AddDate(0, 0, day), 30, Tokens(seed, 10)) {
			if v.Arrives.Before(last) || v.Arrives.Before(free[v.Connector]) || !v.Arrives.Before(v.Presents) || !v.Presents.Before(v.Starts) || !v.Starts.Before(v.Leaves) {
				t.Fatalf("day %d: %+v", day, v)
			}
			if v.Arrives.Truncate(24*time.Hour) != midnight(noon.AddDate(0, 0, day)) || v.SoC >= v.Target || v.Token.ID == "" {
				t.Fatalf("day %d: %+v", day, v)
			}
			last, free[v.Connector] = v.Arrives, v.Leaves
		}
	}
}

// More come in the evening than at night.
func TestArrivalsFollowTheHours(t *testing.T) {
	counts := [24]int{}
	for day := range 200 {
		for _, v := range Visits(seed, rapid, noon.AddDate(0, 0, day), 3, nil) {
			counts[v.Arrives.Hour()]++
		}
	}
	if night, evening := counts[2]+counts[3], counts[16]+counts[17]; night*5 > evening {
		t.Errorf("%d at night, %d in the evening", night, evening)
	}
}

func TestOutagesDoNotOverlap(t *testing.T) {
	for day := range 30 {
		end := time.Time{}
		for _, o := range Outages(seed, "CP1", noon.AddDate(0, 0, day), 40) {
			if o.At.Before(end) || o.For <= 0 || o.For > longestOutage+time.Minute {
				t.Fatalf("day %d: %+v", day, o)
			}
			end = o.At.Add(o.For)
		}
	}
}

func TestPower(t *testing.T) {
	car := Car{BatteryWh: 60_000, AcceptsW: 100_000, Target: 0.95}
	small := Car{BatteryWh: 40_000, AcceptsW: 7_400, Target: 1}
	unlimited := math.Inf(1)
	for _, test := range []struct {
		name       string
		charger    Charger
		car        Car
		soc, limit float64
		want       float64
	}{
		{"the charger is the weaker one", rapid, car, 0.5, unlimited, 50_000},
		{"the car is the weaker one", wallbox, small, 0.5, unlimited, 7_400},
		{"the battery gets full", rapid, car, 0.9, unlimited, 50_000},
		{"the battery is nearly full", rapid, car, 0.94, unlimited, 44_000},
		{"AC falls late", wallbox, small, 0.99, unlimited, 3_256},
		{"a profile limits", rapid, car, 0.5, 12_000, 12_000},
		{"too little to charge with", wallbox, small, 0.5, 1_000, 0},
		{"the target is reached", rapid, car, 0.95, unlimited, 0},
	} {
		if got := Power(test.charger, test.car, test.soc, test.limit); math.Abs(got-test.want) > 1 {
			t.Errorf("%s: %.0f W, want %.0f", test.name, got, test.want)
		}
	}
}

func TestCharge(t *testing.T) {
	car := Car{BatteryWh: 50_000, AcceptsW: 11_000, SoC: 0.5, Target: 0.8}
	energy, soc := Charge(wallbox, car, 0.5, math.Inf(1), time.Hour)
	if math.Abs(energy-11_000) > 1 || math.Abs(soc-0.72) > 0.001 {
		t.Errorf("an hour gave %.0f Wh, up to %.3f", energy, soc)
	}
	energy, soc = Charge(wallbox, car, 0.5, math.Inf(1), 24*time.Hour)
	if math.Abs(energy-15_000) > 1 || math.Abs(soc-0.8) > 0.001 {
		t.Errorf("a day gave %.0f Wh, up to %.3f", energy, soc)
	}
	if energy, soc = Charge(wallbox, car, 0.5, 0, time.Hour); energy != 0 || soc != 0.5 {
		t.Errorf("nothing gave %.0f Wh, up to %.3f", energy, soc)
	}
}

func TestTokens(t *testing.T) {
	blocked := 0
	seen := map[string]bool{}
	for _, token := range Tokens(seed, 2*oneBlockedOf) {
		if len(token.ID) != 14 || seen[token.ID] {
			t.Errorf("token %q", token.ID)
		}
		seen[token.ID] = true
		if token.Blocked {
			blocked++
		}
	}
	if blocked != 2 {
		t.Errorf("%d are blocked", blocked)
	}
}

// Hardware fits the limits of every version, and a fleet has several kinds.
func TestChargers(t *testing.T) {
	kinds := map[string]bool{}
	for i := range 50 {
		charger := NewCharger(seed, string(rune('A'+i)))
		kinds[charger.Model] = true
		if len(charger.Model) > 20 || len(charger.Vendor) > 20 || len(charger.Serial) > 25 || charger.Connectors < 1 || charger.DC == (charger.Phases > 0) {
			t.Errorf("%+v", charger)
		}
	}
	if len(kinds) < 3 {
		t.Errorf("kinds %v", kinds)
	}
}

// Elsewhere on earth people come to the same hours of their own day.
func TestZoneMovesTheDay(t *testing.T) {
	busiest := func(zone time.Duration) int {
		var hours [24]int
		for i := range 300 {
			charger := NewCharger(1, fmt.Sprint(i))
			charger.Zone = zone
			for _, visit := range Visits(1, charger, noon, 6, nil) {
				hours[visit.Arrives.Hour()]++
			}
		}
		busiest := 0
		for hour, count := range hours {
			if count > hours[busiest] {
				busiest = hour
			}
		}
		return busiest
	}
	at := busiest(0)
	if east := busiest(9 * time.Hour); (east+9)%24 != at {
		t.Errorf("busiest at %d UTC, and at %d where clocks are nine hours ahead", at, east)
	}
}
