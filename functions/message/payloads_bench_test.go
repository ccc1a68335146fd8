package main

import (
	"slices"
	"testing"

	"github.com/serverless-ocpp/backend/schemas"
	"github.com/serverless-ocpp/backend/shared/ocpp/dialect"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// said is what a charge point says in an action, with as much in it as charge points put there.
type said struct{ action, payload string }

// said16 has every action of OCPP 1.6 that a charge point may send.
var said16 = []said{
	{"Heartbeat", `{}`},
	{"BootNotification", `{"chargePointVendor":"ACME","chargePointModel":"X1","firmwareVersion":"1.2.3","chargePointSerialNumber":"4711"}`},
	{"StatusNotification", `{"connectorId":1,"errorCode":"NoError","status":"Available","timestamp":"2026-03-01T11:00:00Z"}`},
	{"Authorize", `{"idTag":"04AABBCC"}`},
	{"StartTransaction", `{"connectorId":1,"idTag":"04AABBCC","meterStart":5,"timestamp":"2026-03-01T11:00:00Z"}`},
	{"MeterValues", `{"connectorId":1,"transactionId":42,"meterValue":[{"timestamp":"2026-03-01T11:10:00Z","sampledValue":[{"value":"600"},{"value":"7200","measurand":"Power.Active.Import","unit":"W"}]}]}`},
	{"StopTransaction", `{"transactionId":42,"idTag":"04AABBCC","meterStop":1100,"timestamp":"2026-03-01T11:20:00Z","reason":"Local"}`},
	{"DataTransfer", `{"vendorId":"com.example","messageId":"tariff","data":"{\"connector\":1}"}`},
	{"DiagnosticsStatusNotification", `{"status":"Uploaded"}`},
	{"FirmwareStatusNotification", `{"status":"Installed"}`},
	{"LogStatusNotification", `{"status":"Uploading","requestId":7}`},
	{"SecurityEventNotification", `{"type":"SettingSystemTime","timestamp":"2026-03-01T11:00:00Z","techInfo":"by NTP"}`},
	{"SignCertificate", `{"csr":"-----BEGIN CERTIFICATE REQUEST-----\nMIHh\n-----END CERTIFICATE REQUEST-----"}`},
	{"SignedFirmwareStatusNotification", `{"status":"Installed","requestId":7}`},
}

// since201 has the actions that a charging station may send in OCPP 2.0.1 and, said alike, in 2.1.
var since201 = []said{
	{"Heartbeat", `{}`},
	{"BootNotification", `{"reason":"PowerUp","chargingStation":{"model":"X1","vendorName":"ACME","firmwareVersion":"1.2.3"}}`},
	{"StatusNotification", `{"timestamp":"2026-03-01T11:00:00Z","connectorStatus":"Available","evseId":1,"connectorId":1}`},
	{"Authorize", `{"idToken":{"idToken":"04AABBCC","type":"ISO14443"}}`},
	{"TransactionEvent", `{"eventType":"Started","timestamp":"2026-03-01T11:00:00Z","triggerReason":"Authorized","seqNo":0,"transactionInfo":{"transactionId":"tx-1","chargingState":"Charging"},"evse":{"id":1,"connectorId":1},"idToken":{"idToken":"04AABBCC","type":"ISO14443"},"meterValue":[{"timestamp":"2026-03-01T11:00:00Z","sampledValue":[{"value":600,"context":"Transaction.Begin"}]}]}`},
	{"MeterValues", `{"evseId":1,"meterValue":[{"timestamp":"2026-03-01T11:10:00Z","sampledValue":[{"value":600},{"value":7200,"measurand":"Power.Active.Import","unitOfMeasure":{"unit":"W"}}]}]}`},
	{"ClearedChargingLimit", `{"chargingLimitSource":"EMS","evseId":1}`},
	{"DataTransfer", `{"vendorId":"com.example","messageId":"tariff","data":{"connector":1}}`},
	{"FirmwareStatusNotification", `{"status":"Installed","requestId":7}`},
	{"Get15118EVCertificate", `{"iso15118SchemaVersion":"urn:iso:15118:2:2013:MsgDef","action":"Install","exiRequest":"gJgA"}`},
	{"GetCertificateStatus", `{"ocspRequestData":{"hashAlgorithm":"SHA256","issuerNameHash":"a","issuerKeyHash":"b","serialNumber":"1","responderURL":"http://ocsp.example"}}`},
	{"LogStatusNotification", `{"status":"Uploading","requestId":7}`},
	{"NotifyChargingLimit", `{"chargingLimit":{"chargingLimitSource":"SO","isGridCritical":true},"evseId":1}`},
	{"NotifyCustomerInformation", `{"data":"Jane Doe, 04AABBCC","generatedAt":"2026-03-01T11:00:00Z","requestId":7,"seqNo":0}`},
	{"NotifyDisplayMessages", `{"requestId":7,"messageInfo":[{"id":1,"priority":"NormalCycle","message":{"format":"UTF8","content":"Welcome"}}]}`},
	{"NotifyEVChargingNeeds", `{"evseId":1,"chargingNeeds":{"requestedEnergyTransfer":"DC"}}`},
	{"NotifyEVChargingSchedule", `{"timeBase":"2026-03-01T11:00:00Z","evseId":1,"chargingSchedule":{"id":1,"chargingRateUnit":"W","chargingSchedulePeriod":[{"startPeriod":0,"limit":11000}]}}`},
	{"NotifyEvent", `{"generatedAt":"2026-03-01T11:00:01Z","seqNo":0,"eventData":[{"eventId":1,"timestamp":"2026-03-01T11:00:00Z","trigger":"Delta","eventNotificationType":"HardWiredNotification","actualValue":"Tilted","component":{"name":"ChargingStation"},"variable":{"name":"Problem"}}]}`},
	{"NotifyReport", `{"requestId":7,"seqNo":0,"generatedAt":"2026-03-01T11:00:00Z","reportData":[{"component":{"name":"EVSE","evse":{"id":1}},"variable":{"name":"Power"},"variableAttribute":[{"type":"Actual","value":"7"}]}]}`},
	{"PublishFirmwareStatusNotification", `{"status":"Published","requestId":7,"location":["http://10.0.0.1/firmware"]}`},
	{"ReportChargingProfiles", `{"requestId":7,"chargingLimitSource":"CSO","evseId":1,"chargingProfile":[{"id":1,"stackLevel":0,"chargingProfilePurpose":"TxDefaultProfile","chargingProfileKind":"Relative","chargingSchedule":[{"id":1,"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":16}]}]}]}`},
	{"ReservationStatusUpdate", `{"reservationId":7,"reservationUpdateStatus":"Expired"}`},
	{"SecurityEventNotification", `{"type":"SettingSystemTime","timestamp":"2026-03-01T11:00:00Z","techInfo":"by NTP"}`},
	{"SignCertificate", `{"csr":"-----BEGIN CERTIFICATE REQUEST-----\nMIHh\n-----END CERTIFICATE REQUEST-----","certificateType":"V2GCertificate"}`},
}

// only201 is said in another way in 2.1.
var only201 = []said{
	{"NotifyMonitoringReport", `{"requestId":7,"seqNo":0,"generatedAt":"2026-03-01T11:00:00Z","monitor":[{"component":{"name":"EVSE","evse":{"id":1}},"variable":{"name":"Power"},"variableMonitoring":[{"id":1,"transaction":false,"value":11000,"type":"UpperThreshold","severity":5}]}]}`},
}

// since21 has the actions that OCPP 2.1 adds, or has said in another way.
var since21 = []said{
	{"BatterySwap", `{"requestId":7,"eventType":"BatteryIn","idToken":{"idToken":"04AABBCC","type":"ISO14443"},"batteryData":[{"evseId":1,"serialNumber":"B1","soC":20,"soH":99.5}]}`},
	{"ClosePeriodicEventStream", `{"id":7}`},
	{"GetCertificateChainStatus", `{"certificateStatusRequests":[{"source":"OCSP","urls":["http://ocsp.example"],"certificateHashData":{"hashAlgorithm":"SHA256","issuerNameHash":"a","issuerKeyHash":"b","serialNumber":"1"}}]}`},
	{"NotifyDERAlarm", `{"controlType":"VoltVar","timestamp":"2026-03-01T11:00:00Z","gridEventFault":"OverVoltage"}`},
	{"NotifyDERStartStop", `{"controlId":"c","started":true,"timestamp":"2026-03-01T11:00:00Z"}`},
	{"NotifyMonitoringReport", `{"requestId":7,"seqNo":0,"generatedAt":"2026-03-01T11:00:00Z","monitor":[{"component":{"name":"EVSE","evse":{"id":1}},"variable":{"name":"Power"},"variableMonitoring":[{"id":1,"transaction":false,"value":11000,"type":"UpperThreshold","severity":5,"eventNotificationType":"CustomMonitor"}]}]}`},
	{"NotifyPeriodicEventStream", `{"id":7,"pending":0,"basetime":"2026-03-01T11:00:00Z","data":[{"t":0,"v":"1"},{"t":2.5,"v":"2"}]}`},
	{"NotifyPriorityCharging", `{"transactionId":"tx-1","activated":true}`},
	{"NotifySettlement", `{"pspRef":"P","status":"Settled","settlementAmount":12.5,"settlementTime":"2026-03-01T11:00:00Z"}`},
	{"OpenPeriodicEventStream", `{"constantStreamData":{"id":7,"variableMonitoringId":12,"params":{"interval":10,"values":5}}}`},
	{"PullDynamicScheduleUpdate", `{"chargingProfileId":7}`},
	{"ReportDERControl", `{"requestId":7}`},
	{"VatNumberValidation", `{"vatNumber":"NL1","evseId":0}`},
}

// saidIn is what is said in each version.
var saidIn = map[ocppj.Version][]said{ocppj.V16: said16, ocppj.V201: slices.Concat(since201, only201), ocppj.V21: slices.Concat(since201, since21)}

func TestEveryActionIsMeasured(t *testing.T) {
	for _, version := range dialect.Versions {
		for _, action := range schemas.Actions(version) {
			sender, _ := schemas.Known(version, action)
			measured := slices.ContainsFunc(saidIn[version], func(s said) bool { return s.action == action })
			if sender.Includes(schemas.ChargePoint) != measured {
				t.Errorf("%s %s: measured is %t", version, action, measured)
			}
		}
		for _, s := range saidIn[version] {
			if violations, err := schemas.Validate(version, s.action, schemas.Request, []byte(s.payload)); err != nil || len(violations) > 0 {
				t.Errorf("%s %s: %v %v", version, s.action, violations, err)
			}
		}
	}
}
