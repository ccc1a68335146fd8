package v21

import (
	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/ocpp/ocpptest"
	"github.com/serverless-ocpp/backend/shared/report"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

const accepted = `{"idTokenInfo":{"status":"Accepted","groupIdToken":{"idToken":"FLEET","type":"Central"}}}`

// older are the messages that mean what they mean in 2.0.1, with something that is new in 2.1 where there is. What is the
// same in every member is in ocpptest.Since201.
var older = []ocpptest.Case{
	{
		Action:  "Authorize",
		Payload: `{"idToken":{"idToken":"WVWZZZ","type":"VIN"}}`,
		Needs:   ocpp.Needs{IDToken: "WVWZZZ"},
		Answer:  accepted,
	},
	{
		Action:  "BootNotification",
		Payload: `{"reason":"PowerUp","chargingStation":{"vendorName":"ACME","model":"X3","serialNumber":"S"}}`,
		Needs:   ocpp.Needs{Boot: true},
		Answer:  `{"currentTime":"2026-02-03T04:05:06.000Z","interval":300,"status":"Accepted"}`,
		Effects: []ocpp.Effect{ocpp.Booted{Boot: chargepoint.Boot{VendorName: "ACME", Model: "X3", SerialNumber: "S", Reason: "PowerUp"}}},
	},
	{
		Action:  "MeterValues",
		Payload: `{"evseId":1,"meterValue":[{"timestamp":"2026-02-03T04:00:00Z","sampledValue":[{"value":51,"measurand":"Display.PresentSOC"}]}]}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpp.MeterRead{Connector: "1", Readings: []transaction.Reading{{At: at, Values: []transaction.SampledValue{{Value: "51", Measurand: "Display.PresentSOC"}}}}}},
	},
	{
		Action: "TransactionEvent",
		Payload: `{"eventType":"Updated","timestamp":"2026-02-03T04:00:00Z","triggerReason":"CostLimitReached","seqNo":3,"preconditioningStatus":"Ready","evseSleep":false,
		"transactionInfo":{"transactionId":"T1","chargingState":"SuspendedEVSE","operationMode":"ChargingOnly","transactionLimit":{"maxCost":20}},
		"idToken":{"idToken":"4111","type":"DirectPayment"},
		"costDetails":{"totalCost":{"currency":"EUR","typeOfCost":"NormalCost","total":{"exclTax":20}},"totalUsage":{"energy":1,"chargingTime":2,"idleTime":3}}}`,
		Needs:  ocpp.Needs{IDToken: "4111"},
		Answer: accepted,
		Effects: []ocpp.Effect{ocpp.TransactionChanged{Event: transaction.Event{Kind: transaction.EventUpdated, TransactionID: "T1", At: at, SeqNo: &seqNo,
			IDToken: "4111", IDTokenType: "DirectPayment", Authorization: "Accepted", ChargingState: "SuspendedEVSE"}}},
	},
	{
		Action:  "ClearedChargingLimit",
		Payload: `{"chargingLimitSource":"OurEMS","evseId":1}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.ChargingLimit, "1/OurEMS", now)},
	},
	{
		Action:  "FirmwareStatusNotification",
		Payload: `{"status":"InstallationFailed","requestId":7,"statusInfo":{"reasonCode":"OutOfStorage"}}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.Firmware, "0000000007", now)},
	},
	{
		Action:  "NotifyChargingLimit",
		Payload: `{"chargingLimit":{"chargingLimitSource":"OurEMS"},"evseId":1}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.ChargingLimit, "1/OurEMS", now)},
	},
	{
		Action:  "ReservationStatusUpdate",
		Payload: `{"reservationId":7,"reservationUpdateStatus":"NoTransaction"}`,
		Answer:  `{}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.Reservation, "0000000007", now)},
	},
	{
		Action:  "SignCertificate",
		Payload: `{"csr":"-----BEGIN CERTIFICATE REQUEST-----","certificateType":"V2G20Certificate","requestId":3}`,
		Answer:  `{"status":"Accepted"}`,
		Effects: []ocpp.Effect{ocpptest.Report(report.CertificateRequest, ocpptest.NowKey, now), ocpp.CertificateRequested{CSR: "-----BEGIN CERTIFICATE REQUEST-----", CertificateType: "V2G20Certificate", RequestID: new(3)}},
	},
}
