package v201

import (
	"slices"
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
)

var (
	now, at = ocpptest.Now, ocpptest.At

	known = ocpp.Known{
		Now: now, HeartbeatInterval: 300 * time.Second, Registration: chargepoint.Pending, Vendors: []string{"com.known"},
		Authorization: token.Authorization{Status: token.Blocked, GroupID: "FLEET"},
	}
)

func number(n int) *int { return &n }

const blocked = `{"idTokenInfo":{"status":"Blocked","groupIdToken":{"idToken":"FLEET","type":"Central"}}}`

// own are the cases that 2.1 does not share.
var own = []ocpptest.Case{
	{
		Action:  "BootNotification",
		Payload: `{"reason":"PowerUp","chargingStation":{"vendorName":"ACME","model":"X2","modem":{"imsi":"26"}}}`,
		Needs:   ocpp.Needs{Boot: true},
		Answer:  `{"currentTime":"2026-02-03T04:05:06.000Z","interval":300,"status":"Pending"}`,
		Effects: []ocpp.Effect{ocpp.Booted{Boot: chargepoint.Boot{VendorName: "ACME", Model: "X2", IMSI: "26", Reason: "PowerUp"}}},
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
		Effects: []ocpp.Effect{ocpp.Dropped{Reason: "the id of the transaction is empty, and nothing can be kept under no name"}},
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
		Action:  "FirmwareStatusNotification",
		Payload: `{"status":"Installed","requestId":7}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.Firmware, "0000000007", now)},
	},
	{
		Action:  "NotifyChargingLimit",
		Payload: `{"chargingLimit":{"chargingLimitSource":"EMS"},"evseId":1}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.ChargingLimit, "1/EMS", now)},
	},
	{
		Action:  "ReservationStatusUpdate",
		Payload: `{"reservationId":7,"reservationUpdateStatus":"Expired"}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.Reservation, "0000000007", now)},
	},
	{
		Action:  "SignCertificate",
		Payload: `{"csr":"-----BEGIN CERTIFICATE REQUEST-----","certificateType":"V2GCertificate"}`,
		Answer:  `{"status":"Accepted"}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.CertificateRequest, ocpptest.NowKey, now), ocpp.CertificateRequested{CSR: "-----BEGIN CERTIFICATE REQUEST-----", CertificateType: "V2GCertificate"}},
	},
}

// Specification: OCPP 1.6 sections 4.2 and 4.8; B02.FR.07; B03.FR.05; E01.FR.11; E02.FR.02.
func TestActions(t *testing.T) {
	ocpptest.Run(t, ocppj.V201, Actions, known, slices.Concat(own, ocpptest.Since201))
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
