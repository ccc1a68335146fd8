package operation

import (
	"fmt"
	"math"
	"time"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Purposes of charging profiles by version. ChargingStationExternalConstraints is missing because only a charging
// station may have such a profile: it tells of them in NotifyChargingLimit (OCPP 2.x part 2 use case K12).
var (
	profilePurposes16  = map[string]string{"chargePointMax": "ChargePointMaxProfile", "txDefault": "TxDefaultProfile", "tx": "TxProfile"}
	profilePurposes201 = with(profilePurposes16, map[string]string{"chargePointMax": "ChargingStationMaxProfile"})
	profilePurposes    = map[ocppj.Version]map[string]string{
		ocppj.V16: profilePurposes16, ocppj.V201: profilePurposes201,
		ocppj.V21: with(profilePurposes201, map[string]string{"priorityCharging": "PriorityCharging", "localGeneration": "LocalGeneration"}),
	}
	profileKinds201 = map[string]string{"absolute": "Absolute", "recurring": "Recurring", "relative": "Relative"}
	profileKinds    = map[ocppj.Version]map[string]string{
		ocppj.V16: profileKinds201, ocppj.V201: profileKinds201, ocppj.V21: with(profileKinds201, map[string]string{"dynamic": "Dynamic"}),
	}
	recurrencies  = map[string]string{"daily": "Daily", "weekly": "Weekly"}
	scheduleUnits = map[string]string{"W": "W", "A": "A"}
)

// in returns the profile in the words of a version: csChargingProfiles or chargingProfile of its CALLs. The errors say
// chargingProfile, which is the name of the member in every body that has one.
func (p ChargingProfile) in(version ocppj.Version) (map[string]any, error) {
	purpose, err := word(version, "chargingProfile.purpose", p.Purpose, profilePurposes[version])
	if err != nil {
		return nil, err
	}
	kind, err := word(version, "chargingProfile.kind", p.Kind, profileKinds[version])
	if err != nil {
		return nil, err
	}
	if p.StackLevel < 0 {
		return nil, fault.New(fault.Invalid, "'chargingProfile.stackLevel' must be 0 or more")
	}
	said := map[string]any{"chargingProfilePurpose": purpose, "chargingProfileKind": kind, "stackLevel": p.StackLevel}
	if err := p.addTimes(version, said); err != nil {
		return nil, err
	}
	if err := p.add21(version, said); err != nil {
		return nil, err
	}
	schedule, err := p.Schedule.in(version, p.Kind)
	if err != nil {
		return nil, err
	}
	if version == ocppj.V16 {
		said["chargingProfileId"], said["chargingSchedule"] = p.ID, schedule
	} else {
		schedule["id"] = p.ID // unique within the profile is enough, which has only this one
		said["id"], said["chargingSchedule"] = p.ID, []any{schedule}
	}
	if p.TransactionID != "" {
		if said["transactionId"], err = p.TransactionID.in(version, "chargingProfile.transactionId"); err != nil {
			return nil, err
		}
	}
	return said, nil
}

// addTimes adds when the profile counts.
func (p ChargingProfile) addTimes(version ocppj.Version, said map[string]any) error {
	if p.Kind == "recurring" {
		recurrency, err := word(version, "chargingProfile.recurrency", p.Recurrency, recurrencies)
		if err != nil {
			return err
		}
		said["recurrencyKind"] = recurrency
	} else if p.Recurrency != "" {
		return fault.New(fault.Invalid, "'chargingProfile.recurrency' must be left out unless 'chargingProfile.kind' is recurring")
	}
	if !p.ValidTo.IsZero() && !p.ValidTo.After(p.ValidFrom) {
		return fault.New(fault.Invalid, "'chargingProfile.validTo' must be later than 'chargingProfile.validFrom'")
	}
	addTime(said, "validFrom", p.ValidFrom)
	addTime(said, "validTo", p.ValidTo)
	return nil
}

// add21 adds what only 2.1 has. fault.Invalid in another version if there is any.
func (p ChargingProfile) add21(version ocppj.Version, said map[string]any) error {
	return addOnly21(version, said, []member{
		{"chargingProfile.maxOfflineSeconds", "maxOfflineDuration", p.MaxOfflineSeconds, p.MaxOfflineSeconds != 0},
		{"chargingProfile.invalidAfterOffline", "invalidAfterOfflineDuration", p.InvalidAfterOffline, p.InvalidAfterOffline},
		{"chargingProfile.updateIntervalSeconds", "dynUpdateInterval", p.UpdateIntervalSeconds, p.UpdateIntervalSeconds != 0},
	})
}

// in returns the schedule of a profile of some kind in the words of a version.
func (s ChargingSchedule) in(version ocppj.Version, kind string) (map[string]any, error) {
	unit, err := word(version, "chargingProfile.schedule.unit", s.Unit, scheduleUnits)
	if err != nil {
		return nil, err
	}
	switch { // as OCPP 2.x use case K01 has it; 1.6 section 7.13 leaves open what an absolute schedule without a start is
	case s.StartsAt.IsZero() && (kind == "absolute" || kind == "recurring"):
		return nil, missing("chargingProfile.schedule.startsAt")
	case !s.StartsAt.IsZero() && kind == "relative":
		return nil, fault.New(fault.Invalid, "'chargingProfile.schedule.startsAt' must be left out: a relative schedule starts when charging does")
	case len(s.Periods) == 0:
		return nil, missing("chargingProfile.schedule.periods")
	case s.DurationSeconds < 0:
		return nil, fault.New(fault.Invalid, "'chargingProfile.schedule.durationSeconds' must be positive, or left out")
	}
	periods := make([]map[string]any, len(s.Periods))
	for i, period := range s.Periods {
		place := fmt.Sprintf("chargingProfile.schedule.periods[%d]", i)
		if i == 0 && period.StartSeconds != 0 || i > 0 && period.StartSeconds <= s.Periods[i-1].StartSeconds {
			return nil, fault.New(fault.Invalid, "'%s.startSeconds' must be 0 in the first period, and rise from one to the next", place)
		}
		if periods[i], err = period.in(version, place); err != nil {
			return nil, err
		}
	}
	said := map[string]any{"chargingRateUnit": unit, "chargingSchedulePeriod": periods}
	addTime(said, "startSchedule", s.StartsAt)
	if s.DurationSeconds > 0 {
		said["duration"] = s.DurationSeconds
	}
	if s.MinChargingRate != nil {
		if err := checkRate(version, "chargingProfile.schedule.minChargingRate", *s.MinChargingRate); err != nil {
			return nil, err
		}
		said["minChargingRate"] = *s.MinChargingRate
	}
	return said, addOnly21(version, said, []member{
		{"chargingProfile.schedule.randomizedDelaySeconds", "randomizedDelay", s.RandomizedDelaySeconds, s.RandomizedDelaySeconds != 0},
		{"chargingProfile.schedule.useLocalTime", "useLocalTime", s.UseLocalTime, s.UseLocalTime},
	})
}

// in returns the period in the words of a version; place is where it is in the body.
func (p ChargingPeriod) in(version ocppj.Version, place string) (map[string]any, error) {
	said := map[string]any{"startPeriod": p.StartSeconds}
	if err := addOnly21(version, said, []member{
		{place + ".operationMode", "operationMode", p.OperationMode, p.OperationMode != ""},
		{place + ".dischargeLimit", "dischargeLimit", p.DischargeLimit, p.DischargeLimit != nil},
		{place + ".setpoint", "setpoint", p.Setpoint, p.Setpoint != nil},
	}); err != nil {
		return nil, err
	}
	switch {
	case p.Limit != nil:
		if err := checkRate(version, place+".limit", *p.Limit); err != nil {
			return nil, err
		}
		said["limit"] = *p.Limit
	case p.Setpoint == nil && p.OperationMode == "":
		return nil, missing(place + ".limit")
	}
	if p.Phases < 0 || p.Phases > 3 || p.PhaseToUse < 0 || p.PhaseToUse > 3 {
		return nil, fault.New(fault.Invalid, "'%s.phases' and '%[1]s.phaseToUse' must be 1, 2 or 3, or left out", place)
	}
	if p.Phases > 0 {
		said["numberPhases"] = p.Phases
	}
	switch {
	case p.PhaseToUse == 0:
	case version == ocppj.V16:
		return nil, unknownIn(version, place+".phaseToUse")
	case p.Phases != 1: // OCPP 2.x ChargingSchedulePeriodType
		return nil, fault.New(fault.Invalid, "'%s.phaseToUse' must be left out unless '%[1]s.phases' is 1", place)
	default:
		said["phaseToUse"] = p.PhaseToUse
	}
	return said, nil
}

// checkRate returns fault.Invalid for a rate that is negative, or finer than 1.6 can say: tenths (sections 7.13 and 7.14).
func checkRate(version ocppj.Version, member string, rate float64) error {
	if rate < 0 {
		return fault.New(fault.Invalid, "'%s' must be 0 or more", member)
	}
	if tenths := rate * 10; version == ocppj.V16 && math.Abs(tenths-math.Round(tenths)) > 1e-6 {
		return fault.New(fault.Invalid, "'%s' must have at most one decimal in %s", member, version)
	}
	return nil
}

// member is a member of a body, and its name in a CALL.
type member struct {
	name, said string
	value      any
	given      bool
}

// addOnly21 adds the members that are given. fault.Invalid naming the first of them if the version is not 2.1.
func addOnly21(version ocppj.Version, said map[string]any, members []member) error {
	for _, m := range members {
		if !m.given {
			continue
		}
		if version != ocppj.V21 {
			return unknownIn(version, m.name)
		}
		said[m.said] = m.value
	}
	return nil
}

// addTime adds a moment, unless it is zero, in the form that every version takes: UTC, without fractions.
func addTime(said map[string]any, name string, moment time.Time) {
	if !moment.IsZero() {
		said[name] = moment.UTC().Format(time.RFC3339)
	}
}
