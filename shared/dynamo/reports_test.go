package dynamo

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/report"
)

func newReports(t *testing.T) *Reports {
	t.Helper()
	return NewReports(dynamotest.Client(), dynamotest.Table(t, "ReportTable"))
}

func reported(kind report.Kind, key string, ms int) report.Report {
	return report.Report{ChargePointID: "CP001", Kind: kind, Key: key, Action: "Some", ReceivedAt: at(ms), Data: json.RawMessage(`{"n":` + strconv.Itoa(ms) + `}`)}
}

// allReports lists a kind in pages of a size.
func allReports(t *testing.T, store *Reports, kind report.Kind, prefix string, limit int) (keys []string, pages int) {
	t.Helper()
	for cursor := ""; ; {
		page, next, err := store.List(t.Context(), "CP001", kind, prefix, cursor, limit)
		must(t, err)
		for _, listed := range page {
			keys = append(keys, listed.Key)
		}
		pages++
		if cursor = next; next == "" {
			return keys, pages
		}
	}
}

func TestReportKeepsEveryField(t *testing.T) {
	store := newReports(t)
	want := report.Report{
		ChargePointID: "CP001", Kind: report.Inventory, Key: report.Part(7, 2), Action: "NotifyReport",
		At: at(1), ReceivedAt: at(2), Data: json.RawMessage(`{"requestId": 7}`), SeqNo: 2, Continues: true,
	}
	for i, field := range reflect.VisibleFields(reflect.TypeFor[report.Report]()) {
		if reflect.ValueOf(want).Field(i).IsZero() {
			t.Fatalf("the test forgets %s", field.Name)
		}
	}
	must(t, store.Put(t.Context(), want))
	got, next, err := store.List(t.Context(), "CP001", report.Inventory, "", "", 5)
	must(t, err)
	if len(got) != 1 || next != "" || !reflect.DeepEqual(got[0], want) {
		t.Errorf("got  %+v, next %q\nwant %+v", got, next, want)
	}
}

func TestLaterReportStays(t *testing.T) {
	store := newReports(t)
	for _, ms := range []int{2, 1, 3, 3, 2} { // repeated, and late
		must(t, store.Put(t.Context(), reported(report.Firmware, report.Latest, ms)))
	}
	got, _, err := store.List(t.Context(), "CP001", report.Firmware, "", "", 5)
	must(t, err)
	if len(got) != 1 || string(got[0].Data) != `{"n":3}` {
		t.Errorf("got %+v", got)
	}
}

func TestReportsEndUnlessTheyAreStates(t *testing.T) {
	store := newReports(t)
	for _, test := range []struct {
		kind report.Kind
		want string // "" lasts
	}{
		{report.Firmware, ""},
		{report.SecurityEvent, strconv.FormatInt(at(0).Add(400*24*time.Hour).Unix(), 10)},
	} {
		must(t, store.Put(t.Context(), reported(test.kind, "k", 0)))
		row := stored(t, store.name, item{"chargePointId": text("CP001"), "report": text(string(test.kind) + "#k")})
		ttl, got := "", row["ttl"]
		if number, ok := got.(*types.AttributeValueMemberN); ok {
			ttl = number.Value
		}
		if len(row) == 0 || ttl != test.want {
			t.Errorf("%s: ttl %q, want %q", test.kind, ttl, test.want)
		}
	}
}

func TestListReports(t *testing.T) {
	store := newReports(t)
	for i := range 5 {
		must(t, store.Put(t.Context(), reported(report.Event, fmt.Sprint("k", i), i)))
	}
	must(t, store.Put(t.Context(), reported(report.EventStream, "s", 1))) // begins with the same word
	other := reported(report.Event, "other", 1)
	other.ChargePointID = "CP002"
	must(t, store.Put(t.Context(), other))
	if keys, pages := allReports(t, store, report.Event, "", 2); !slices.Equal(keys, []string{"k4", "k3", "k2", "k1", "k0"}) || pages != 3 {
		t.Errorf("%v in %d pages", keys, pages)
	}
	if keys, pages := allReports(t, store, report.Event, "", 5); len(keys) != 5 || pages != 1 {
		t.Errorf("%v in %d pages", keys, pages)
	}
	if keys, _ := allReports(t, store, report.Event, "k3", 5); !slices.Equal(keys, []string{"k3"}) {
		t.Errorf("with a prefix: %v", keys)
	}
	_, next, err := store.List(t.Context(), "CP001", report.Event, "", "", 2)
	must(t, err)
	_, _, err = store.List(t.Context(), "CP001", report.EventStream, "", next, 2)
	wantFault(t, err, fault.Invalid)
	_, _, err = store.List(t.Context(), "CP002", report.Event, "", next, 2)
	wantFault(t, err, fault.Invalid)
	_, _, err = store.List(t.Context(), "CP001", report.Event, "", "", 0)
	wantFault(t, err, fault.Invalid)
}

// A page of many large reports would not fit into the answer of a function.
func TestPagesOfLargeReportsEndAtOneMegabyte(t *testing.T) {
	store := newReports(t)
	for i := range 20 {
		large := reported(report.Inventory, report.Part(1, i), i)
		large.Data = json.RawMessage(`"` + strings.Repeat("x", 120_000) + `"`)
		must(t, store.Put(t.Context(), large))
	}
	page, _, err := store.List(t.Context(), "CP001", report.Inventory, "", "", 200)
	must(t, err)
	keys, _ := allReports(t, store, report.Inventory, "", 200)
	if len(page) > 10 || len(keys) != 20 || !slices.IsSortedFunc(keys, func(a, b string) int { return strings.Compare(b, a) }) {
		t.Errorf("%d in the first page, all are %v", len(page), keys)
	}
}

func TestNewestReportOfEachKind(t *testing.T) {
	store := newReports(t)
	none, err := store.Newest(t.Context(), "CP001")
	if err != nil || len(none) != 0 {
		t.Errorf("got %v, %v", none, err)
	}
	for _, put := range []report.Report{
		reported(report.Firmware, report.Latest, 1), reported(report.Firmware, report.ByRequest(2), 2), reported(report.Firmware, report.ByRequest(1), 3),
		reported(report.Log, report.Latest, 5), reported(report.Log, report.ByRequest(2), 4),
		reported(report.Event, report.ByTime(at(1), "a"), 1), reported(report.Event, report.ByTime(at(2), "a"), 2),
		reported(report.EventStream, "1", 1),
		reported(report.SecurityEvent, report.ByTime(at(5), "a"), 9), reported(report.SecurityEvent, report.ByTime(at(4), "a"), 10),
	} {
		must(t, store.Put(t.Context(), put))
	}
	newest, err := store.Newest(t.Context(), "CP001")
	must(t, err)
	var got []string
	for _, r := range newest {
		got = append(got, string(r.Kind)+" "+string(r.Data))
	}
	if want := []string{`event {"n":2}`, `event-stream {"n":1}`, `firmware {"n":2}`, `log {"n":5}`, `security-event {"n":9}`}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestKeysThatAreTooLong(t *testing.T) {
	long := reported(report.Reservation, strings.Repeat("x", 1100), 1)
	err := newReports(t).Put(t.Context(), long)
	wantFault(t, err, fault.Invalid)
	if !strings.Contains(err.Error(), "CP001") || !strings.Contains(err.Error(), "reservation#xxx") {
		t.Errorf("the error says too little: %v", err)
	}
}
