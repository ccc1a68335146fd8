package main

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/serverless-ocpp/backend/shared/event"
)

func TestIntegratorsAreTold(t *testing.T) {
	clock := time.Date(2026, 3, 1, 11, 0, 0, 0, time.UTC)
	zero, energy, remote := 0.0, 1000.0, 7
	for _, test := range []struct {
		name, protocol, message, answer string
		want                            event.Name
		at                              time.Time
		data                            any
	}{
		{"boot", "ocpp2.0.1", `[2,"1","BootNotification",{"reason":"PowerUp","chargingStation":{"vendorName":"ACME","model":"X"}}]`, `[3,"1",{"status":"Pending","interval":300,"currentTime":"2026-03-01T12:00:00Z"}]`,
			event.Booted, now, event.Boot{VendorName: "ACME", Model: "X", Reason: "PowerUp", Registration: "Pending"}},
		{"status", "ocpp1.6", `[2,"1","StatusNotification",{"connectorId":2,"errorCode":"OverVoltage","status":"Faulted","info":"i","timestamp":"2026-03-01T11:00:00Z"}]`, `[3,"1",{}]`,
			event.StatusChanged, clock, event.Status{Connector: "2", Status: "Faulted", ReceivedAt: now, ErrorCode: "OverVoltage", Info: "i"}},
		{"status without a time", "ocpp1.6", `[2,"1","StatusNotification",{"connectorId":0,"errorCode":"NoError","status":"Available"}]`, `[3,"1",{}]`,
			event.StatusChanged, now, event.Status{Connector: "0", Status: "Available", ReceivedAt: now, ErrorCode: "NoError"}},
		{"start", "ocpp1.6", `[2,"1","StartTransaction",{"connectorId":1,"idTag":"TAG","meterStart":100,"timestamp":"2026-03-01T11:00:00Z"}]`, `[3,"1",{"transactionId":42,"idTagInfo":{"status":"Accepted"}}]`,
			event.TransactionStarted, clock, event.Transaction{TransactionID: "42", Revision: 1, Connector: "1", State: "Active", IDToken: "TAG", StartedAt: clock}},
		{"update", "ocpp2.0.1", `[2,"1","TransactionEvent",{"eventType":"Updated","timestamp":"2026-03-01T11:00:00Z","triggerReason":"Trigger","seqNo":1,"transactionInfo":{"transactionId":"T","chargingState":"Charging","remoteStartId":7},"meterValue":[{"timestamp":"2026-03-01T11:00:00Z","sampledValue":[{"value":1000},{"value":3,"measurand":"Power.Active.Import","unitOfMeasure":{"unit":"kW"}}]}]}]`, `[3,"1",{}]`,
			event.TransactionUpdated, clock, event.Transaction{TransactionID: "T", Revision: 1, State: "Active", ChargingState: "Charging", EnergyWh: &zero, PowerW: new(3000.0), RemoteStartID: &remote}},
		{"end", "ocpp1.6", `[2,"1","StopTransaction",{"transactionId":42,"meterStop":1100,"timestamp":"2026-03-01T11:00:00Z","reason":"Local","transactionData":[{"timestamp":"2026-03-01T10:00:00Z","sampledValue":[{"value":"100","context":"Transaction.Begin"}]}]}]`, `[3,"1",{}]`,
			event.TransactionEnded, clock, event.Transaction{TransactionID: "42", Revision: 1, State: "Ended", EndedAt: clock, StopReason: "Local", EnergyWh: &energy}},
		{"security", "ocpp1.6", `[2,"1","SecurityEventNotification",{"type":"SettingSystemTime","timestamp":"2026-03-01T11:00:00Z","techInfo":"t"}]`, `[3,"1",{}]`,
			event.SecurityReported, clock, event.Security{Type: "SettingSystemTime", TechInfo: "t"}},
		{"security without a type", "ocpp2.1", `[2,"1","SecurityEventNotification",{"type":"","timestamp":"2026-03-01T11:00:00Z"}]`, `[3,"1",{}]`,
			event.SecurityReported, clock, event.Security{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			for range 2 { // every record may come again
				r.process(test.protocol, test.message, test.answer)
			}
			if len(r.told) != 2 {
				t.Fatalf("told %+v", r.told)
			}
			first, second := r.told[0], r.told[1]
			if first.ID != second.ID || first.Name != test.want || first.ChargePointID != "CP001" || !first.At.Equal(test.at) || !reflect.DeepEqual(first.Data, test.data) {
				t.Errorf("told %+v, data %+v", first, first.Data)
			}
		})
	}
}

// Of the events of a transaction the one with the highest revision has the newest state, whatever order its messages came in. An event
// that comes again has the revision and the data of before if nothing has changed since.
func TestTheHighestRevisionIsTheNewest(t *testing.T) {
	r := newRig(t)
	tell := func(kind, seqNo, more string) event.Transaction {
		t.Helper()
		r.process("ocpp2.0.1", `[2,"`+seqNo+`","TransactionEvent",{"eventType":"`+kind+`","timestamp":"2026-03-01T10:0`+seqNo+`:00.1234567Z","triggerReason":"Trigger","seqNo":`+seqNo+`,"offline":true,"transactionInfo":{"transactionId":"T"},`+
			`"meterValue":[{"timestamp":"2026-03-01T10:0`+seqNo+`:00.1234567Z","sampledValue":[{"value":1`+seqNo+`00},{"value":1`+seqNo+`00,"location":"Inlet","measurand":"Power.Active.Import"}]}]`+more+`}]`, `[3,"`+seqNo+`",{}]`)
		return r.told[len(r.told)-1].Data.(event.Transaction)
	}
	ended := tell("Ended", "2", "")
	updated := tell("Updated", "1", "")
	started := tell("Started", "0", `,"evse":{"id":1},"idToken":{"idToken":"ALICE","type":"ISO14443"}`)
	for i, told := range []struct {
		event.Transaction
		energy float64
	}{{ended, 0}, {updated, 100}, {started, 200}} {
		if told.Revision != i+1 || told.EnergyWh == nil || *told.EnergyWh != told.energy {
			t.Errorf("event %d: revision %d, %v Wh", i, told.Revision, told.EnergyWh)
		}
	}
	for _, again := range []event.Transaction{tell("Ended", "2", ""), tell("Updated", "1", ""), tell("Started", "0", `,"evse":{"id":1},"idToken":{"idToken":"ALICE","type":"ISO14443"}`)} {
		if !reflect.DeepEqual(again, started) {
			t.Errorf("told again: %+v, want %+v", again, started)
		}
	}
	if stored, err := r.transactions.Get(t.Context(), "CP001", "T"); err != nil || stored.Revision != started.Revision {
		t.Errorf("stored: revision %d, %v", stored.Revision, err)
	}
}

func TestEventsOfOneMessageAreToldApart(t *testing.T) {
	r := newRig(t)
	status := func(connector string) {
		r.process("ocpp1.6", `[2,"1","StatusNotification",{"connectorId":`+connector+`,"errorCode":"NoError","status":"Available"}]`, `[3,"1",{}]`)
	}
	status("1")
	status("2")
	if len(r.told) != 2 || r.told[0].ID == r.told[1].ID {
		t.Errorf("told %+v", r.told)
	}
}

func TestEventThatWasNotPublishedComesAgain(t *testing.T) {
	r := newRig(t)
	r.toldErr = errors.New("IoT is down")
	body := record("CP001", "ocpp1.6", `[2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]`, `[3,"1",{}]`)
	response, err := r.handler.Handle(t.Context(), events.SQSEvent{Records: []events.SQSMessage{r.sqsMessage("m", "CP001", body)}})
	r.must(err)
	if len(response.BatchItemFailures) != 1 || len(r.mirrored) != 0 {
		t.Errorf("failed %v, mirrored %v", response.BatchItemFailures, r.mirrored)
	}
}
