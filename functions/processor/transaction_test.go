package main

import (
	"bytes"
	"log/slog"
	"slices"
	"strings"
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

// The record of a transaction whose end is processed behind the start of the next, or whose start is processed behind its own end,
// is the same as in the order of the charge point's clock; so is what the connector shows.
func TestSupersededInAnyOrder(t *testing.T) {
	first, firstAnswer := start16("1", "10:00:00")
	second, secondAnswer := start16("2", "10:02:00")
	messages := map[string][2]string{
		"start 1": {first, firstAnswer},
		"start 2": {second, secondAnswer},
		"end 1":   {`[2,"e1","StopTransaction",{"transactionId":1,"meterStop":10,"timestamp":"2026-03-01T10:01:00Z"}]`, `[3,"e1",{}]`},
		"end 2":   {`[2,"e2","StopTransaction",{"transactionId":2,"meterStop":10,"timestamp":"2026-03-01T10:03:00Z"}]`, `[3,"e2",{}]`},
		"reading": {`[2,"m","MeterValues",{"connectorId":1,"transactionId":1,"meterValue":[{"timestamp":"2026-03-01T10:00:30Z","sampledValue":[{"value":"5"}]}]}]`, `[3,"m",{}]`},
	}
	for _, test := range []struct{ order, superseded, runs string }{
		{"start 1, end 1, start 2", "", "2"},
		{"start 1, start 2, end 1", "", "2"},
		{"start 1, start 2, end 1, reading", "", "2"},
		{"end 1, start 2, start 1", "", "2"},
		{"start 1, start 2, end 1, start 2, start 1", "", "2"}, // records may come again
		{"start 1, start 2", "2", "2"},
		{"start 1, start 2, end 2", "2", ""},
		{"start 1, end 2, start 2", "2", ""},
		{"start 2, start 1", "2", "2"},
		{"start 2, start 1, start 1, start 2", "2", "2"},
		{"start 2, start 1, end 1", "", "2"},
		{"start 2, end 2, start 1", "2", ""},
		{"start 2, end 2, start 1, end 1", "", ""},
		{"start 1, end 2, start 2, start 2, end 1", "", ""},
	} {
		t.Run(test.order, func(t *testing.T) {
			r := newRig(t)
			for _, id := range []string{"1", "2"} { // the ids are claimed before the starts are answered
				r.must(r.transactions.Begin(t.Context(), transaction.Transaction{ChargePointID: "CP001", ID: id, State: transaction.Active}))
			}
			for name := range strings.SplitSeq(test.order, ", ") {
				r.process("ocpp1.6", messages[name][0], messages[name][1])
			}
			got, err := r.transactions.Get(t.Context(), "CP001", "1")
			r.must(err)
			if got.SupersededBy != test.superseded || slices.Contains(got.Doubts(), transaction.DoubtSuperseded) != (test.superseded != "") {
				t.Errorf("superseded by %q, doubts %v", got.SupersededBy, got.Doubts())
			}
			if connectors, err := r.connectors.List(t.Context(), "CP001"); err != nil || connectors[0].TransactionID != test.runs {
				t.Errorf("connectors %+v %v", connectors, err)
			}
		})
	}
}

// A clock that was years ahead once does not have what begins after it be superseded by what began before.
func TestAClockThatWasAheadSupersedesNothing(t *testing.T) {
	r := newRig(t)
	for _, start := range [][2]string{{"1", "2036-03-01T10:00:00Z"}, {"2", now.Add(time.Minute).Format(time.RFC3339)}} {
		r.process("ocpp2.0.1", `[2,"`+start[0]+`","TransactionEvent",{"eventType":"Started","timestamp":"`+start[1]+`","triggerReason":"Trigger","seqNo":0,"evse":{"id":1},"transactionInfo":{"transactionId":"`+start[0]+`"}}]`, `[3,"`+start[0]+`",{}]`)
	}
	for id, want := range map[string]string{"1": "2", "2": ""} {
		if got, err := r.transactions.Get(t.Context(), "CP001", id); err != nil || got.SupersededBy != want {
			t.Errorf("transaction %s is superseded by %q, want %q (%v)", id, got.SupersededBy, want, err)
		}
	}
}

// A transaction that has ended is left as it is by the start of the next, also where the note on the connector still names it.
func TestStartDoesNotWriteWhatHasEnded(t *testing.T) {
	r := newRig(t)
	first, firstAnswer := start16("1", "10:00:00")
	r.process("ocpp1.6", first, firstAnswer)
	r.process("ocpp1.6", `[2,"e","StopTransaction",{"transactionId":1,"meterStop":10,"timestamp":"2026-03-01T10:01:00Z"}]`, `[3,"e",{}]`)
	before, err := r.transactions.Get(t.Context(), "CP001", "1")
	r.must(err)
	_, _, err = r.connectors.Occupy(t.Context(), "CP001", "1", "1", before.StartedAt)
	r.must(err)
	second, secondAnswer := start16("2", "10:02:00")
	r.process("ocpp1.6", second, secondAnswer)
	if after, err := r.transactions.Get(t.Context(), "CP001", "1"); err != nil || after.Revision != before.Revision {
		t.Errorf("%+v %v", after, err)
	}
}

// A gap that is repaired behind the end changes the record and is told, with what was kept without the journal since.
func TestReadingsAfterTheEndAreTold(t *testing.T) {
	r := newRig(t)
	read := func(minute, value string) string {
		return `,"meterValue":[{"timestamp":"2026-03-01T10:0` + minute + `:00Z","sampledValue":[{"value":` + value + `}]}]`
	}
	event := func(kind, trigger, seqNo, more string) {
		r.process("ocpp2.0.1", `[2,"`+seqNo+`","TransactionEvent",{"eventType":"`+kind+`","timestamp":"2026-03-01T10:0`+seqNo+`:00Z","triggerReason":"`+trigger+`","seqNo":`+seqNo+`,"transactionInfo":{"transactionId":"T"}`+more+`}]`, `[3,"`+seqNo+`",{}]`)
	}
	told := func(want float64, name tell.Name) {
		t.Helper()
		last := r.told[len(r.told)-1]
		if about := last.Data.(tell.Transaction); last.Name != name || about.State != string(transaction.Ended) || about.EnergyWh == nil || *about.EnergyWh != want || about.EndedAt.IsZero() {
			t.Errorf("told %s of %+v, want %v Wh", last.Name, about, want)
		}
	}
	event("Started", "Authorized", "0", `,"evse":{"id":1}`+read("0", "100"))
	event("Ended", "EVDeparted", "4", "")
	told(0, tell.TransactionEnded)

	at, seqNo := time.Date(2026, 3, 1, 10, 2, 0, 0, time.UTC), 2 // came within the minute after the end
	r.must((&dynamo.Samples{Readings: r.readings}).Keep(t.Context(), transaction.Event{
		Kind: transaction.EventUpdated, Periodic: true, TransactionID: "T", At: at, SeqNo: &seqNo,
		Readings: []transaction.Reading{{At: at, Values: []transaction.SampledValue{{Value: "190"}}}},
	}, dynamo.Exchange{ChargePointID: "CP001"}))
	event("Updated", "MeterValuePeriodic", "1", read("1", "150"))
	told(90, tell.TransactionUpdated)
	event("Updated", "MeterValuePeriodic", "3", read("3", "205"))
	told(105, tell.TransactionUpdated)

	got, err := r.transactions.Get(t.Context(), "CP001", "T")
	r.must(err)
	if got.State != transaction.Ended || got.SeqNos != "0-4" || got.SeqNos.Gaps() != "" {
		t.Errorf("%+v", got)
	}
}

// Of an event of a transaction without a name nothing is kept, and the operator reads of it in the log.
func TestEventWithoutTransactionID(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	r := newRig(t)
	r.process("ocpp2.0.1", `[2,"1","TransactionEvent",{"eventType":"Started","timestamp":"2026-03-01T10:00:00Z","triggerReason":"Trigger","seqNo":0,"transactionInfo":{"transactionId":""}}]`, `[3,"1",{}]`)
	if said := log.String(); !strings.Contains(said, "level=WARN") || !strings.Contains(said, "chargePointId=CP001") || !strings.Contains(said, "the id of the transaction is empty") {
		t.Errorf("logged: %s", said)
	}
	if len(r.told) != 0 {
		t.Errorf("told %+v", r.told)
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
