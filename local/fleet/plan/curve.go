package plan

import "time"

const (
	// step is how finely charging is computed; a battery of 35 kWh gains 3.5 % in it at the most powerful charger.
	step = 30 * time.Second

	// leastW is the least that IEC 61851 lets a car take: 6 A on one phase at 230 V. Below it charging pauses.
	leastW = 6 * 230
)

// Power is what flows at a state of charge, in W. limitW is what charging profiles leave, at most.
//
// AC gives what both sides can until the battery is nearly full. DC is held down in a battery that is nearly empty, and from
// 80 % falls to a fifth, as batteries of cars ask for it.
func Power(charger Charger, car Car, soc, limitW float64) float64 {
	if soc >= car.Target {
		return 0
	}
	battery := car.AcceptsW
	switch {
	case charger.DC && soc < 0.1:
		battery *= 0.6 + 4*soc
	case charger.DC && soc > 0.8:
		battery *= 1 - 4*(soc-0.8)
	case !charger.DC && soc > 0.95:
		battery *= 1 - 14*(soc-0.95)
	}
	power := min(charger.PowerW, battery, limitW)
	if power < leastW {
		return 0
	}
	return power
}

// Charge returns the energy in Wh that flows in duration, and the state of charge after it.
func Charge(charger Charger, car Car, soc, limitW float64, duration time.Duration) (energyWh, after float64) {
	for duration > 0 {
		slice := min(duration, step)
		gained := Power(charger, car, soc, limitW) * slice.Hours()
		gained = min(gained, max(0, car.Target-soc)*car.BatteryWh)
		energyWh += gained
		soc += gained / car.BatteryWh
		duration -= slice
		if gained == 0 {
			break // full or paused: nothing changes by itself
		}
	}
	return energyWh, soc
}
