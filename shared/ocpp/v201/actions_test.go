package v201

import (
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/ocpp/ocpptest"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/token"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

var (
	now   = time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	known = ocpp.Known{
		Now: now, HeartbeatInterval: 300 * time.Second, Registration: chargepoint.Pending,
		Authorization: token.Authorization{Status: token.Blocked, GroupID: "FLEET"},
	}
	at = time.Date(2026, 2, 3, 4, 0, 0, 0, time.UTC)
)

func number(n int) *int { return &n }

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
		Action:  "DataTransfer",
		Payload: `{"vendorId":"v"}`,
		Answer:  `{"status":"UnknownVendorId"}`,
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
}

func TestActions(t *testing.T) {
	ocpptest.Run(t, ocppj.V201, Actions, known, cases)
}
