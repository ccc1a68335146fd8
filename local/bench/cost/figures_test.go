package cost

import (
	"math"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/local/count"
)

// near compares dollars and counts.
func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1, math.Abs(b)) }

func TestEverythingThatIsBilledHasAPriceAndAColumn(t *testing.T) {
	for _, item := range count.Items() {
		if prices[item] <= 0 {
			t.Errorf("%s have no price", item)
		}
		if columnOfItem[item] == "" {
			t.Errorf("%s have no column", item)
		}
	}
}

// By hand, from the price lists.
func TestPriceOf(t *testing.T) {
	for _, test := range []struct {
		what   string
		billed map[count.Item]float64
		want   float64
	}{
		{"a heartbeat: two messages, one invocation of 12 ms with 256 MB", map[count.Item]float64{
			count.WebSocketMessage: 2, count.LambdaRequest: 1, count.LambdaGBSecond: 0.25 * 0.012,
		}, 0.000001*2 + 0.0000002 + 0.003*0.0000133334},
		{"a month of connection minutes", map[count.Item]float64{count.ConnectionMinute: 43_800}, 0.01095},
		{"a journaled message in the queue", map[count.Item]float64{count.SQSFIFORequest: 3}, 0.0000015},
		{"a reading with its log, and the transaction read and written", map[count.Item]float64{count.WriteUnit: 3, count.ReadUnit: 1}, 0.000002},
		{"three publications, one rule, one shadow of two kilobytes", map[count.Item]float64{
			count.IoTMessage: 3, count.IoTRule: 1, count.IoTOperation: 2,
		}, 0.00000565},
		{"a gigabyte of logs", map[count.Item]float64{count.LogByte: 1 << 30}, 0.5},
	} {
		if got := priceOf(test.billed); !near(got*million, test.want*million) {
			t.Errorf("%s cost %v, want %v", test.what, got, test.want)
		}
	}
}

// measuredOf is a message that was sent twice, with lines of both.
func measuredOf(version Version, name string, perDay float64, journaled bool, lines ...count.Line) Measured {
	return Measured{version, name, perDay, journaled, 2, count.Snapshot{Lines: lines, Answers: map[string]map[int]int{name: {1: 2}}}, nil}
}

func lineOf(service, operation string, n float64, item count.Item, billed float64) count.Line {
	return count.Line{Key: count.Key{Service: service, Operation: operation}, Count: n, Billed: map[count.Item]float64{item: billed}}
}

func TestPerMessageAndPerMonth(t *testing.T) {
	heartbeat := measuredOf(V16, "Heartbeat", 288, false, lineOf("apigateway", "MessageIn", 2, count.WebSocketMessage, 2), lineOf("execute-api", "PostToConnection", 2, count.WebSocketMessage, 2))
	reading := measuredOf(V16, "MeterValues", 67.5, true, lineOf("sqs", "SendMessage", 2, count.SQSFIFORequest, 2), lineOf("logs", "Line", 0, count.LogByte, 1000))
	f := reading.perMessage()
	if f.total() != 1 || f.Billed[count.SQSFIFORequest] != 1 || f.Billed[count.LogByte] != 500 || f.RoundTrips != 1 {
		t.Errorf("a reading is %+v", f)
	}
	all := []Measured{heartbeat, reading}
	if m := mean(all); m.total() != 1 || m.Billed[count.WebSocketMessage] != 0 {
		t.Errorf("the mean of journaled messages is %+v", m)
	}
	billed := month(all, V16).Billed
	days := 365.0 / 12
	for item, want := range map[count.Item]float64{
		count.ConnectionMinute: 1440 * days,
		count.WebSocketMessage: 2 * 288 * days,
		count.WriteUnit:        288 / 6 * days, // signs of life
		count.SQSFIFORequest:   67.5 * days,
	} {
		if !near(billed[item], want) {
			t.Errorf("a month has %v %s, want %v", billed[item], item, want)
		}
	}
	if got := month(all, V201).Billed; got[count.WebSocketMessage] != 0 {
		t.Errorf("another version's month has messages: %v", got)
	}
	dollars := byColumn(billed)
	if want := (1440*days*0.25 + 2*288*days) / million; !near(dollars[columnGateway], want) {
		t.Errorf("API Gateway costs %v, want %v", dollars[columnGateway], want)
	}
}

// By hand: 67.5 readings a day of 500 bytes for 400 days, and their frames of 700 bytes for seven.
func TestWhatTablesKeep(t *testing.T) {
	reading := measuredOf(V16, "MeterValues", 67.5, true)
	reading.Stored = map[string]float64{"MeterValueTable": 2 * 500, "MessageTable": 2 * 700}
	other := measuredOf(V201, "Heartbeat", 288, false)
	bytes := kept([]Measured{reading.plus(reading), other}, V16)
	if want := 67.5*500*400 + 67.5*700*7; bytes != want {
		t.Errorf("the tables keep %v bytes, want %v", bytes, want)
	}
	if got, want := ofTables(2*gigabyte), 0.90; !near(got, want) {
		t.Errorf("two gigabytes cost %v, want %v", got, want)
	}
	if got := kept([]Measured{other}, V201); got != 0 {
		t.Errorf("heartbeats keep %v bytes", got)
	}
}

func TestFixedCosts(t *testing.T) {
	// alarms 1.90, metrics 0.90, polling 648,000 × (2 × 0.40 + 0.50) / million, visits 8,640 × 0.000028, the rest 0.03
	if got, want := ofStack(0, 1), 1.90+0.90+0.8424+0.24192+0.03; !near(got, want) {
		t.Errorf("a stack at rest costs %v, want %v", got, want)
	}
	// the same with forty metrics instead of three
	if got, want := ofStack(100, 0.05), 1.90+12+0.8424+0.24192+0.03+5; !near(got, want) {
		t.Errorf("a stack with a hundred charge points costs %v, want %v", got, want)
	}
	for fleet, want := range map[int]float64{0: 87, 500: 87, 501: 111, 10_000: 63 + 20*24} {
		if got := ofContainers(fleet); got != want {
			t.Errorf("containers for %d charge points cost %v, want %v", fleet, got, want)
		}
	}
}

func TestTraces(t *testing.T) {
	for invocations, want := range map[float64]float64{
		0:    0,
		1000: 1000 * 5 / million * 0.9998, // nearly each is the first of its second
		1e9:  (2_628_000 + 0.05*(1e9-2_628_000)) * 5 / million,
	} {
		if got := ofTraces(invocations); math.Abs(got-want) > 1e-3*want {
			t.Errorf("traces of %v invocations cost %v, want %v", invocations, got, want)
		}
	}
}

func TestTablesPrintBudgetsBesideFigures(t *testing.T) {
	all := []Measured{measuredOf(V16, "MeterValues", 67.5, true, lineOf("sqs", "SendMessage", 20, count.SQSFIFORequest, 20))}
	runs := Runs{Alone: all, Together: all, AloneOff: all, TogetherOff: all, Fleet: 100}
	tables := runs.tables()
	if len(tables) != 5 {
		t.Fatalf("%d tables", len(tables))
	}
	for _, table := range tables {
		for _, row := range table.Rows {
			if len(row) != len(table.Columns) {
				t.Errorf("%s: row %q has %d cells, there are %d columns", table.Title, row[0], len(row), len(table.Columns))
			}
		}
	}
	if notes := strings.Join(tables[0].Notes, "\n"); !strings.Contains(notes, "budget: 9 operations of a journaled message; the mean has 10.0") {
		t.Errorf("notes: %s", notes)
	}
	if row := tables[0].Rows[0]; row[9] != "1 of 1" {
		t.Errorf("round trips: %q", row)
	}
}
