package dynamo

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/token"
)

func TestConnectors(t *testing.T) {
	store := NewConnectors(dynamotest.Client(), dynamotest.Table(t, "ConnectorTable"))
	status := func(connector, status string, ms int) chargepoint.Connector {
		return chargepoint.Connector{ChargePointID: "CP001", Connector: connector, Status: status, At: at(-ms), ReceivedAt: at(ms)}
	}
	faulted := status("2", "Faulted", 5)
	faulted.ErrorCode, faulted.Info, faulted.VendorID, faulted.VendorError = "OverVoltage", "i", "v", "e"
	for _, put := range []chargepoint.Connector{
		faulted, status("2", "Available", 4), // late: the fault stays
		status("1", "Faulted", 1), status("1", "Available", 2), status("1", "Preparing", 2), // the last of one millisecond
		status("0", "Available", 1), status("1#2", "Occupied", 1),
	} {
		must(t, store.Put(t.Context(), put))
	}
	got, err := store.List(t.Context(), "CP001")
	must(t, err)
	want := []chargepoint.Connector{status("0", "Available", 1), status("1", "Preparing", 2), status("1#2", "Occupied", 1), faulted}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	must(t, store.Put(t.Context(), status("2", "Available", 6)))
	if got, err = store.List(t.Context(), "CP001"); err != nil || !reflect.DeepEqual(got[3], status("2", "Available", 6)) {
		t.Errorf("words of the fault stay: %+v, %v", got[3], err)
	}
	if got, err = store.List(t.Context(), "CP404"); err != nil || len(got) != 0 {
		t.Errorf("no charge point: %v, %v", got, err)
	}
}

// Statuses that a charge point sends without waiting for answers (against OCPP-J 1.6 section 4.1.1) are put in any order.
func TestTheLastStatusStaysWhateverTheOrder(t *testing.T) {
	status := func(word string, received, dated int) chargepoint.Connector {
		return chargepoint.Connector{ChargePointID: "CP001", Connector: "1", Status: word, ReceivedAt: at(received), At: at(dated)}
	}
	undated := chargepoint.Connector{ChargePointID: "CP001", Connector: "1", Status: "Preparing", ReceivedAt: at(1)}
	for _, test := range []struct {
		name string
		put  []chargepoint.Connector
		want string
	}{
		{"within a millisecond, the first without a time", []chargepoint.Connector{undated, status("Charging", 1, 1)}, "Charging"},
		{"in order", []chargepoint.Connector{status("Preparing", 1, 1), status("Charging", 2, 2)}, "Charging"},
		{"overtaken", []chargepoint.Connector{status("Charging", 2, 2), status("Preparing", 1, 1)}, "Charging"},
		{"the charge point's clock was set back", []chargepoint.Connector{status("Charging", 2, 1), status("Preparing", 1, 9)}, "Charging"},
		{"overtaken within a millisecond", []chargepoint.Connector{status("Charging", 1, 2), status("Preparing", 1, 1)}, "Charging"},
		{"in order within a millisecond", []chargepoint.Connector{status("Preparing", 1, 1), status("Charging", 1, 2)}, "Charging"},
		{"nothing tells which is later", []chargepoint.Connector{status("Preparing", 1, 1), status("Charging", 1, 1)}, "Charging"},
	} {
		t.Run(test.name, func(t *testing.T) {
			store := NewConnectors(dynamotest.Client(), dynamotest.Table(t, "ConnectorTable"))
			for _, put := range test.put {
				must(t, store.Put(t.Context(), put))
			}
			if got, err := store.List(t.Context(), "CP001"); err != nil || len(got) != 1 || got[0].Status != test.want {
				t.Errorf("%+v %v, want %s", got, err, test.want)
			}
		})
	}
}

func TestTokens(t *testing.T) {
	store := NewTokens(dynamotest.Client(), dynamotest.Table(t, "TokenTable"))
	_, err := store.Find(t.Context(), "04A1B2C3")
	wantFault(t, err, fault.NotFound)
	if strings.Contains(err.Error(), "04A1") || strings.Contains(err.Error(), "04a1") {
		t.Errorf("the error names the id token: %v", err)
	}
	want := token.Token{IDToken: "04A1B2C3", Type: "ISO14443", Status: token.Accepted, ExpiresAt: at(0), GroupID: "FLEET"}
	must(t, store.Put(t.Context(), want))
	for _, spelling := range []string{"04A1B2C3", "04a1b2c3", "04a1B2c3"} {
		if got, err := store.Find(t.Context(), spelling); err != nil || got != want {
			t.Errorf("%s: %+v, %v", spelling, got, err)
		}
	}
	must(t, store.Put(t.Context(), token.Token{IDToken: "04a1b2c3", Status: token.Blocked}))
	if got, err := store.Find(t.Context(), "04A1B2C3"); err != nil || got != (token.Token{IDToken: "04a1b2c3", Status: token.Blocked}) {
		t.Errorf("replaced: %+v, %v", got, err)
	}
	if row := stored(t, store.name, item{"idToken": text("04a1b2c3")}); row["ttl"] != nil {
		t.Errorf("one that an operator put would be deleted: %v", row)
	}
	must(t, store.Put(t.Context(), token.Token{IDToken: "made", Status: token.Accepted, ForgetAt: at(0)}))
	if ttl, ok := stored(t, store.name, item{"idToken": text("made")})["ttl"].(*types.AttributeValueMemberN); !ok || ttl.Value != strconv.FormatInt(at(0).Unix(), 10) {
		t.Errorf("ttl %+v", ttl)
	}
	must(t, store.Delete(t.Context(), "04A1b2c3"))
	must(t, store.Delete(t.Context(), "04A1b2c3"))
	_, err = store.Find(t.Context(), "04A1B2C3")
	wantFault(t, err, fault.NotFound)

	wantFault(t, store.Put(t.Context(), token.Token{Status: token.Accepted}), fault.Invalid)
	_, err = store.Find(t.Context(), "")
	wantFault(t, err, fault.NotFound)
	must(t, store.Delete(t.Context(), ""))
}

func TestListTokens(t *testing.T) {
	store := NewTokens(dynamotest.Client(), dynamotest.Table(t, "TokenTable"))
	want := make(map[string]bool)
	for i := range 7 {
		id := fmt.Sprint("T", i)
		want[id] = true
		must(t, store.Put(t.Context(), token.Token{IDToken: id, Status: token.Accepted}))
	}
	sizes, cursor := []int{}, ""
	for {
		page, next, err := store.List(t.Context(), cursor, 3)
		must(t, err)
		for _, listed := range page {
			delete(want, listed.IDToken)
		}
		sizes = append(sizes, len(page))
		if cursor = next; next == "" {
			break
		}
	}
	if len(want) != 0 || !slices.Equal(sizes, []int{3, 3, 1}) {
		t.Errorf("pages of %v leave out %v", sizes, want)
	}
}

func TestListChargePoints(t *testing.T) {
	store := newChargePoints(t)
	for i := range 9 {
		id := fmt.Sprint("CP00", i)
		must(t, store.Mirror(t.Context(), chargepoint.Thing{Name: id, ID: id, Version: 1, At: at(0)}, chargepoint.Accepted))
		if i%2 == 0 {
			_, err := store.Open(t.Context(), id, connection("a=", i))
			must(t, err)
		}
	}
	for _, test := range []struct {
		name      string
		connected *bool
		want      []string
	}{
		{"all", nil, []string{"CP000", "CP001", "CP002", "CP003", "CP004", "CP005", "CP006", "CP007", "CP008"}},
		{"connected", new(true), []string{"CP000", "CP002", "CP004", "CP006", "CP008"}},
		{"not connected", new(false), []string{"CP001", "CP003", "CP005", "CP007"}},
	} {
		var got []string
		for cursor := ""; ; {
			page, next, err := store.List(t.Context(), test.connected, cursor, 2)
			must(t, err)
			for _, cp := range page {
				got = append(got, cp.ID)
			}
			if next != "" && len(page) != 2 {
				t.Errorf("%s: a page of %d before the last", test.name, len(page))
			}
			if cursor = next; next == "" {
				break
			}
		}
		if slices.Sort(got); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

// A fleet of a million has a thousand answers of 1 MB, in which hardly anything may be what is asked for.
func TestAPageEndsWhereMuchWasReadForIt(t *testing.T) {
	const answers = 2*mostFetched + 1
	table := table{hash: "chargePointId"}
	read := 0
	fetch := func(item) (found []item, last item, err error) {
		if read++; read == 7 {
			found = []item{{"chargePointId": text("CP007")}}
		}
		if read < answers {
			last = item{"chargePointId": text(fmt.Sprint("last of ", read))}
		}
		return found, last, nil
	}
	for page, want := range []int{1, 0, 0} {
		found, next, err := table.collect(nil, 5, fetch)
		must(t, err)
		start, err := table.resume(next, "")
		must(t, err)
		if end := page == 2; len(found) != want || (next == "") != end || !end && textOf(start["chargePointId"]) != fmt.Sprint("last of ", (page+1)*mostFetched) {
			t.Errorf("page %d: %v, then %v", page, found, start)
		}
	}
	if read != answers {
		t.Errorf("%d answers of %d were read", read, answers)
	}
}

func TestCursorsAndLimitsThatAreNone(t *testing.T) {
	points := newChargePoints(t)
	messages := NewMessages(dynamotest.Client(), dynamotest.Table(t, "MessageTable"))
	encoded := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	for _, cursor := range []string{
		"!", "abc", encoded("null"), encoded(`{"chargePointId":""}`), encoded(`{"chargePointId":7}`), encoded(`{"other":"CP001"}`),
		encoded(`{"chargePointId":"CP001","more":"x"}`),
	} {
		if _, _, err := points.List(t.Context(), nil, cursor, 5); !fault.Is(err, fault.Invalid) {
			t.Errorf("scan with cursor %q: %v", cursor, err)
		}
	}
	for _, cursor := range []string{encoded(`{"chargePointId":"CP001"}`), encoded(`{"chargePointId":"CP002","messageKey":"k"}`)} {
		if _, _, err := messages.List(t.Context(), "CP001", cursor, 5); !fault.Is(err, fault.Invalid) {
			t.Errorf("query with cursor %q: %v", cursor, err)
		}
	}
	for _, limit := range []int{-1, 0, maxPage + 1} {
		if _, _, err := points.List(t.Context(), nil, "", limit); !fault.Is(err, fault.Invalid) {
			t.Errorf("limit %d: %v", limit, err)
		}
	}
}

func TestErrorsNameTableAndItem(t *testing.T) {
	_, err := NewChargePoints(dynamotest.Client(), "NoSuchTable").Get(t.Context(), "CP001")
	wantFault(t, err, fault.Internal)
	if !strings.Contains(err.Error(), "NoSuchTable") || !strings.Contains(err.Error(), "CP001") {
		t.Errorf("the error says too little: %v", err)
	}
}

func TestOccupyAndVacate(t *testing.T) {
	store := NewConnectors(dynamotest.Client(), dynamotest.Table(t, "ConnectorTable"))
	noted := func(id string, moment int, wantBefore, wantAfter string) {
		t.Helper()
		before, after, err := store.Occupy(t.Context(), "CP001", "1", id, at(moment))
		must(t, err)
		if before != wantBefore || after != wantAfter {
			t.Errorf("before %s there was %q, and after it %q, want %q and %q", id, before, after, wantBefore, wantAfter)
		}
	}
	occupy := func(id string, moment int, want string) {
		t.Helper()
		noted(id, moment, want, "")
	}
	runs := func(want string) {
		t.Helper()
		connectors, err := store.List(t.Context(), "CP001")
		must(t, err)
		if len(connectors) != 1 || connectors[0].TransactionID != want {
			t.Errorf("connectors %+v, want transaction %q", connectors, want)
		}
	}
	occupy("first", 1, "")
	occupy("first", 1, "") // the same start again
	noted("older", 0, "", "first")
	runs("first")
	must(t, store.Put(t.Context(), chargepoint.Connector{ChargePointID: "CP001", Connector: "1", Status: "Charging", ReceivedAt: at(2)}))
	runs("first")
	occupy("second", 3, "first")
	occupy("second", 3, "first")                              // again, for a caller who died
	must(t, store.Vacate(t.Context(), "CP001", "1", "first")) // its late end
	runs("second")
	must(t, store.Vacate(t.Context(), "CP001", "1", "second"))
	runs("")
	noted("older", 0, "", "second")
	runs("")
	occupy("third", 4, "")
	must(t, store.Vacate(t.Context(), "CP001", "9", "none"))
}
