package ocpptest

import (
	"encoding/json"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
	"github.com/serverless-ocpp/backend/shared/variable"
)

var (
	// Now is when the messages of Since201 are received: the Now of what is known.
	Now = time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	// At is when, by the charge point's clock, most of what they tell has happened.
	At = time.Date(2026, 2, 3, 4, 0, 0, 0, time.UTC)
)

// NowKey is the key of a report on what counts as having happened when it was received: at Now.
const NowKey = "2026-02-03T04:05:06.000Z#*"

// Since201 are the messages that are written, answered and take effect in OCPP 2.1 as they do in 2.0.1,
// whatever is known of id tokens. They count on Now, and on "com.known" among the vendors.
var Since201 = []Case{
	{
		Action:  "Heartbeat",
		Payload: `{}`,
		Answer:  `{"currentTime":"2026-02-03T04:05:06.000Z"}`,
	},
	{
		Action:  "StatusNotification",
		Payload: `{"timestamp":"2026-02-03T04:00:00Z","connectorStatus":"Occupied","evseId":1,"connectorId":2}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpp.ConnectorChanged{Connector: chargepoint.Connector{Connector: "1#2", Status: "Occupied", At: At, ReceivedAt: Now}}},
	},
	{
		Action:  "DataTransfer",
		Payload: `{"vendorId":"v"}`,
		Answer:  `{"status":"UnknownVendorId"}`,
		Effects: []ocpp.Effect{Report(report.DataTransfer, NowKey, Now)},
	},
	{
		Action:  "DataTransfer",
		Payload: `{"vendorId":"COM.known","data":[1,{"a":null}]}`,
		Answer:  `{"status":"Accepted"}`,
		Effects: []ocpp.Effect{
			Report(report.DataTransfer, NowKey, Now),
			ocpp.DataReceived{VendorID: "com.known", Payload: json.RawMessage(`{"vendorId":"COM.known","data":[1,{"a":null}]}`)},
		},
	},
	{
		Action:  "FirmwareStatusNotification",
		Payload: `{"status":"Idle"}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{Report(report.Firmware, "latest", Now)},
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
		Effects: []ocpp.Effect{Report(report.Log, "0000000007", Now)},
	},
	{
		Action:  "NotifyChargingLimit",
		Payload: `{"chargingLimit":{"chargingLimitSource":"SO","isGridCritical":true}}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{Report(report.ChargingLimit, "0/SO", Now)},
	},
	{
		Action:  "NotifyCustomerInformation",
		Payload: `{"data":"d","generatedAt":"2026-02-03T04:00:00Z","requestId":7,"seqNo":1,"tbc":true}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{Part(report.CustomerInformation, "0000000007/00001", At, 1, true)},
	},
	{
		Action:  "NotifyDisplayMessages",
		Payload: `{"requestId":7,"tbc":true}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{Part(report.DisplayMessages, "0000000007/*", Now, 0, true)},
	},
	{
		Action: "NotifyEVChargingSchedule",
		Payload: `{"timeBase":"2026-02-03T04:00:00Z","evseId":1,
		"chargingSchedule":{"id":1,"chargingRateUnit":"W","chargingSchedulePeriod":[{"startPeriod":0,"limit":11000}]}}`,
		Answer:  `{"status":"Accepted"}`,
		Effects: []ocpp.Effect{Report(report.ChargingSchedule, "1", At)},
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
			Part(report.Event, "2026-02-03T04:00:01.000Z#00000-*", At.Add(time.Second), 0, true),
			ocpp.VariablesReported{Variables: []variable.Variable{
				{Component: variable.Component{Name: "connector", EVSE: &variable.EVSE{ID: 1, ConnectorID: 2}}, Variable: variable.Name{Name: "AvailabilityState"}, Value: "Occupied", At: At, ReceivedAt: Now},
				{Component: variable.Component{Name: "ChargingStation"}, Variable: variable.Name{Name: "Problem"}, Value: "true", At: At, ReceivedAt: Now},
			}},
			ocpp.ConnectorChanged{Connector: chargepoint.Connector{Connector: "1#2", Status: "Occupied", At: At, ReceivedAt: Now}},
		},
	},
	{
		Action:  "NotifyMonitoringReport",
		Payload: `{"requestId":7,"seqNo":0,"generatedAt":"2026-02-03T04:00:00Z"}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{Part(report.Monitoring, "0000000007/00000", At, 0, false)},
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
			Part(report.Inventory, "0000000007/00000", At, 0, true),
			ocpp.VariablesReported{Variables: []variable.Variable{
				{Component: variable.Component{Name: "EVSE", EVSE: &variable.EVSE{ID: 1}}, Variable: variable.Name{Name: "Power"}, Value: "7",
					Attributes:      json.RawMessage(`[{"type":"MaxSet","value":"9"},{"value":"7"}]`),
					Characteristics: json.RawMessage(`{"dataType":"decimal","supportsMonitoring":true}`), At: At, ReceivedAt: Now},
				{Component: variable.Component{Name: "SecurityCtrlr"}, Variable: variable.Name{Name: "BasicAuthPassword"},
					Attributes: json.RawMessage(`[{"type":"Actual","mutability":"WriteOnly"}]`), At: At, ReceivedAt: Now},
				{Component: variable.Component{Name: "X"}, Variable: variable.Name{Name: "Limit", Instance: "i"},
					Attributes: json.RawMessage(`[{"type":"Target","value":"3"}]`), At: At, ReceivedAt: Now},
			}},
		},
	},
	{
		Action:  "NotifyReport",
		Payload: `{"requestId":7,"seqNo":1,"generatedAt":"2026-02-03T04:00:00Z"}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{Part(report.Inventory, "0000000007/00001", At, 1, false)},
	},
	{
		Action:  "PublishFirmwareStatusNotification",
		Payload: `{"status":"Published","requestId":7,"location":["http://10.0.0.1/firmware"]}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{Report(report.PublishedFirmware, "0000000007", Now)},
	},
	{
		Action: "ReportChargingProfiles",
		Payload: `{"requestId":7,"chargingLimitSource":"CSO","evseId":1,"chargingProfile":[{"id":1,"stackLevel":0,"chargingProfilePurpose":"TxDefaultProfile",
		"chargingProfileKind":"Relative","chargingSchedule":[{"id":1,"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":16}]}]}]}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{Part(report.ChargingProfiles, "0000000007/*", Now, 0, false)},
	},
	{
		Action:  "SecurityEventNotification",
		Payload: `{"type":"SettingSystemTime","timestamp":"2026-02-03T04:00:00Z"}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{Report(report.SecurityEvent, "2026-02-03T04:00:00.000Z#*", At)},
	},
}
