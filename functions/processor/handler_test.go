package main

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

func TestEffectsAreStoredAndMirroredOnceOrMore(t *testing.T) {
	r := newRig(t)
	for range 2 { // every record may come again
		r.process("ocpp1.6", `[2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Charging"}]`, `[3,"1",{}]`)
	}
	connectors, err := r.connectors.List(t.Context(), "CP001")
	r.must(err)
	if len(connectors) != 1 || connectors[0].Status != "Charging" || connectors[0].Connector != "1" {
		t.Errorf("connectors %+v", connectors)
	}
	status := `CP001/in [2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Charging"}]`
	if want := []string{status, status}; !slices.Equal(r.mirrored, want) { // an empty answer is not shown
		t.Errorf("mirrored %v", r.mirrored)
	}
}

// Observers see an answer that says something.
func TestAnswersAreMirrored(t *testing.T) {
	for _, answer := range []string{`[3,"1",{"status":"Rejected"}]`, `[4,"1","GenericError","{}",{}]`} {
		r := newRig(t)
		r.process("ocpp1.6", `[2,"1","DataTransfer",{"vendorId":"com.example"}]`, answer)
		if want := []string{`CP001/in [2,"1","DataTransfer",{"vendorId":"com.example"}]`, `CP001/out ` + answer}; !slices.Equal(r.mirrored, want) {
			t.Errorf("mirrored %v", r.mirrored)
		}
	}
}

// Specification: OCPP 1.6 section 3.7.1; OCPP-J 1.6 errata 2.6.
func TestTransactionEndsOnceHoweverOftenItsMessagesCome(t *testing.T) {
	r := newRig(t)
	messages := []struct{ message, answer string }{
		{`[2,"1","StartTransaction",{"connectorId":1,"idTag":"TAG","meterStart":100,"timestamp":"2026-03-01T11:00:00Z"}]`, `[3,"1",{"transactionId":42,"idTagInfo":{"status":"Accepted"}}]`},
		{`[2,"2","MeterValues",{"connectorId":1,"transactionId":42,"meterValue":[{"timestamp":"2026-03-01T11:10:00Z","sampledValue":[{"value":"600"}]}]}]`, `[3,"2",{}]`},
		{`[2,"3","StopTransaction",{"transactionId":42,"meterStop":1100,"timestamp":"2026-03-01T11:20:00Z","reason":"EVDisconnected"}]`, `[3,"3",{}]`},
	}
	for range 2 {
		for _, m := range messages {
			r.process("ocpp1.6", m.message, m.answer)
		}
	}
	got, err := r.transactions.Get(t.Context(), "CP001", "42")
	r.must(err)
	if energy := got.Energy(); got.State != transaction.Ended || energy == nil || *energy != 1000 || got.IDToken != "TAG" || got.Authorization.Value != "Accepted" || got.StopReason != "EVDisconnected" {
		t.Errorf("transaction %+v", got)
	}
	readings, _, err := r.readings.List(t.Context(), "CP001", "42", "", 10)
	r.must(err)
	if len(readings) != 1 || readings[0].Values[0].Value != "600" {
		t.Errorf("readings %+v", readings)
	}
}

func TestRefusedMessageHasNoEffects(t *testing.T) {
	r := newRig(t)
	r.process("ocpp1.6", `[2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Charging"}]`, `[4,"1","SecurityError","",{}]`)
	connectors, err := r.connectors.List(t.Context(), "CP001")
	r.must(err)
	if len(connectors) != 0 || len(r.mirrored) != 2 {
		t.Errorf("connectors %+v, mirrored %v", connectors, r.mirrored)
	}
}

func TestAnswersFinishCommands(t *testing.T) {
	r := newRig(t)
	r.process("ocpp1.6", `[3,"c1",{"status":"Accepted"}]`, "")
	r.process("ocpp1.6", `[3,"c2",{"status":"Rejected"}]`, "")
	r.process("ocpp1.6", `[3,"c3",{"configurationKey":[]}]`, "")
	r.process("ocpp2.0.1", `[3,"c5",{"status":"AcceptedCanceled"}]`, "")
	r.process("ocpp1.6", `[4,"c4","NotSupported","no",{}]`, "")
	var got []command.Event
	for _, outcome := range r.finished {
		got = append(got, outcome.Event)
	}
	if want := []command.Event{command.EventAccept, command.EventReject, command.EventAccept, command.EventAccept, command.EventError}; !slices.Equal(got, want) {
		t.Errorf("outcomes %v, want %v", got, want)
	}
	if last := r.finished[4]; last.ErrorCode != "NotSupported" || last.ErrorDescription != "no" || !last.At.Equal(now) {
		t.Errorf("outcome %+v", last)
	}
}

// A record that fails keeps back the later ones of its charge point, and no others.
func TestBrokenRecordHoldsUpItsOwnChargePointAlone(t *testing.T) {
	r := newRig(t)
	status := func(id string) string {
		return record(id, "ocpp1.6", `[2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]`, `[3,"1",{}]`)
	}
	batch := events.SQSEvent{Records: []events.SQSMessage{
		r.sqsMessage("a1", "A", `{"test":"message"}`),
		r.sqsMessage("b1", "B", status("B")),
		r.sqsMessage("a2", "A", status("A")),
		r.sqsMessage("c1", "C", record("C", "ocpp1.6", `[3,"broken",{}]`, "")),
		r.sqsMessage("b2", "B", status("B")),
	}}
	response, err := r.handler.Handle(t.Context(), batch)
	r.must(err)
	var returned []string
	for _, failure := range response.BatchItemFailures {
		returned = append(returned, failure.ItemIdentifier)
	}
	if want := []string{"a1", "a2", "c1"}; !slices.Equal(returned, want) {
		t.Errorf("returned %v, want %v", returned, want)
	}
	for id, want := range map[string]int{"A": 0, "B": 1} {
		connectors, err := r.connectors.List(t.Context(), id)
		r.must(err)
		if len(connectors) != want {
			t.Errorf("charge point %s has %d connectors, want %d", id, len(connectors), want)
		}
	}
}

func TestFailedMirrorIsTriedAgain(t *testing.T) {
	r := newRig(t)
	r.mirrorErr = errors.New("IoT is down")
	response, err := r.handler.Handle(t.Context(), events.SQSEvent{Records: []events.SQSMessage{r.sqsMessage("m", "CP001", "")}})
	r.must(err)
	if len(response.BatchItemFailures) != 1 {
		t.Error("the record is lost for observers")
	}
}

// What can never be published holds up neither the record nor those behind it.
func TestWhatIsTooLargeToBeShownHoldsNothingUp(t *testing.T) {
	r := newRig(t)
	r.mirrorErr, r.toldErr = fault.New(fault.Invalid, "too large for a topic"), fault.New(fault.Invalid, "too large for a topic")
	r.process("ocpp1.6", `[2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Charging"}]`, `[3,"1",{}]`)
	connectors, err := r.connectors.List(t.Context(), "CP001")
	r.must(err)
	if len(connectors) != 1 || connectors[0].Status != "Charging" || len(r.told) != 1 || len(r.mirrored) != 1 {
		t.Errorf("connectors %+v, %d events, mirrored %q", connectors, len(r.told), r.mirrored)
	}
}

// A shadow takes 20 requests a second. A charge point that says more, such as after hours without a connection, has
// everything in its tables.
func TestThrottledShadowHoldsNothingUp(t *testing.T) {
	for _, at := range []string{"write", "read"} {
		r := newRig(t)
		throttled := fault.New(fault.Throttled, "more than 20 requests a second")
		if at == "write" {
			r.shadowErr = throttled
		} else {
			r.shadowGetErr = throttled
		}
		r.process("ocpp2.0.1", `[2,"1","TransactionEvent",{"eventType":"Started","timestamp":"2026-03-01T12:00:00Z","triggerReason":"Authorized","seqNo":0,"transactionInfo":{"transactionId":"T1"},"evse":{"id":1}}]`, `[3,"1",{}]`)
		if got, err := r.transactions.Get(t.Context(), "CP001", "T1"); err != nil || got.Connector != "1" {
			t.Errorf("%s: %+v, %v", at, got, err)
		}
		if len(r.told) != 1 || len(r.mirrored) != 1 {
			t.Errorf("%s: %d events, mirrored %q", at, len(r.told), r.mirrored)
		}
	}
}

// A record that comes out of the dead letter queue may tell of a boot before the last: integrators hear of it, and the shadow stays.
func TestBootBehindALaterOne(t *testing.T) {
	r := newRig(t)
	r.must(r.chargePoints.DescribeBoot(t.Context(), "CP001", chargepoint.Boot{FirmwareVersion: "2"}, now.Add(time.Minute)))
	r.process("ocpp1.6", `[2,"1","BootNotification",{"chargePointVendor":"ACME","chargePointModel":"X","firmwareVersion":"1"}]`, `[3,"1",{"status":"Accepted"}]`)
	if len(r.patches) != 0 || len(r.told) != 1 || r.told[0].Name != event.Booted {
		t.Errorf("shadow %q, told %+v", r.patches, r.told)
	}
}

func TestBootIsDescribedAndFullShadowHoldsNothingUp(t *testing.T) {
	r := newRig(t)
	r.shadowErr = errTooLarge
	r.process("ocpp2.0.1", `[2,"1","BootNotification",{"reason":"PowerUp","chargingStation":{"vendorName":"ACME","model":"X"}}]`, `[3,"1",{"status":"Accepted"}]`)
	cp, err := r.chargePoints.Get(t.Context(), "CP001")
	r.must(err)
	if cp.Boot.VendorName != "ACME" || cp.Boot.Reason != "PowerUp" {
		t.Errorf("boot %+v", cp.Boot)
	}
	if patch := string(r.patches[0]); !strings.Contains(patch, `"vendorName":"ACME"`) || !strings.Contains(patch, `"serialNumber":null`) {
		t.Errorf("shadow %s", patch)
	}
}
