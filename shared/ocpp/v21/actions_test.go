package v21

import (
	"slices"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/ocpp/ocpptest"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/report"
	"github.com/serverless-ocpp/backend/shared/token"
)

var (
	now, at = ocpptest.Now, ocpptest.At
	seqNo   = 3

	known = ocpp.Known{
		Now: now, HeartbeatInterval: 300 * time.Second, Registration: chargepoint.Accepted, Vendors: []string{"com.known"},
		Authorization: token.Authorization{Status: token.Accepted, GroupID: "FLEET"},
	}
)

// own are the messages that 2.0.1 does not have, or answers otherwise.
var own = []ocpptest.Case{
	{
		Action:  "BatterySwap",
		Payload: `{"requestId":7,"eventType":"BatteryIn","idToken":{"idToken":"04AA","type":"ISO14443"},"batteryData":[{"evseId":1,"serialNumber":"B1","soC":20,"soH":99.5}]}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Part(report.BatterySwap, "0000000007/*", now, 0, false)},
	},
	{
		Action:  "OpenPeriodicEventStream",
		Payload: `{"constantStreamData":{"id":7,"variableMonitoringId":12,"params":{"interval":10,"values":5}}}`,
		Answer:  `{"status":"Accepted"}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.EventStream, "0000000007/"+ocpptest.NowKey, now)},
	},
	{
		Action:  "NotifyPeriodicEventStream",
		Payload: `{"id":7,"pending":0,"basetime":"2026-02-03T04:00:00Z","data":[{"t":0,"v":"1"},{"t":2.5,"v":"2"}]}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.EventStream, "0000000007/"+ocpptest.NowKey, at)},
	},
	{
		Action:  "ClosePeriodicEventStream",
		Payload: `{"id":7}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.EventStream, "0000000007/"+ocpptest.NowKey, now)},
	},
	{
		Action: "GetCertificateChainStatus",
		Payload: `{"certificateStatusRequests":[{"source":"OCSP","urls":["http://ocsp.example"],
		"certificateHashData":{"hashAlgorithm":"SHA256","issuerNameHash":"a","issuerKeyHash":"b","serialNumber":"1"}}]}`,
		Answer: `{"certificateStatus":[{"certificateHashData":{"hashAlgorithm":"SHA256","issuerNameHash":"a","issuerKeyHash":"b","serialNumber":"1"},` +
			`"source":"OCSP","status":"Failed","nextUpdate":"2026-02-04T04:05:06.000Z"}]}`,
	},
	{
		Action:  "NotifyDERAlarm",
		Payload: `{"controlType":"VoltVar","timestamp":"2026-02-03T04:00:00Z","gridEventFault":"OverVoltage"}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.DERAlarm, "2026-02-03T04:00:00.000Z#*", at)},
	},
	{
		Action:  "NotifyDERStartStop",
		Payload: `{"controlId":"c","started":true,"timestamp":"2026-02-03T04:00:00Z"}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.DERStartStop, "2026-02-03T04:00:00.000Z#*", at)},
	},
	{
		Action:  "NotifyEVChargingNeeds",
		Payload: `{"evseId":1,"timestamp":"2026-02-03T04:00:00Z","chargingNeeds":{"requestedEnergyTransfer":"DC_BPT","controlMode":"DynamicControl"}}`,
		Answer:  `{"status":"NoChargingProfile"}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.ChargingNeeds, "1", at)},
	},
	{
		Action:  "NotifyEVChargingNeeds",
		Payload: `{"evseId":2,"chargingNeeds":{"requestedEnergyTransfer":"DC"}}`,
		Answer:  `{"status":"NoChargingProfile"}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.ChargingNeeds, "2", now)},
	},
	{
		Action:  "NotifyPriorityCharging",
		Payload: `{"transactionId":"T1","activated":true}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.PriorityCharging, "T1", now)},
	},
	{
		Action:  "NotifySettlement",
		Payload: `{"pspRef":"P","status":"Settled","settlementAmount":12.5,"settlementTime":"2026-02-03T04:00:00Z"}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.Settlement, "2026-02-03T04:00:00.000Z#*", at)},
	},
	{
		Action:  "PullDynamicScheduleUpdate",
		Payload: `{"chargingProfileId":7}`,
		Answer:  `{"status":"Rejected","statusInfo":{"reasonCode":"UnsupportedRequest","additionalInfo":"Updates of dynamic schedules are pushed, not pulled."}}`,
	},
	{
		Action:  "ReportDERControl",
		Payload: `{"requestId":7,"tbc":true}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Part(report.DERControl, "0000000007/*", now, 0, true)},
	},
	{
		Action:  "VatNumberValidation",
		Payload: `{"vatNumber":"NL1","evseId":0}`,
		Answer:  `{"status":"Rejected","statusInfo":{"reasonCode":"UnsupportedRequest","additionalInfo":"VAT numbers are not validated."},"vatNumber":"NL1","evseId":0}`,
	},
}

func TestActions(t *testing.T) {
	ocpptest.Run(t, ocppj.V21, Actions, known, slices.Concat(own, older, ocpptest.Since201))
}

func TestGenerated(t *testing.T) {
	ocpptest.RunGenerated(t, ocppj.V21, Actions, known)
}

func TestOnlyTheStreamIsUnanswered(t *testing.T) {
	for name, action := range Actions {
		if action.Unanswered != (name == "NotifyPeriodicEventStream") {
			t.Errorf("%s is unanswered: %t", name, action.Unanswered)
		}
	}
}
