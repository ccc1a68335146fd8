package check

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/local/fleet/ledger"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

var noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// world is a charge point that charged once, reported its status and obeyed one command, and a system that knows all of it.
func world() (Told, Known) {
	result := func(payload string) []Answer {
		return []Answer{{Connection: 1, At: noon.Add(time.Second), Payload: json.RawMessage(payload)}}
	}
	point := &ChargePoint{
		Version: ocppj.V16,
		Messages: []*Message{
			{ID: "m1", Action: "StatusNotification", Connections: []int{1}, Payload: json.RawMessage(`{"connectorId":1,"status":"Available"}`), Answers: result(`{}`)},
			{ID: "m2", Action: "StartTransaction", Connections: []int{1}, Payload: json.RawMessage(`{}`), Answers: result(`{"transactionId":42}`)},
			{ID: "m3", Action: "MeterValues", Connections: []int{1}, Answers: result(`{}`),
				Payload: json.RawMessage(`{"transactionId":42,"meterValue":[{"timestamp":"2026-06-01T12:05:00Z","sampledValue":[{"value":"7.0"}]}]}`)},
			{ID: "m4", Action: "DataTransfer", Connections: []int{1}, Payload: json.RawMessage(`{}`), Answers: []Answer{{Connection: 1, ErrorCode: "SecurityError"}}},
		},
		Commands:     []*Command{{ID: "c1", Action: "Reset", Connection: 1, At: noon, Answers: result(`{"status":"Accepted"}`)}},
		Transactions: []ledger.Transaction{{ID: "42", Connector: 1, IDToken: "AB", StartedAt: noon, EndedAt: noon.Add(time.Hour), MeterStopWh: 900, StartAnswered: true, EndAnswered: true}},
	}
	energy := 900.0
	record := &Record{
		Transactions: []Transaction{{ID: "42", Connector: "1", State: "Ended", StartedAt: noon, EndedAt: noon.Add(time.Hour), IDToken: "ab", EnergyWh: &energy}},
		Readings:     map[string][]Reading{"42": {{At: noon.Add(5 * time.Minute), Values: json.RawMessage(`[{"value":"7"}]`)}}},
		Commands:     map[string]CommandRow{"c1": {Action: "Reset", State: "accepted", Origin: "http", Attempts: 1, Deadline: noon.Add(time.Minute), Result: json.RawMessage(`{"status": "Accepted"}`)}},
		Frames: map[string][]Frame{"m1": {{"StatusNotification", `[3,"m1",{}]`}}, "m2": {{"StartTransaction", `[3,"m2",{}]`}}, "m3": {{"MeterValues", `[3,"m3",{}]`}},
			"m4": {{"DataTransfer", `[4,"m4","SecurityError","",{}]`}}, "c1": {{}}},
		Statuses: map[string]string{"1": "Available"},
	}
	return Told{ChargePoints: map[string]*ChargePoint{"CP1": point}, Orders: []Order{{ChargePoint: "CP1", CommandID: "c1", Action: "reset", Probe: true}}},
		Known{ChargePoints: map[string]*Record{"CP1": record}, Queues: map[string]int{}, DeadLetters: map[string][]string{}}
}

func TestNothingIsFoundWhereNothingIsLost(t *testing.T) {
	if findings := Compare(world()); len(findings) > 0 {
		t.Error(findings)
	}
}

// Readings of no transaction, and of one whose start was never answered, are stored under other names.
func TestReadingsElsewhere(t *testing.T) {
	for _, transaction := range []string{``, `"transactionId":-1,`} {
		told, known := world()
		told.ChargePoints["CP1"].Messages[2].Payload = json.RawMessage(`{` + transaction + `"meterValue":[{"timestamp":"2026-06-01T12:05:00Z","sampledValue":[{"value":"7"}]}]}`)
		readings := known.ChargePoints["CP1"].Readings
		readings["connector"] = readings["42"]
		delete(readings, "42")
		if findings := Compare(told, known); len(findings) > 0 {
			t.Error(findings)
		}
	}
}

// The status of a connector of which nothing was ever acknowledged may be unknown.
func TestUnacknowledgedStatus(t *testing.T) {
	told, known := world()
	p := told.ChargePoints["CP1"]
	p.Messages = append(p.Messages, &Message{ID: "m5", Action: "StatusNotification", Connections: []int{1}, Payload: json.RawMessage(`{"connectorId":2,"status":"Available"}`)})
	if findings := Compare(told, known); len(findings) > 0 {
		t.Error(findings)
	}
	p.Messages[4].Answers = []Answer{{Connection: 1, Payload: json.RawMessage(`{}`)}}
	if findings := Compare(told, known); !slices.ContainsFunc(findings, func(f Finding) bool { return f.Kind == StatusWrong }) {
		t.Error("an acknowledged status that is unknown is not found")
	}
}

func TestEachKindOfLossIsFound(t *testing.T) {
	for _, test := range []struct {
		kind   Kind
		change func(p *ChargePoint, r *Record)
	}{
		{MessageLost, func(_ *ChargePoint, r *Record) { delete(r.Frames, "m1") }},
		{MessageTwice, func(_ *ChargePoint, r *Record) { r.Frames["m1"] = append(r.Frames["m1"], r.Frames["m1"]...) }},
		{MessageInvented, func(_ *ChargePoint, r *Record) { r.Frames["m9"] = []Frame{{}} }},
		{MessageInvented, func(_ *ChargePoint, r *Record) { r.Frames["m3"] = r.Frames["m1"] }},
		{MessageRefused, func(_ *ChargePoint, r *Record) { r.Frames["m4"] = []Frame{{"DataTransfer", `[3,"m4",{}]`}} }},
		{AnswerForeign, func(p *ChargePoint, _ *Record) { p.Strays = []Stray{{"x", "[3]"}} }},
		{AnswerForeign, func(p *ChargePoint, _ *Record) { p.Messages[0].Answers[0].Connection = 2 }},
		{AnswerChanged, func(p *ChargePoint, _ *Record) {
			p.Messages[1].Answers = append(p.Messages[1].Answers, Answer{Connection: 1, Payload: json.RawMessage(`{"transactionId":43}`)})
		}},
		{TransactionLost, func(_ *ChargePoint, r *Record) { r.Transactions = nil }},
		{TransactionTwice, func(_ *ChargePoint, r *Record) {
			again := r.Transactions[0]
			again.ID = "43"
			r.Transactions = append(r.Transactions, again)
		}},
		{TransactionMade, func(_ *ChargePoint, r *Record) {
			r.Transactions = append(r.Transactions, Transaction{ID: "7", StartedAt: noon.Add(1)})
		}},
		{TransactionWrong, func(_ *ChargePoint, r *Record) { *r.Transactions[0].EnergyWh = 899 }},
		{TransactionWrong, func(_ *ChargePoint, r *Record) { r.Transactions[0].EndedAt = noon }},
		{TransactionWrong, func(_ *ChargePoint, r *Record) { r.Transactions[0].Doubts = []string{"eventsMissing"} }},
		{ReadingLost, func(_ *ChargePoint, r *Record) { r.Readings = nil }},
		{ReadingLost, func(p *ChargePoint, _ *Record) { // of a transaction whose start was never answered
			p.Messages[2].Payload = json.RawMessage(`{"transactionId":-1,"meterValue":[{"timestamp":"2026-06-01T12:06:00Z","sampledValue":[{"value":"8"}]}]}`)
		}},
		{ReadingLost, func(p *ChargePoint, _ *Record) { // of no transaction
			p.Messages[2].Payload = json.RawMessage(`{"meterValue":[{"timestamp":"2026-06-01T12:06:00Z","sampledValue":[{"value":"8"}]}]}`)
		}},
		{ReadingMade, func(_ *ChargePoint, r *Record) {
			r.Readings["42"] = append(r.Readings["42"], Reading{At: noon, Values: json.RawMessage(`[{"value":"8"}]`)})
		}},
		{StatusWrong, func(_ *ChargePoint, r *Record) { r.Statuses["1"] = "Faulted" }},
		{CommandLost, func(p *ChargePoint, r *Record) { p.Commands = nil; r.Commands = nil; delete(r.Frames, "c1") }},
		{CommandTwice, func(p *ChargePoint, _ *Record) { p.Commands = append(p.Commands, &Command{ID: "c1", Connection: 2}) }},
		{CommandMade, func(p *ChargePoint, _ *Record) { p.Commands = append(p.Commands, &Command{ID: "c9", Connection: 2}) }},
		{CommandUntrue, func(p *ChargePoint, _ *Record) { p.Commands[0].Answers = nil }},
		{CommandUntrue, func(p *ChargePoint, _ *Record) { p.Commands[0].Action = "ClearCache" }},
		{CommandOpen, func(_ *ChargePoint, r *Record) { r.state("sent") }},
		{CommandsAtOnce, func(p *ChargePoint, _ *Record) {
			p.Commands = append(p.Commands, &Command{ID: "c2", Connection: 1, At: noon.Add(time.Second / 2)})
		}},
		{Stuck, func(_ *ChargePoint, r *Record) { r.Turn = "c1" }},
		{Stuck, func(_ *ChargePoint, r *Record) { r.state("timedOut") }},
	} {
		told, known := world()
		test.change(told.ChargePoints["CP1"], known.ChargePoints["CP1"])
		findings := Compare(told, known)
		if !slices.ContainsFunc(findings, func(f Finding) bool { return f.Kind == test.kind && f.ChargePoint == "CP1" }) {
			t.Errorf("%s is not found: %v", test.kind, findings)
		}
	}
}

func TestWhatOthersWereToldIsCompared(t *testing.T) {
	for _, test := range []struct {
		kind   Kind
		change func(*Told, *Known)
	}{
		{OutcomeChanged, func(told *Told, _ *Known) { told.Outcomes = map[string][]string{"c1": {"accepted", "timedOut"}} }},
		{OutcomeUntold, func(told *Told, _ *Known) { told.Heard = true }},
		{OutcomeChanged, func(told *Told, _ *Known) { told.Orders[0].Outcome = "expired" }},
		{Stuck, func(told *Told, _ *Known) { told.Absent = []string{"CP1"} }},
		{ThingWrong, func(_ *Told, known *Known) { known.Things = []Thing{{Name: "T", ID: "1", Version: 2}} }},
		{ThingWrong, func(_ *Told, known *Known) { known.Things = []Thing{{Name: "T", RowID: "1", RowVersion: 2}} }},
		{ThingWrong, func(_ *Told, known *Known) {
			known.Things = []Thing{{Name: "T", ID: "1", Version: 2, RowID: "1", RowVersion: 1}}
		}},
		{"", func(_ *Told, known *Known) {
			known.Things = []Thing{{Name: "T", ID: "1", Version: 2}}
			known.DeadLetters[eventsQueue] = []string{`{"thingName":"T"}`}
		}},
		{"", func(told *Told, known *Known) {
			told.Outcomes, told.Orders[0].Outcome = map[string][]string{"c1": {"accepted"}}, "sent"
			known.Things = []Thing{{Name: "T", ID: "1", Version: 2, RowID: "1", RowVersion: 2}, {Name: "none"}}
		}},
	} {
		told, known := world()
		test.change(&told, &known)
		findings := Compare(told, known)
		if found := len(findings) == 1 && findings[0].Kind == test.kind; found != (test.kind != "") || !found && len(findings) > 0 {
			t.Errorf("%q: %v", test.kind, findings)
		}
	}
}

func (r *Record) state(state string) {
	row := r.Commands["c1"]
	row.State = state
	r.Commands["c1"] = row
}

func TestWhatIsLeftInQueuesIsFound(t *testing.T) {
	told, known := world()
	known.Queues["Timers"] = 1
	known.DeadLetters["DeadLetterQueueForTimers"] = []string{"{}"}
	known.DeadLetters[eventsQueue] = []string{"{}"} // is kept, and told apart
	findings := Compare(told, known)
	if len(findings) != 2 || findings[0].Kind != Stuck || findings[1].Kind != DeadLetter {
		t.Error(findings)
	}
}
