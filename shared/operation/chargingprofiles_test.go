package operation_test

import (
	"testing"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/operation"
)

// Specification: OCPP 1.6 sections 3.13, 5.16 and 6.43; OCPP 2.x K01.
func TestSetChargingProfile(t *testing.T) {
	profile := func(more string) string {
		return `"chargingProfile":{"id":5,` + more + `"stackLevel":0,"kind":"relative","schedule":{"unit":"A","periods":[{"startSeconds":0,"limit":10}]}}`
	}
	const said16 = `"stackLevel":0}}`
	const schedule = `"chargingProfileKind":"Relative","chargingProfilePurpose":`
	const periods = `"chargingRateUnit":"A","chargingSchedulePeriod":[{"limit":10,"startPeriod":0}]`
	translations[operation.SetChargingProfile]{
		{ocppj.V16, `{` + profile(`"purpose":"chargePointMax",`) + `}`,
			`SetChargingProfile {"connectorId":0,"csChargingProfiles":{"chargingProfileId":5,` + schedule + `"ChargePointMaxProfile","chargingSchedule":{` + periods + `},` + said16, ""},
		{ocppj.V16, `{"connector":2,` + profile(`"purpose":"tx",`) + `}`,
			`SetChargingProfile {"connectorId":2,"csChargingProfiles":{"chargingProfileId":5,` + schedule + `"TxProfile","chargingSchedule":{` + periods + `},` + said16, ""},
		{ocppj.V16, `{"connector":2,` + profile(`"purpose":"tx","transactionId":9,`) + `}`,
			`SetChargingProfile {"connectorId":2,"csChargingProfiles":{"chargingProfileId":5,` + schedule + `"TxProfile","chargingSchedule":{` + periods + `},"stackLevel":0,"transactionId":9}}`, ""},
		{ocppj.V16, `{"connector":"1#1",` + profile(`"purpose":"txDefault",`) + `}`, "", fault.Invalid},
		{ocppj.V16, `{"connector":1,` + profile(`"purpose":"chargePointMax",`) + `}`, "", fault.Invalid},
		{ocppj.V16, `{` + profile(`"purpose":"tx",`) + `}`, "", fault.Invalid},
		{ocppj.V16, `{"connector":1,` + profile(`"purpose":"txDefault","transactionId":9,`) + `}`, "", fault.Invalid},
		{ocppj.V16, `{"connector":1}`, "", fault.Malformed},
		{ocppj.V201, `{"connector":"2",` + profile(`"purpose":"tx","transactionId":"t1",`) + `}`,
			`SetChargingProfile {"chargingProfile":{` + schedule + `"TxProfile","chargingSchedule":[{` + periods + `,"id":5}],"id":5,"stackLevel":0,"transactionId":"t1"},"evseId":2}`, ""},
		{ocppj.V201, `{"connector":2,` + profile(`"purpose":"tx",`) + `}`, "", fault.Malformed},
		{ocppj.V201, `{"connector":"2#1",` + profile(`"purpose":"txDefault",`) + `}`, "", fault.Invalid},
		{ocppj.V201, `{"connector":2,` + profile(`"purpose":"chargePointMax",`) + `}`, "", fault.Invalid},
		{ocppj.V21, `{` + profile(`"purpose":"txDefault",`) + `}`,
			`SetChargingProfile {"chargingProfile":{` + schedule + `"TxDefaultProfile","chargingSchedule":[{` + periods + `,"id":5}],"id":5,"stackLevel":0},"evseId":0}`, ""},
		{ocppj.V21, `{` + profile(`"purpose":"externalConstraints",`) + `}`, "", fault.Invalid},
	}.test(t)
}

func TestChargingProfileIsNumbered(t *testing.T) {
	for _, test := range []struct {
		id   string
		want int
	}{{`"id":5,`, 5}, {``, 0}} {
		o := body[operation.SetChargingProfile](t, `{"chargingProfile":{`+test.id+`"purpose":"txDefault","kind":"relative","schedule":{"unit":"A","periods":[{"limit":6}]}}}`)
		if _, err := prepared(t, o, operation.Desk{}, ocppj.V201); err != nil {
			t.Fatal(err)
		}
		if got := o.Said().ChargingProfileID; got < 1 || test.want != 0 && got != test.want {
			t.Errorf("said %d, want %d (0: any)", got, test.want)
		}
	}
}

// Specification: OCPP 1.6 sections 5.5 and 6.13; OCPP 2.x K10.
func TestClearChargingProfile(t *testing.T) {
	translations[operation.ClearChargingProfile]{
		{ocppj.V16, `{}`, `ClearChargingProfile {}`, ""},
		{ocppj.V16, `{"id":5}`, `ClearChargingProfile {"id":5}`, ""},
		{ocppj.V16, `{"connector":0,"purpose":"chargePointMax","stackLevel":2}`,
			`ClearChargingProfile {"chargingProfilePurpose":"ChargePointMaxProfile","connectorId":0,"stackLevel":2}`, ""},
		{ocppj.V16, `{"purpose":"priorityCharging"}`, "", fault.Invalid},
		{ocppj.V16, `{"connector":"1#1"}`, "", fault.Invalid},
		{ocppj.V16, `{"id":5,"connector":1}`, "", fault.Invalid},
		{ocppj.V201, `{"id":5}`, `ClearChargingProfile {"chargingProfileId":5}`, ""},
		{ocppj.V201, `{"connector":2,"purpose":"tx","stackLevel":0}`,
			`ClearChargingProfile {"chargingProfileCriteria":{"chargingProfilePurpose":"TxProfile","evseId":2,"stackLevel":0}}`, ""},
		{ocppj.V201, `{}`, "", fault.Malformed},
		{ocppj.V201, `{"id":5,"stackLevel":1}`, "", fault.Invalid},
		{ocppj.V201, `{"stackLevel":-1}`, "", fault.Invalid},
		{ocppj.V21, `{"purpose":"localGeneration"}`, `ClearChargingProfile {"chargingProfileCriteria":{"chargingProfilePurpose":"LocalGeneration"}}`, ""},
		{ocppj.V21, `{"purpose":"externalConstraints"}`, "", fault.Invalid},
		{ocppj.V21, `{"connector":"2#1"}`, "", fault.Invalid},
	}.test(t)
}

// Specification: OCPP 2.x K09.
func TestGetChargingProfiles(t *testing.T) {
	translations[operation.GetChargingProfiles]{
		{ocppj.V16, `{}`, "", fault.Conflict},
		{ocppj.V201, `{}`, `GetChargingProfiles {"chargingProfile":{},"requestId":0}`, ""},
		{ocppj.V201, `{"connector":2,"ids":[1,2]}`, `GetChargingProfiles {"chargingProfile":{"chargingProfileId":[1,2]},"evseId":2,"requestId":0}`, ""},
		{ocppj.V201, `{"connector":0,"purpose":"externalConstraints","stackLevel":1,"sources":["EMS","SO"]}`,
			`GetChargingProfiles {"chargingProfile":{"chargingLimitSource":["EMS","SO"],"chargingProfilePurpose":"ChargingStationExternalConstraints","stackLevel":1},"evseId":0,"requestId":0}`, ""},
		{ocppj.V201, `{"purpose":"priorityCharging"}`, "", fault.Invalid},
		{ocppj.V201, `{"ids":[1],"purpose":"tx"}`, "", fault.Invalid},
		{ocppj.V21, `{"purpose":"priorityCharging"}`, `GetChargingProfiles {"chargingProfile":{"chargingProfilePurpose":"PriorityCharging"},"requestId":0}`, ""},
		{ocppj.V21, `{"connector":"1#1"}`, "", fault.Invalid},
		{ocppj.V21, `{"ids":[1],"sources":["CSO"]}`, "", fault.Invalid},
	}.test(t)
	o := body[operation.GetChargingProfiles](t, `{}`)
	if _, err := prepared(t, o, operation.Desk{}, ocppj.V201); err != nil || o.Said().RequestID < 1 {
		t.Errorf("said %+v, %v", o.Said(), err)
	}
}

// Specification: OCPP 1.6 sections 5.7 and 6.21; OCPP 2.x K08.
func TestCompositeSchedule(t *testing.T) {
	translations[operation.CompositeSchedule]{
		{ocppj.V16, `{"connector":1,"seconds":3600}`, `GetCompositeSchedule {"connectorId":1,"duration":3600}`, ""},
		{ocppj.V16, `{"seconds":3600,"unit":"W"}`, `GetCompositeSchedule {"chargingRateUnit":"W","connectorId":0,"duration":3600}`, ""},
		{ocppj.V16, `{"connector":"1#1","seconds":3600}`, "", fault.Invalid},
		{ocppj.V16, `{"connector":1}`, "", fault.Invalid},
		{ocppj.V16, `{"connector":1,"seconds":3600,"unit":"kW"}`, "", fault.Invalid},
		{ocppj.V201, `{"connector":"2","seconds":60,"unit":"A"}`, `GetCompositeSchedule {"chargingRateUnit":"A","duration":60,"evseId":2}`, ""},
		{ocppj.V201, `{"connector":"2#1","seconds":60}`, "", fault.Invalid},
		{ocppj.V21, `{"seconds":60}`, `GetCompositeSchedule {"duration":60,"evseId":0}`, ""},
		{ocppj.V21, `{"seconds":-60}`, "", fault.Invalid},
	}.test(t)
}
