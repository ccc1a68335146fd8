package operation

import "time"

// ChargingProfile limits charging over time (OCPP 1.6 sections 3.13 and 7.8, OCPP 2.x part 2 use case K01 and
// ChargingProfileType). Members that a version does not have are refused with fault.Invalid rather than left out:
// a limit that is not kept may be worse than none.
type ChargingProfile struct {
	// ID is the profile's number at the charge point; one of the same number is replaced. Left out: one is chosen.
	ID int `json:"id,omitempty"`
	// Purpose says what is limited: "chargePointMax" the charge point as a whole, "txDefault" any transaction that has no
	// profile of its own, "tx" one transaction. In 2.1 also "priorityCharging", which takes over while priority charging
	// is on, and "localGeneration", which adds what is generated on site.
	Purpose string `json:"purpose" required:"true" enum:"chargePointMax,txDefault,tx,priorityCharging,localGeneration"`
	// StackLevel decides between profiles of one purpose: the highest that is valid counts. 0 is the lowest.
	StackLevel int `json:"stackLevel" minimum:"0"`
	// Kind is what the schedule's seconds count from: "absolute" its startsAt, "recurring" the same, over and over every
	// day or week, "relative" the start of charging. In 2.1 also "dynamic": the limit is changed as it goes.
	Kind string `json:"kind" required:"true" enum:"absolute,recurring,relative,dynamic"`
	// Recurrency is "daily" or "weekly", for the kind recurring only.
	Recurrency string `json:"recurrency,omitempty" enum:"daily,weekly"`
	// ValidFrom is when the profile starts to count. Left out: at once.
	ValidFrom time.Time `json:"validFrom,omitzero"`
	// ValidTo is when it ceases to count. Left out: never, or with its transaction.
	ValidTo time.Time `json:"validTo,omitzero"`
	// TransactionID is the transaction of a profile of the purpose tx. A remote start has none yet, so there it must be
	// left out.
	TransactionID TransactionID `json:"transactionId,omitempty"`
	// Schedule says how much, and when.
	Schedule ChargingSchedule `json:"schedule" required:"true"`

	// MaxOfflineSeconds (2.1) is how long the charge point may be offline until the profile does not count. Left out: for ever.
	MaxOfflineSeconds int `json:"maxOfflineSeconds,omitempty"`
	// InvalidAfterOffline (2.1) says that after maxOfflineSeconds the profile does not count again when the charge point is back.
	InvalidAfterOffline bool `json:"invalidAfterOffline,omitempty"`
	// UpdateIntervalSeconds (2.1) is how often the charge point asks for the limit of a profile of the kind dynamic.
	// Left out: it is told.
	UpdateIntervalSeconds int `json:"updateIntervalSeconds,omitempty"`
}

// ChargingSchedule is the limits of a ChargingProfile one after the other (OCPP 1.6 section 7.13, OCPP 2.x
// ChargingScheduleType).
type ChargingSchedule struct {
	// StartsAt is the moment that the periods count from, required for the kinds absolute and recurring; relative has none.
	StartsAt time.Time `json:"startsAt,omitzero"`
	// DurationSeconds is when the schedule ends. Left out: with the profile.
	DurationSeconds int `json:"durationSeconds,omitempty"`
	// Unit of all limits: "W" watts over all phases, "A" amperes per phase.
	Unit string `json:"unit" required:"true" enum:"W,A"`
	// MinChargingRate is the rate, in the unit, below which charging is not efficient: a hint for charging stations that
	// shift it. 1.6 takes one decimal.
	MinChargingRate *float64 `json:"minChargingRate,omitempty"`
	// Periods are the limits, in the order of their starts; the first starts at 0.
	Periods []ChargingPeriod `json:"periods" required:"true" minItems:"1"`

	// RandomizedDelaySeconds (2.1) is the longest time by which the charge point puts off each change of the limit, so
	// that a whole street does not change at once.
	RandomizedDelaySeconds int `json:"randomizedDelaySeconds,omitempty"`
	// UseLocalTime (2.1) has the charge point take startsAt as its local time, over changes of daylight saving, too.
	UseLocalTime bool `json:"useLocalTime,omitempty"`
}

// ChargingPeriod is one step of a ChargingSchedule (OCPP 1.6 section 7.14, OCPP 2.x ChargingSchedulePeriodType).
type ChargingPeriod struct {
	// StartSeconds is when it starts, from the start of the schedule; it ends with the next.
	StartSeconds int `json:"startSeconds" minimum:"0"`
	// Limit is the most that may be drawn, in the schedule's unit; 1.6 takes one decimal. Only 2.1 can do without, where
	// a setpoint says what to draw.
	Limit *float64 `json:"limit,omitempty" minimum:"0"`
	// Phases is the number of phases to use, 1 to 3. Left out: 3.
	Phases int `json:"phases,omitempty" minimum:"1" maximum:"3"`
	// PhaseToUse (2.x) is the one to use when phases is 1, for charging stations that can switch.
	PhaseToUse int `json:"phaseToUse,omitempty" minimum:"1" maximum:"3"`

	// OperationMode (2.1) is a word of OperationModeEnumType, such as "ChargingOnly", "CentralSetpoint" or "Idle". Left
	// out: ChargingOnly.
	OperationMode string `json:"operationMode,omitempty"`
	// DischargeLimit (2.1) is the most that may be fed back, in the unit, as a number that is not positive.
	DischargeLimit *float64 `json:"dischargeLimit,omitempty" maximum:"0"`
	// Setpoint (2.1) is what to draw, in the unit, or to feed back if it is negative.
	Setpoint *float64 `json:"setpoint,omitempty"`
}

// number gives the profile a number unless it has one. Prepare of whoever sends it calls this, so that it is the same
// when the command is made again.
func (p *ChargingProfile) number() {
	if p.ID == 0 {
		p.ID = newNumber()
	}
}
