package fleet

import "math"

// sample is one value of a reading; measurand and unit are spelled alike in all versions.
type sample struct {
	measurand, unit string
	value           float64
}

// samples are what is told of a reading, the register first. At the beginning and the end of a transaction it is all.
func (r reading) samples() []sample {
	told := []sample{{"Energy.Active.Import.Register", "Wh", float64(r.registerWh)}}
	if r.context == atBegin || r.context == atEnd {
		return told
	}
	told = append(told, sample{"Power.Active.Import", "W", r.powerW})
	if r.phases == 0 { // DC knows the battery
		return append(told, sample{"SoC", "Percent", r.soc})
	}
	return append(told, sample{"Current.Import", "A", round1(r.powerW / volts / float64(r.phases))}, sample{"Voltage", "V", volts})
}

func round1(number float64) float64 { return math.Round(10*number) / 10 }
