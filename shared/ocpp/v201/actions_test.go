package v201

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/ocpp/ocpptest"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/report"
	"github.com/serverless-ocpp/backend/shared/token"
	"github.com/serverless-ocpp/backend/shared/transaction"
	"github.com/serverless-ocpp/backend/shared/variable"
)

var (
	now   = time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	known = ocpp.Known{
		Now: now, HeartbeatInterval: 300 * time.Second, Registration: chargepoint.Pending, Vendors: []string{"com.known"},
		Authorization: token.Authorization{Status: token.Blocked, GroupID: "FLEET"},
	}
	at = time.Date(2026, 2, 3, 4, 0, 0, 0, time.UTC)
)

func number(n int) *int { return &n }

// nowKey is the key of what counts as having happened when it was received.
const nowKey = "2026-02-03T04:05:06.000Z#*"

const blocked = `{"idTokenInfo":{"status":"Blocked","groupIdToken":{"idToken":"FLEET","type":"Central"}}}`

var cases = []ocpptest.Case{
	{
		Action:  "BootNotification",
		Payload: `{"reason":"PowerUp","chargingStation":{"vendorName":"ACME","model":"X2","modem":{"imsi":"26"}}}`,
		Needs:   ocpp.Needs{Boot: true},
		Answer:  `{"currentTime":"2026-02-03T04:05:06.000Z","interval":300,"status":"Pending"}`,
		Effects: []ocpp.Effect{ocpp.Booted{Boot: chargepoint.Boot{VendorName: "ACME", Model: "X2", IMSI: "26", Reason: "PowerUp"}}},
	},
	{
		Action:  "Heartbeat",
		Payload: `{}`,
		Answer:  `{"currentTime":"2026-02-03T04:05:06.000Z"}`,
	},
	{
		Action:  "Authorize",
		Payload: `{"idToken":{"idToken":"04AA","type":"ISO14443"}}`,
		Needs:   ocpp.Needs{IDToken: "04AA"},
		Answer:  blocked,
	},
	{
		Action:  "Authorize",
		Payload: `{"idToken":{"idToken":"","type":"NoAuthorization"}}`,
		Answer:  `{"idTokenInfo":{"status":"Accepted"}}`,
	},
	{
		Action:  "Authorize",
		Payload: `{"idToken":{"idToken":"","type":"ISO14443"}}`,
		Answer:  `{"idTokenInfo":{"status":"Invalid"}}`,
	},
	{
		Action:  "Authorize",
		Payload: `{"idToken":{"idToken":"DE8ACC","type":"eMAID"},"certificate":"-----BEGIN CERTIFICATE-----"}`,
		Needs:   ocpp.Needs{IDToken: "DE8ACC"},
		Answer:  blocked[:len(blocked)-1] + `,"certificateStatus":"CertChainError"}`,
	},
	{
		Action: "Authorize",
		Payload: `{"idToken":{"idToken":"DE8ACC","type":"eMAID"},
		"iso15118CertificateHashData":[{"hashAlgorithm":"SHA256","issuerNameHash":"a","issuerKeyHash":"b","serialNumber":"1","responderURL":"http://ocsp.example"}]}`,
		Needs:  ocpp.Needs{IDToken: "DE8ACC"},
		Answer: blocked[:len(blocked)-1] + `,"certificateStatus":"CertChainError"}`,
	},
	{
		Action:  "StatusNotification",
		Payload: `{"timestamp":"2026-02-03T04:00:00Z","connectorStatus":"Occupied","evseId":1,"connectorId":2}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpp.ConnectorChanged{Connector: chargepoint.Connector{Connector: "1#2", Status: "Occupied", At: at, ReceivedAt: now}}},
	},
	{
		Action:  "MeterValues",
		Payload: `{"evseId":1,"meterValue":[{"timestamp":"2026-02-03T04:00:00Z","sampledValue":[{"value":12.50,"unitOfMeasure":{"unit":"kWh","multiplier":1}}]}]}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpp.MeterRead{Connector: "1", Readings: []transaction.Reading{{At: at, Values: []transaction.SampledValue{{Value: "12.50", Unit: "kWh", Multiplier: 1}}}}}},
	},
	{
		Action: "TransactionEvent",
		Payload: `{"eventType":"Started","timestamp":"2026-02-03T04:00:00Z","triggerReason":"RemoteStart","seqNo":0,
		"transactionInfo":{"transactionId":"T1","remoteStartId":9,"chargingState":"EVConnected"},"evse":{"id":1,"connectorId":1},"idToken":{"idToken":"04AA","type":"ISO14443"}}`,
		Needs:  ocpp.Needs{IDToken: "04AA"},
		Answer: blocked,
		Effects: []ocpp.Effect{ocpp.TransactionChanged{Event: transaction.Event{Kind: transaction.EventStarted, TransactionID: "T1", At: at, SeqNo: number(0), Connector: "1#1",
			IDToken: "04AA", IDTokenType: "ISO14443", Authorization: "Blocked", ChargingState: "EVConnected", RemoteStartID: number(9)}}},
	},
	{
		Action: "TransactionEvent",
		Payload: `{"eventType":"Ended","timestamp":"2026-02-03T04:00:00Z","triggerReason":"EVDeparted","seqNo":4,"offline":true,
		"transactionInfo":{"transactionId":"T1","stoppedReason":"EVDisconnected"}}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpp.TransactionChanged{Event: transaction.Event{Kind: transaction.EventEnded, TransactionID: "T1", At: at, SeqNo: number(4), StopReason: "EVDisconnected", Offline: true}}},
	},
	{
		Action:  "TransactionEvent",
		Payload: `{"eventType":"Updated","timestamp":"2026-02-03T04:00:00Z","triggerReason":"Trigger","seqNo":4,"transactionInfo":{"transactionId":""}}`,
		Answer:  `{}`,
	},
	{
		Action:  "NotifyEVChargingNeeds",
		Payload: `{"evseId":1,"chargingNeeds":{"requestedEnergyTransfer":"DC"}}`,
		Answer:  `{"status":"Rejected","statusInfo":{"reasonCode":"UnsupportedRequest","additionalInfo":"Schedules are not calculated from the needs of an EV."}}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.ChargingNeeds, "1", now)},
	},
	{
		Action:  "ClearedChargingLimit",
		Payload: `{"chargingLimitSource":"EMS","evseId":1}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.ChargingLimit, "1/EMS", now)},
	},
	{
		Action:  "DataTransfer",
		Payload: `{"vendorId":"v"}`,
		Answer:  `{"status":"UnknownVendorId"}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.DataTransfer, nowKey, now)},
	},
	{
		Action:  "DataTransfer",
		Payload: `{"vendorId":"COM.known","data":[1,{"a":null}]}`,
		Answer:  `{"status":"Accepted"}`,
		Effects: []ocpp.Effect{
			ocpptest.Report(report.DataTransfer, nowKey, now),
			ocpp.DataReceived{VendorID: "com.known", Payload: json.RawMessage(`{"vendorId":"COM.known","data":[1,{"a":null}]}`)},
		},
	},
	{
		Action:  "FirmwareStatusNotification",
		Payload: `{"status":"Installed","requestId":7}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.Firmware, "0000000007", now)},
	},
	{
		Action:  "FirmwareStatusNotification",
		Payload: `{"status":"Idle"}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.Firmware, "latest", now)},
	},
	{
		Action:  "Get15118EVCertificate",
		Payload: `{"iso15118SchemaVersion":"urn:iso:15118:2:2013:MsgDef","action":"Install","exiRequest":"gJgA"}`,
		Answer:  `{"status":"Failed","statusInfo":{"reasonCode":"UnsupportedRequest","additionalInfo":"Contract certificates are not provided."},"exiResponse":""}`,
	},
	{
		Action:  "GetCertificateStatus",
		Payload: `{"ocspRequestData":{"hashAlgorithm":"SHA256","issuerNameHash":"a","issuerKeyHash":"b","serialNumber":"1","responderURL":"http://ocsp.example"}}`,
		Answer:  `{"status":"Failed","statusInfo":{"reasonCode":"UnsupportedRequest","additionalInfo":"The status of certificates is not looked up."}}`,
	},
	{
		Action:  "LogStatusNotification",
		Payload: `{"status":"Uploading","requestId":7}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.Log, "0000000007", now)},
	},
	{
		Action:  "NotifyChargingLimit",
		Payload: `{"chargingLimit":{"chargingLimitSource":"EMS"},"evseId":1}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.ChargingLimit, "1/EMS", now)},
	},
	{
		Action:  "NotifyChargingLimit",
		Payload: `{"chargingLimit":{"chargingLimitSource":"SO","isGridCritical":true}}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.ChargingLimit, "0/SO", now)},
	},
	{
		Action:  "NotifyCustomerInformation",
		Payload: `{"data":"d","generatedAt":"2026-02-03T04:00:00Z","requestId":7,"seqNo":1,"tbc":true}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Part(report.CustomerInformation, "0000000007/00001", at, 1, true)},
	},
	{
		Action:  "NotifyDisplayMessages",
		Payload: `{"requestId":7,"tbc":true}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Part(report.DisplayMessages, "0000000007/*", now, 0, true)},
	},
	{
		Action: "NotifyEVChargingSchedule",
		Payload: `{"timeBase":"2026-02-03T04:00:00Z","evseId":1,
		"chargingSchedule":{"id":1,"chargingRateUnit":"W","chargingSchedulePeriod":[{"startPeriod":0,"limit":11000}]}}`,
		Answer:  `{"status":"Accepted"}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.ChargingSchedule, "1", at)},
	},
	{
		Action: "NotifyEvent",
		Payload: `{"generatedAt":"2026-02-03T04:00:01Z","seqNo":0,"tbc":true,"eventData":[
		{"eventId":1,"timestamp":"2026-02-03T04:00:00Z","trigger":"Delta","eventNotificationType":"HardWiredNotification",
		 "actualValue":"Occupied","component":{"name":"connector","evse":{"id":1,"connectorId":2}},"variable":{"name":"AvailabilityState"}},
		{"eventId":0,"timestamp":"2026-02-03T03:00:00Z","trigger":"Delta","eventNotificationType":"HardWiredNotification",
		 "actualValue":"Available","component":{"name":"Connector","evse":{"id":1,"connectorId":2}},"variable":{"name":"AvailabilityState"}},
		{"eventId":2,"timestamp":"2026-02-03T04:00:00Z","trigger":"Alerting","eventNotificationType":"CustomMonitor",
		 "actualValue":"true","component":{"name":"ChargingStation"},"variable":{"name":"Problem"}}]}`,
		Answer: `{}`,
		Effects: []ocpp.Effect{
			ocpptest.Part(report.Event, "2026-02-03T04:00:01.000Z#00000-*", at.Add(time.Second), 0, true),
			ocpp.VariablesReported{Variables: []variable.Variable{
				{Component: variable.Component{Name: "connector", EVSE: &variable.EVSE{ID: 1, ConnectorID: 2}}, Variable: variable.Name{Name: "AvailabilityState"}, Value: "Occupied", At: at, ReceivedAt: now},
				{Component: variable.Component{Name: "ChargingStation"}, Variable: variable.Name{Name: "Problem"}, Value: "true", At: at, ReceivedAt: now},
			}},
			ocpp.ConnectorChanged{Connector: chargepoint.Connector{Connector: "1#2", Status: "Occupied", At: at, ReceivedAt: now}},
		},
	},
	{
		Action:  "NotifyMonitoringReport",
		Payload: `{"requestId":7,"seqNo":0,"generatedAt":"2026-02-03T04:00:00Z"}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Part(report.Monitoring, "0000000007/00000", at, 0, false)},
	},
	{
		Action: "NotifyReport",
		Payload: `{"requestId":7,"seqNo":0,"tbc":true,"generatedAt":"2026-02-03T04:00:00Z","reportData":[
		{"component":{"name":"EVSE","evse":{"id":1}},"variable":{"name":"Power"},"variableAttribute":[{"type":"MaxSet","value":"9"},{"value":"7"}],
		 "variableCharacteristics":{"dataType":"decimal","supportsMonitoring":true}},
		{"component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"},"variableAttribute":[{"type":"Actual","mutability":"WriteOnly"}]},
		{"component":{"name":"X"},"variable":{"name":"Limit","instance":"i"},"variableAttribute":[{"type":"Target","value":"3"}]}]}`,
		Answer: `{}`,
		Effects: []ocpp.Effect{
			ocpptest.Part(report.Inventory, "0000000007/00000", at, 0, true),
			ocpp.VariablesReported{Variables: []variable.Variable{
				{Component: variable.Component{Name: "EVSE", EVSE: &variable.EVSE{ID: 1}}, Variable: variable.Name{Name: "Power"}, Value: "7",
					Attributes:      json.RawMessage(`[{"type":"MaxSet","value":"9"},{"value":"7"}]`),
					Characteristics: json.RawMessage(`{"dataType":"decimal","supportsMonitoring":true}`), At: at, ReceivedAt: now},
				{Component: variable.Component{Name: "SecurityCtrlr"}, Variable: variable.Name{Name: "BasicAuthPassword"},
					Attributes: json.RawMessage(`[{"type":"Actual","mutability":"WriteOnly"}]`), At: at, ReceivedAt: now},
				{Component: variable.Component{Name: "X"}, Variable: variable.Name{Name: "Limit", Instance: "i"},
					Attributes: json.RawMessage(`[{"type":"Target","value":"3"}]`), At: at, ReceivedAt: now},
			}},
		},
	},
	{
		Action:  "NotifyReport",
		Payload: `{"requestId":7,"seqNo":1,"generatedAt":"2026-02-03T04:00:00Z"}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Part(report.Inventory, "0000000007/00001", at, 1, false)},
	},
	{
		Action:  "PublishFirmwareStatusNotification",
		Payload: `{"status":"Published","requestId":7,"location":["http://10.0.0.1/firmware"]}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.PublishedFirmware, "0000000007", now)},
	},
	{
		Action: "ReportChargingProfiles",
		Payload: `{"requestId":7,"chargingLimitSource":"CSO","evseId":1,"chargingProfile":[{"id":1,"stackLevel":0,"chargingProfilePurpose":"TxDefaultProfile",
		"chargingProfileKind":"Relative","chargingSchedule":[{"id":1,"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":16}]}]}]}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Part(report.ChargingProfiles, "0000000007/*", now, 0, false)},
	},
	{
		Action:  "ReservationStatusUpdate",
		Payload: `{"reservationId":7,"reservationUpdateStatus":"Expired"}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.Reservation, "0000000007", now)},
	},
	{
		Action:  "SecurityEventNotification",
		Payload: `{"type":"SettingSystemTime","timestamp":"2026-02-03T04:00:00Z"}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.SecurityEvent, "2026-02-03T04:00:00.000Z#*", at)},
	},
	{
		Action:  "SignCertificate",
		Payload: `{"csr":"-----BEGIN CERTIFICATE REQUEST-----","certificateType":"V2GCertificate"}`,
		Answer:  `{"status":"Accepted"}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.CertificateRequest, nowKey, now), ocpp.CertificateRequested{CSR: "-----BEGIN CERTIFICATE REQUEST-----", CertificateType: "V2GCertificate"}},
	},
}

// Specification: OCPP 1.6 sections 4.2 and 4.8; B02.FR.07; B03.FR.05; E01.FR.11; E02.FR.02.
func TestActions(t *testing.T) {
	ocpptest.Run(t, ocppj.V201, Actions, known, cases)
}

func TestGenerated(t *testing.T) {
	ocpptest.RunGenerated(t, ocppj.V201, Actions, known)
}

func TestGroupThatCannotBeTold(t *testing.T) {
	info := idToken{IDToken: "A", Type: "ISO14443"}.info(token.Authorization{Status: token.Accepted, GroupID: strings.Repeat("x", 37)})
	if info.GroupIDToken != nil {
		t.Errorf("a group of 37 characters is told: %+v", info.GroupIDToken)
	}
}
