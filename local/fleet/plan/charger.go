package plan

import (
	"fmt"
	"time"
)

// Charger is the hardware of a charge point.
type Charger struct {
	ID         string
	Connectors int     // numbered from 1; an EVSE each in OCPP 2.x
	PowerW     float64 // that one connector can give
	DC         bool
	Phases     int  // 3 for AC, 0 for DC
	Signed     bool // its meter signs what it measures
	Vendor     string
	Model      string // at most 20 characters, the limit of every version
	Serial     string

	Zone time.Duration // by which its drivers' clocks are ahead of UTC; their day decides when cars arrive
}

// models are what can be bought; the share of each follows from how often it stands here.
var models = []Charger{
	{Connectors: 1, PowerW: 11_000, Phases: 3, Vendor: "Volta", Model: "Wall 11"},
	{Connectors: 2, PowerW: 22_000, Phases: 3, Vendor: "Volta", Model: "Street 2x22"},
	{Connectors: 2, PowerW: 22_000, Phases: 3, Signed: true, Vendor: "Ampere", Model: "Public 22 E"},
	{Connectors: 2, PowerW: 50_000, DC: true, Signed: true, Vendor: "Ampere", Model: "Rapid 50"},
	{Connectors: 4, PowerW: 150_000, DC: true, Signed: true, Vendor: "Tesla Coil", Model: "Hub 150"},
}

// NewCharger chooses the hardware that stands at a charge point.
func NewCharger(seed uint64, id string) Charger {
	charger := models[Dice(seed, id, "charger").IntN(len(models))]
	charger.ID = id
	charger.Serial = fmt.Sprintf("%012x", Hash(seed, id, "serial")>>16)
	return charger
}
