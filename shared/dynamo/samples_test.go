package dynamo

import (
	"reflect"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// newSamples has the two tables, and a way to read the log.
func newSamples(t *testing.T) (*Samples, *Messages) {
	t.Helper()
	client, table := dynamotest.Client(), dynamotest.Table(t, "MessageTable")
	return &Samples{Readings: newReadings(t), Log: NewMessageLog(client, table, 7)}, NewMessages(client, table)
}

var sampled = Exchange{ChargePointID: "CP001", ConnectionID: "c=", MessageID: "1", Action: "TransactionEvent", Frame: []byte(`[2,"1","TransactionEvent",{}]`), Answer: []byte(`[3,"1",{}]`), At: at(7)}

func TestSamplesAreKeptOnce(t *testing.T) {
	samples, messages := newSamples(t)
	seqNo := 4
	event := transaction.Event{Kind: transaction.EventUpdated, Periodic: true, TransactionID: "T-1", At: at(6), SeqNo: &seqNo, Connector: "1#2", ChargingState: "Charging",
		Readings: []transaction.Reading{energy(0, "1"), energy(5, "2"), energy(5, "2")}}
	for range 2 { // the charge point was not answered, and says it again
		must(t, samples.Keep(t.Context(), event, sampled))
	}
	readings, _, err := samples.Readings.List(t.Context(), "CP001", "T-1", "", 10)
	if err != nil || len(readings) != 2 || !reflect.DeepEqual(readings[0], energy(0, "1")) {
		t.Errorf("readings %+v, %v", readings, err)
	}
	frames, _, err := messages.List(t.Context(), "CP001", "", 10)
	if err != nil || len(frames) != 2 || string(frames[1].Frame) != string(sampled.Frame) || string(frames[0].Frame) != string(sampled.Answer) {
		t.Errorf("frames %+v, %v", frames, err)
	}
	events, err := samples.Readings.Events(t.Context(), "CP001", "T-1", time.Time{})
	must(t, err)
	want, got := transaction.Transaction{}.Apply(event), transaction.Transaction{}.ApplyAll(events)
	if len(events) != 2 || !reflect.DeepEqual(got, want) {
		t.Errorf("%d events make %+v\nwant %+v", len(events), got, want)
	}
}

func TestSamplesWithoutTransactionOrLog(t *testing.T) {
	samples, messages := newSamples(t)
	samples.Log = nil
	must(t, samples.Keep(t.Context(), transaction.Event{Connector: "2", Readings: []transaction.Reading{energy(0, "1")}}, sampled))
	readings, _, err := samples.Readings.List(t.Context(), "CP001", WithoutTransaction("2"), "", 10)
	if err != nil || len(readings) != 1 {
		t.Errorf("readings %+v, %v", readings, err)
	}
	if events, err := samples.Readings.Events(t.Context(), "CP001", WithoutTransaction("2"), time.Time{}); err != nil || len(events) != 0 {
		t.Errorf("events %+v, %v", events, err)
	}
	if frames, _, err := messages.List(t.Context(), "CP001", "", 10); err != nil || len(frames) != 0 {
		t.Errorf("frames %+v, %v", frames, err)
	}
}

// What the record has taken in already has no event.
func TestReadingsAddedByTheProcessorAreNoEvents(t *testing.T) {
	store := newReadings(t)
	must(t, store.Add(t.Context(), "CP001", "T-1", "1", []transaction.Reading{energy(0, "1")}))
	if events, err := store.Events(t.Context(), "CP001", "T-1", time.Time{}); err != nil || len(events) != 0 {
		t.Errorf("events %+v, %v", events, err)
	}
}

func TestMoreSamplesThanOneCallTakes(t *testing.T) {
	samples, _ := newSamples(t)
	event := transaction.Event{TransactionID: "T-1"}
	for ms := range maxBatch {
		event.Readings = append(event.Readings, energy(ms, "1"))
	}
	if err := samples.Keep(t.Context(), event, sampled); !fault.Is(err, fault.Invalid) {
		t.Errorf("with the frame: %v", err)
	}
	event.Readings = event.Readings[1:]
	must(t, samples.Keep(t.Context(), event, sampled))
}

// A part that DynamoDB leaves out is no success.
func TestAPartOfTheSamplesIsNotEnough(t *testing.T) {
	client, _, _ := busyTable(t, 0)
	samples := Samples{Readings: NewReadings(client, "readings"), Log: NewMessageLog(client, "messages", 1)}
	event := transaction.Event{TransactionID: "T-1", Readings: []transaction.Reading{energy(0, "1")}}
	if err := samples.Keep(t.Context(), event, sampled); !fault.Is(err, fault.Throttled) {
		t.Errorf("%v", err)
	}
}
