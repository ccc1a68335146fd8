package operation

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/shared/command/callcheck"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Specification: OCPP 1.6 sections 7.8, 7.13 and 7.14; OCPP 2.x ChargingProfileType.
func TestChargingProfile(t *testing.T) {
	const (
		tx       = `{"id":7,"purpose":"tx","stackLevel":2,"kind":"relative","schedule":{"unit":"A","periods":[{"startSeconds":0,"limit":16.1,"phases":3},{"startSeconds":3600,"limit":6}]}}`
		nightly  = `{"id":8,"purpose":"txDefault","stackLevel":0,"kind":"recurring","recurrency":"daily","validFrom":"2026-05-01T02:00:00+02:00","validTo":"2026-06-01T00:00:00Z","schedule":{"startsAt":"2026-05-01T22:00:00.5Z","durationSeconds":28800,"unit":"W","minChargingRate":1400,"periods":[{"limit":11000}]}}`
		onePhase = `{"id":9,"purpose":"chargePointMax","stackLevel":0,"kind":"absolute","schedule":{"startsAt":"2026-05-01T22:00:00Z","unit":"A","periods":[{"limit":0,"phases":1,"phaseToUse":2}]}}`
		feeding  = `{"id":10,"purpose":"localGeneration","stackLevel":0,"kind":"dynamic","maxOfflineSeconds":60,"invalidAfterOffline":true,"updateIntervalSeconds":30,"schedule":{"unit":"W","randomizedDelaySeconds":600,"useLocalTime":true,"periods":[{"operationMode":"CentralSetpoint","setpoint":-500,"dischargeLimit":-11000}]}}`
	)
	for _, test := range []struct {
		version       ocppj.Version
		profile, want string
		says          string // in the fault.Invalid, or Malformed where something is missing
	}{
		{ocppj.V16, tx, `{"chargingProfileId":7,"chargingProfileKind":"Relative","chargingProfilePurpose":"TxProfile","chargingSchedule":{"chargingRateUnit":"A","chargingSchedulePeriod":[{"limit":16.1,"numberPhases":3,"startPeriod":0},{"limit":6,"startPeriod":3600}]},"stackLevel":2}`, ""},
		{ocppj.V201, tx, `{"chargingProfileKind":"Relative","chargingProfilePurpose":"TxProfile","chargingSchedule":[{"chargingRateUnit":"A","chargingSchedulePeriod":[{"limit":16.1,"numberPhases":3,"startPeriod":0},{"limit":6,"startPeriod":3600}],"id":7}],"id":7,"stackLevel":2}`, ""},
		{ocppj.V16, nightly, `{"chargingProfileId":8,"chargingProfileKind":"Recurring","chargingProfilePurpose":"TxDefaultProfile","chargingSchedule":{"chargingRateUnit":"W","chargingSchedulePeriod":[{"limit":11000,"startPeriod":0}],"duration":28800,"minChargingRate":1400,"startSchedule":"2026-05-01T22:00:00Z"},"recurrencyKind":"Daily","stackLevel":0,"validFrom":"2026-05-01T00:00:00Z","validTo":"2026-06-01T00:00:00Z"}`, ""},
		{ocppj.V21, onePhase, `{"chargingProfileKind":"Absolute","chargingProfilePurpose":"ChargingStationMaxProfile","chargingSchedule":[{"chargingRateUnit":"A","chargingSchedulePeriod":[{"limit":0,"numberPhases":1,"phaseToUse":2,"startPeriod":0}],"id":9,"startSchedule":"2026-05-01T22:00:00Z"}],"id":9,"stackLevel":0}`, ""},
		{ocppj.V21, feeding, `{"chargingProfileKind":"Dynamic","chargingProfilePurpose":"LocalGeneration","chargingSchedule":[{"chargingRateUnit":"W","chargingSchedulePeriod":[{"dischargeLimit":-11000,"operationMode":"CentralSetpoint","setpoint":-500,"startPeriod":0}],"id":10,"randomizedDelay":600,"useLocalTime":true}],"dynUpdateInterval":30,"id":10,"invalidAfterOfflineDuration":true,"maxOfflineDuration":60,"stackLevel":0}`, ""},

		{ocppj.V16, onePhase, "", "'chargingProfile.schedule.periods[0].phaseToUse' must be left out"},
		{ocppj.V201, feeding, "", "'chargingProfile.purpose' must be one of chargePointMax, tx, txDefault in ocpp2.0.1"},
		{ocppj.V21, `{}`, "", "'chargingProfile.purpose' (in ocpp2.1 one of chargePointMax, localGeneration, "},
		{ocppj.V201, `{"purpose":"tx","kind":"dynamic"}`, "", "'chargingProfile.kind'"},
		{ocppj.V201, `{"purpose":"tx","kind":"relative","stackLevel":-1}`, "", "'chargingProfile.stackLevel'"},
		{ocppj.V201, `{"purpose":"tx","kind":"recurring"}`, "", "'chargingProfile.recurrency'"},
		{ocppj.V201, `{"purpose":"tx","kind":"relative","recurrency":"daily"}`, "", "'chargingProfile.recurrency' must be left out"},
		{ocppj.V16, `{"purpose":"tx","kind":"relative","validFrom":"2026-05-01T00:00:00Z","validTo":"2026-05-01T00:00:00Z"}`, "", "'chargingProfile.validTo'"},
		{ocppj.V201, `{"purpose":"tx","kind":"relative","maxOfflineSeconds":1}`, "", "'chargingProfile.maxOfflineSeconds' must be left out"},
		{ocppj.V16, `{"purpose":"tx","kind":"relative","schedule":{"unit":"kW"}}`, "", "'chargingProfile.schedule.unit'"},
		{ocppj.V16, `{"purpose":"tx","kind":"absolute","schedule":{"unit":"W"}}`, "", "'chargingProfile.schedule.startsAt'"},
		{ocppj.V16, `{"purpose":"tx","kind":"relative","schedule":{"unit":"W","startsAt":"2026-05-01T00:00:00Z"}}`, "", "'chargingProfile.schedule.startsAt' must be left out"},
		{ocppj.V16, `{"purpose":"tx","kind":"relative","schedule":{"unit":"W"}}`, "", "'chargingProfile.schedule.periods'"},
		{ocppj.V16, `{"purpose":"tx","kind":"relative","schedule":{"unit":"W","durationSeconds":-1,"periods":[{"limit":1}]}}`, "", "'chargingProfile.schedule.durationSeconds'"},
		{ocppj.V16, `{"purpose":"tx","kind":"relative","schedule":{"unit":"W","minChargingRate":1.25,"periods":[{"limit":1}]}}`, "", "'chargingProfile.schedule.minChargingRate' must have at most one decimal"},
		{ocppj.V201, `{"purpose":"tx","kind":"relative","schedule":{"unit":"W","useLocalTime":true,"periods":[{"limit":1}]}}`, "", "'chargingProfile.schedule.useLocalTime' must be left out"},
		{ocppj.V16, `{"purpose":"tx","kind":"relative","schedule":{"unit":"W","periods":[{"limit":1,"startSeconds":1}]}}`, "", "periods[0].startSeconds'"},
		{ocppj.V16, `{"purpose":"tx","kind":"relative","schedule":{"unit":"W","periods":[{"limit":1},{"limit":2}]}}`, "", "periods[1].startSeconds'"},
		{ocppj.V16, `{"purpose":"tx","kind":"relative","schedule":{"unit":"W","periods":[{}]}}`, "", "periods[0].limit'"},
		{ocppj.V16, `{"purpose":"tx","kind":"relative","schedule":{"unit":"W","periods":[{"limit":-1}]}}`, "", "periods[0].limit' must be 0 or more"},
		{ocppj.V201, `{"purpose":"tx","kind":"relative","schedule":{"unit":"W","periods":[{"limit":1,"setpoint":1}]}}`, "", "periods[0].setpoint' must be left out"},
		{ocppj.V201, `{"purpose":"tx","kind":"relative","schedule":{"unit":"W","periods":[{"limit":1,"phases":4}]}}`, "", "periods[0].phases'"},
		{ocppj.V201, `{"purpose":"tx","kind":"relative","schedule":{"unit":"W","periods":[{"limit":1,"phaseToUse":1}]}}`, "", "periods[0].phaseToUse' must be left out unless"},
		{ocppj.V16, `{"purpose":"tx","kind":"relative","transactionId":"a","schedule":{"unit":"W","periods":[{"limit":1}]}}`, "", "'chargingProfile.transactionId' must be a number"},
	} {
		var profile ChargingProfile
		if err := json.Unmarshal([]byte(test.profile), &profile); err != nil {
			t.Fatal(err)
		}
		said, err := profile.in(test.version)
		if test.want == "" {
			if err == nil || !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Malformed) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("%s %s:\ngot  %v\nwant %s", test.version, test.profile, err, test.says)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s %s: %v", test.version, test.profile, err)
			continue
		}
		got, err := json.Marshal(said)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != test.want {
			t.Errorf("%s %s:\ngot  %s\nwant %s", test.version, test.profile, got, test.want)
		}
		payload := fmt.Sprintf(`{"evseId":0,"chargingProfile":%s}`, got)
		if test.version == ocppj.V16 {
			payload = fmt.Sprintf(`{"connectorId":0,"csChargingProfiles":%s}`, got)
		}
		if err := callcheck.Check(test.version, "SetChargingProfile", []byte(payload)); err != nil {
			t.Errorf("%s %s: %v", test.version, test.profile, err)
		}
	}
}

func TestChargingProfileIsNumberedOnce(t *testing.T) {
	var profile ChargingProfile
	profile.number()
	first := profile.ID
	if profile.number(); first <= 0 || profile.ID != first {
		t.Errorf("numbered %d, then %d", first, profile.ID)
	}
}
