package main

import (
	"slices"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/dynamo"
	tell "github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

func start16(transactionID, timestamp string) (message, answer string) {
	return `[2,"` + timestamp + `","StartTransaction",{"connectorId":1,"idTag":"TAG","meterStart":0,"timestamp":"2026-03-01T` + timestamp + `Z"}]`,
		`[3,"` + timestamp + `",{"transactionId":` + transactionID + `,"idTagInfo":{"status":"Accepted"}}]`
}

// A start on a connector whose transaction never ended leaves that one open, with a doubt.
// Specification: OCPP 1.6 section 3.7.
func TestStartSupersedesTheTransactionBefore(t *testing.T) {
	r := newRig(t)
	first, firstAnswer := start16("1", "10:00:00")
	second, secondAnswer := start16("2", "11:00:00")
	r.process("ocpp1.6", first, firstAnswer)
	for range 2 { // every record may come again
		r.process("ocpp1.6", second, secondAnswer)
	}
	r.process("ocpp1.6", first, firstAnswer)

	stale, err := r.transactions.Get(t.Context(), "CP001", "1")
	r.must(err)
	if stale.State != transaction.Active || stale.SupersededBy != "2" || !slices.Contains(stale.Doubts(), transaction.DoubtSuperseded) {
		t.Errorf("the transaction before: %+v", stale)
	}
	running, err := r.transactions.Get(t.Context(), "CP001", "2")
	r.must(err)
	if running.SupersededBy != "" || len(running.Doubts()) != 0 {
		t.Errorf("the running transaction: %+v", running)
	}
	connectors, err := r.connectors.List(t.Context(), "CP001")
	r.must(err)
	if len(connectors) != 1 || connectors[0].TransactionID != "2" {
		t.Errorf("connectors %+v", connectors)
	}
	r.process("ocpp1.6", `[2,"e","StopTransaction",{"transactionId":2,"meterStop":10,"timestamp":"2026-03-01T12:00:00Z"}]`, `[3,"e",{}]`)
	if connectors, err = r.connectors.List(t.Context(), "CP001"); err != nil || connectors[0].TransactionID != "" {
		t.Errorf("after the end: %+v %v", connectors, err)
	}
	third, thirdAnswer := start16("3", "13:00:00")
	r.process("ocpp1.6", third, thirdAnswer)
	ended, err := r.transactions.Get(t.Context(), "CP001", "2")
	r.must(err)
	if ended.SupersededBy != "" {
		t.Errorf("a transaction that had ended was superseded: %+v", ended)
	}
}

// seqNo 0 in every event, as one simulator sends it, loses nothing.
// Specification: OCPP 2.0.1 part 2 section E 1.3.2.1.
func TestEventsWithOneSeqNo(t *testing.T) {
	r := newRig(t)
	event := func(kind, timestamp, more string) {
		r.process("ocpp2.0.1", `[2,"`+kind+`","TransactionEvent",{"eventType":"`+kind+`","timestamp":"2026-03-01T`+timestamp+`Z","triggerReason":"Trigger","seqNo":0,"transactionInfo":{"transactionId":"T"}`+more+`}]`, `[3,"`+kind+`",{}]`)
	}
	event("Started", "10:00:00", `,"evse":{"id":1}`)
	event("Updated", "10:30:00", `,"meterValue":[{"timestamp":"2026-03-01T10:30:00Z","sampledValue":[{"value":500}]}]`)
	event("Ended", "11:00:00", "")
	got, err := r.transactions.Get(t.Context(), "CP001", "T")
	r.must(err)
	if got.State != transaction.Ended || got.Duration().Hours() != 1 || !slices.Equal(got.Doubts(), []transaction.Doubt{transaction.DoubtSeqNosRepeated}) {
		t.Errorf("%+v %v", got, got.Doubts())
	}
}

// The end takes in what came with readings alone, also if it brings some of them again; the record and what integrators are told of it
// have all of it.
func TestEndTakesInReadings(t *testing.T) {
	for name, again := range map[string]string{
		"the end":              "",
		"with a reading again": `,"meterValue":[{"timestamp":"` + now.Add(2*time.Minute).Format(time.RFC3339) + `","sampledValue":[{"value":1500}]}]`,
	} {
		t.Run(name, func(t *testing.T) { testEndTakesInReadings(t, again) })
	}
}

func testEndTakesInReadings(t *testing.T, again string) {
	r := newRig(t)
	event := func(kind, seqNo, more string) {
		r.process("ocpp2.0.1", `[2,"`+kind+`","TransactionEvent",{"eventType":"`+kind+`","timestamp":"2026-03-01T1`+seqNo+`:00:00Z","triggerReason":"Trigger","seqNo":`+seqNo+`,"transactionInfo":{"transactionId":"T"}`+more+`}]`, `[3,"`+kind+`",{}]`)
	}
	event("Started", "0", `,"evse":{"id":1}`)
	samples := dynamo.Samples{Readings: r.readings}
	for seqNo, value := range []string{"", "1000", "1500"} {
		if value != "" {
			read := transaction.Reading{At: now.Add(time.Duration(seqNo) * time.Minute), Values: []transaction.SampledValue{{Value: value}}}
			r.must(samples.Keep(t.Context(), transaction.Event{Kind: transaction.EventUpdated, Periodic: true, TransactionID: "T", At: read.At, SeqNo: &seqNo, Readings: []transaction.Reading{read}},
				dynamo.Exchange{ChargePointID: "CP001"}))
		}
	}
	event("Ended", "3", again)
	got, err := r.transactions.Get(t.Context(), "CP001", "T")
	r.must(err)
	if energy := got.Energy(); energy == nil || *energy != 500 || got.SeqNos != "0-3" || len(got.Doubts()) != 0 {
		t.Errorf("%+v %v", got, got.Doubts())
	}
	if ended := r.told[len(r.told)-1].Data.(tell.Transaction).EnergyWh; ended == nil || *ended != 500 {
		t.Errorf("integrators were told of %v Wh", ended)
	}
}
