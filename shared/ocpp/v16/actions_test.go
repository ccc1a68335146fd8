package v16

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/ocpp/ocpptest"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/report"
	"github.com/serverless-ocpp/backend/shared/token"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

var (
	now   = time.Date(2026, 2, 3, 4, 5, 6, 700e6, time.UTC)
	known = ocpp.Known{
		Now: now, HeartbeatInterval: 300 * time.Second, Registration: chargepoint.Accepted, TransactionID: 4711, Vendors: []string{"org.other", "com.known"},
		Authorization: token.Authorization{Status: token.Accepted, GroupID: "FLEET", ExpiresAt: now.Add(time.Hour)},
	}
	at = time.Date(2026, 2, 3, 4, 0, 0, 0, time.UTC)
)

func wh(v float64) *float64 { return &v }

var cases = []ocpptest.Case{
	{
		Action:  "BootNotification",
		Payload: `{"chargePointVendor":"ACME","chargePointModel":"X1","chargeBoxSerialNumber":"S9","iccid":"89"}`,
		Needs:   ocpp.Needs{Boot: true},
		Answer:  `{"currentTime":"2026-02-03T04:05:06.700Z","interval":300,"status":"Accepted"}`,
		Effects: []ocpp.Effect{ocpp.Booted{Boot: chargepoint.Boot{VendorName: "ACME", Model: "X1", SerialNumber: "S9", ICCID: "89"}}},
	},
	{
		Action:  "Heartbeat",
		Payload: `{}`,
		Answer:  `{"currentTime":"2026-02-03T04:05:06.700Z"}`,
	},
	{
		Action:  "Authorize",
		Payload: `{"idTag":"TAG"}`,
		Needs:   ocpp.Needs{IDToken: "TAG"},
		Answer:  `{"idTagInfo":{"status":"Accepted","expiryDate":"2026-02-03T05:05:06.700Z","parentIdTag":"FLEET"}}`,
	},
	{
		Action:  "DataTransfer",
		Payload: `{"vendorId":"com.example"}`,
		Answer:  `{"status":"UnknownVendorId"}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.DataTransfer, "2026-02-03T04:05:06.700Z#*", now)},
	},
	{
		Action:  "DataTransfer",
		Payload: `{"vendorId":"com.KNOWN","messageId":"m","data":"d"}`,
		Answer:  `{"status":"Accepted"}`,
		Effects: []ocpp.Effect{
			ocpptest.Report(report.DataTransfer, "2026-02-03T04:05:06.700Z#*", now),
			ocpp.DataReceived{VendorID: "com.known", Payload: json.RawMessage(`{"vendorId":"com.KNOWN","messageId":"m","data":"d"}`)},
		},
	},
	{
		Action:  "DiagnosticsStatusNotification",
		Payload: `{"status":"Uploaded"}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.Diagnostics, "latest", now)},
	},
	{
		Action:  "FirmwareStatusNotification",
		Payload: `{"status":"Installed"}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.Firmware, "latest", now)},
	},
	{
		Action:  "SignedFirmwareStatusNotification",
		Payload: `{"status":"InvalidSignature","requestId":7}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.Firmware, "0000000007", now)},
	},
	{
		Action:  "LogStatusNotification",
		Payload: `{"status":"Uploading","requestId":7}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.Log, "0000000007", now)},
	},
	{
		Action:  "LogStatusNotification",
		Payload: `{"status":"Idle"}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.Log, "latest", now)},
	},
	{
		Action:  "SecurityEventNotification",
		Payload: `{"type":"SettingSystemTime","timestamp":"2026-02-03T04:00:00Z"}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.SecurityEvent, "2026-02-03T04:00:00.000Z#*", at)},
	},
	{
		Action:  "SignCertificate",
		Payload: `{"csr":"-----BEGIN CERTIFICATE REQUEST-----"}`,
		Answer:  `{"status":"Accepted"}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.CertificateRequest, "2026-02-03T04:05:06.700Z#*", now), ocpp.CertificateRequested{CSR: "-----BEGIN CERTIFICATE REQUEST-----"}},
	},
	{
		Action:  "StatusNotification",
		Payload: `{"connectorId":0,"errorCode":"NoError","status":"Available"}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpp.ConnectorChanged{Connector: chargepoint.Connector{Connector: "0", Status: "Available", ErrorCode: "NoError", At: now, ReceivedAt: now}}},
	},
	{
		Action:  "StatusNotification",
		Payload: `{"connectorId":2,"errorCode":"OtherError","status":"Faulted","info":"hot","vendorErrorCode":"E7","vendorId":"v","timestamp":"2026-02-03T05:00:00+01:00"}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpp.ConnectorChanged{Connector: chargepoint.Connector{Connector: "2", Status: "Faulted", ErrorCode: "OtherError", Info: "hot", VendorError: "E7", VendorID: "v", At: at, ReceivedAt: now}}},
	},
	{
		Action:  "StartTransaction",
		Payload: `{"connectorId":1,"idTag":"TAG","meterStart":100,"timestamp":"2026-02-03T04:00:00Z"}`,
		Needs:   ocpp.Needs{IDToken: "TAG", Start: &ocpp.Start{ConnectorID: 1, IDTag: "TAG", At: at, MeterStart: 100}},
		Answer:  `{"transactionId":4711,"idTagInfo":{"status":"Accepted","expiryDate":"2026-02-03T05:05:06.700Z","parentIdTag":"FLEET"}}`,
		Effects: []ocpp.Effect{ocpp.TransactionChanged{Event: transaction.Event{Kind: transaction.EventStarted, TransactionID: "4711", At: at, Connector: "1",
			IDToken: "TAG", Authorization: "Accepted", MeterStart: wh(100), StartKey: transaction.StartKey(1, "TAG", at, 100)}}},
	},
	{
		Action:  "MeterValues",
		Payload: `{"connectorId":1,"transactionId":4711,"meterValue":[{"timestamp":"2026-02-03T04:00:00Z","sampledValue":[{"value":"120","unit":"Wh"}]}]}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpp.TransactionChanged{Event: transaction.Event{Kind: transaction.EventUpdated, TransactionID: "4711", At: at, Connector: "1", Periodic: true,
			Readings: []transaction.Reading{{At: at, Values: []transaction.SampledValue{{Value: "120", Unit: "Wh"}}}}}}},
	},
	{
		Action:  "MeterValues",
		Payload: `{"connectorId":0,"transactionId":-1,"meterValue":[{"timestamp":"2026-02-03T04:00:00Z","sampledValue":[{"value":"7"}]}]}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpp.MeterRead{Connector: "0", Readings: []transaction.Reading{{At: at, Values: []transaction.SampledValue{{Value: "7"}}}}}},
	},
	{
		Action:  "StopTransaction",
		Payload: `{"transactionId":4711,"meterStop":900,"timestamp":"2026-02-03T04:00:00Z"}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpp.TransactionChanged{Event: transaction.Event{Kind: transaction.EventEnded, TransactionID: "4711", At: at, MeterStop: wh(900), StopReason: "Local"}}},
	},
	{
		Action:  "StopTransaction",
		Payload: `{"transactionId":-1,"meterStop":900,"idTag":"TAG","reason":"Remote","timestamp":"2026-02-03T04:00:00Z"}`,
		Needs:   ocpp.Needs{IDToken: "TAG"},
		Answer:  `{"idTagInfo":{"status":"Accepted","expiryDate":"2026-02-03T05:05:06.700Z","parentIdTag":"FLEET"}}`,
		Effects: []ocpp.Effect{ocpp.TransactionChanged{Event: transaction.Event{Kind: transaction.EventEnded, TransactionID: "unanswered-2026-02-03T04:00:00Z-900-ecfddeaa", At: at, IDToken: "TAG", MeterStop: wh(900), StopReason: "Remote"}}},
	},
}

// Specification: OCPP 1.6 sections 4.2, 4.8, 4.10, 3.7.1 and 4.7; B02.FR.07; B03.FR.05; E01.FR.11; E02.FR.02; OCPP
// 1.6 errata 3.18; OCPP-J 1.6 errata 2.6.
func TestActions(t *testing.T) {
	ocpptest.Run(t, ocppj.V16, Actions, known, cases)
}

func TestGenerated(t *testing.T) {
	ocpptest.RunGenerated(t, ocppj.V16, Actions, known)
}

func TestWhatOnly2xCanSay(t *testing.T) {
	for name, authorization := range map[string]token.Authorization{
		"unknown":        {Status: token.Unknown},
		"not looked up":  {},
		"group too long": {Status: token.Invalid, GroupID: strings.Repeat("x", 21)},
	} {
		answer, err := json.Marshal(authorize{IDTag: "X"}.Answer(ocpp.Known{Authorization: authorization}))
		if want := `{"idTagInfo":{"status":"Invalid"}}`; err != nil || string(answer) != want {
			t.Errorf("%s: %s (%v), want %s", name, answer, err, want)
		}
	}
}

func TestPayloadThatCannotBeRead(t *testing.T) {
	if _, err := Actions["StartTransaction"].Decode(json.RawMessage(`{"timestamp":"yesterday"}`)); !fault.Is(err, fault.Malformed) {
		t.Errorf("%v", err)
	}
}

func TestOnlyTheBootComesBeforeRegistration(t *testing.T) {
	for name, action := range Actions {
		if action.Unregistered != (name == "BootNotification") || action.Forgettable != (name == "Heartbeat") {
			t.Errorf("%s: %+v", name, action)
		}
	}
}
