package event_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/event/eventtest"
)

var (
	at     = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	number = 7.5
	id     = 42
	whole  = event.Transaction{
		TransactionID: "42", Revision: 9, Connector: "1#1", State: "Ended", ChargingState: "Idle", IDToken: "TAG", StartedAt: at, EndedAt: at,
		EnergyWh: &number, PowerW: &number, SoCPercent: &number, StopReason: "Local", RemoteStartID: &id, CommandID: "c1",
	}
)

// samples have every member, and as few as there can be.
var samples = map[event.Name][]any{
	event.Connected:          {event.Connection{ConnectionID: "c=", Protocol: "ocpp1.6", SourceIP: "192.0.2.7"}, event.Connection{ConnectionID: "c=", Protocol: "ocpp2.1"}},
	event.Disconnected:       {event.ConnectionEnd{ConnectionID: "c=", Code: 1001, Reason: "Going away"}, event.ConnectionEnd{ConnectionID: "c="}},
	event.Booted:             {event.Boot{VendorName: "V", Model: "M", SerialNumber: "S", FirmwareVersion: "F", Reason: "PowerUp", Registration: "Pending"}, event.Boot{Registration: "Accepted"}},
	event.StatusChanged:      {event.Status{Connector: "1", Status: "Faulted", ReceivedAt: at, ErrorCode: "OverVoltage", Info: "i"}, event.Status{Connector: "0", Status: "Available", ReceivedAt: at}},
	event.TransactionStarted: {whole, event.Transaction{TransactionID: "T1", Revision: 1, State: "Active"}},
	event.TransactionUpdated: {whole, event.Transaction{TransactionID: "T1", Revision: 1, State: "Active"}},
	event.TransactionEnded:   {whole, event.Transaction{TransactionID: "T1", Revision: 1, State: "Ended"}},
	event.CommandFinished: {
		event.Command{CommandID: "c1", Action: "Reset", Operation: "reset", CampaignID: "k1", State: "accepted", Result: json.RawMessage(`{"status":"Accepted"}`)},
		event.Command{CommandID: "c1", Action: "Reset", State: "callError", ErrorCode: "NotSupported", ErrorDescription: "no"},
	},
	event.SecurityReported: {event.Security{Type: "SettingSystemTime", TechInfo: "t"}, event.Security{}},
}

func TestEventsAreAsTheirSchemasSay(t *testing.T) {
	for name, datas := range samples {
		for _, data := range datas {
			eventtest.Check(t, event.Event{Name: name, ID: "1", ChargePointID: "CP001", At: at, Data: data})
		}
	}
}

func TestEverySchemaIsOfAnEvent(t *testing.T) {
	files, err := os.ReadDir(eventtest.Folder())
	if err != nil {
		t.Fatal(err)
	}
	var documented, known []string
	for _, file := range files {
		documented = append(documented, strings.TrimSuffix(file.Name(), ".json"))
	}
	for name := range samples {
		known = append(known, string(name))
	}
	slices.Sort(known)
	if !slices.Equal(documented, known) {
		t.Errorf("schemas of %v, events %v", documented, known)
	}
}

func TestSchemasRefuse(t *testing.T) {
	envelope := `{"event":"%s","id":"%s","chargePointId":"CP001","at":"%s","data":%s}`
	for _, test := range []struct {
		name event.Name
		json string
	}{
		{event.Booted, fmt.Sprintf(envelope, "status", "1", "2026-03-01T12:00:00Z", `{"registration":"Accepted"}`)},
		{event.Booted, fmt.Sprintf(envelope, "booted", "", "2026-03-01T12:00:00Z", `{"registration":"Accepted"}`)},
		{event.Booted, fmt.Sprintf(envelope, "booted", "1", "yesterday", `{"registration":"Accepted"}`)},
		{event.Booted, fmt.Sprintf(envelope, "booted", "1", "2026-03-01T12:00:00Z", `{"registration":"Maybe"}`)},
		{event.Booted, fmt.Sprintf(envelope, "booted", "1", "2026-03-01T12:00:00Z", `{"registration":"Accepted","color":"red"}`)},
		{event.SecurityReported, fmt.Sprintf(envelope, "security", "1", "2026-03-01T12:00:00Z", `{"type":""}`)},
		{event.TransactionEnded, fmt.Sprintf(envelope, "transaction-ended", "1", "2026-03-01T12:00:00Z", `{"revision":1,"state":"Ended"}`)},
		{event.TransactionEnded, fmt.Sprintf(envelope, "transaction-ended", "1", "2026-03-01T12:00:00Z", `{"transactionId":"T1","state":"Ended"}`)},
	} {
		if err := eventtest.Validate(test.name, []byte(test.json)); err == nil {
			t.Errorf("%s is taken", test.json)
		}
	}
}

func TestTopic(t *testing.T) {
	if got := (event.Event{Name: event.TransactionEnded, ChargePointID: "CP001"}).Topic(); got != "ocpp/CP001/transaction-ended" {
		t.Errorf("topic %s", got)
	}
}

func TestNoneTellsNobody(t *testing.T) {
	if err := (event.None{}).Publish(t.Context(), event.Event{Data: func() {}}); err != nil {
		t.Error(err)
	}
}
