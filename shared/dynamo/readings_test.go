package dynamo

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

func newReadings(t *testing.T) *Readings {
	t.Helper()
	return NewReadings(dynamotest.Client(), dynamotest.Table(t, "MeterValueTable"))
}

func energy(ms int, value string) transaction.Reading {
	return transaction.Reading{At: at(ms), Values: []transaction.SampledValue{{Value: value, Unit: "Wh", Multiplier: -1, Signed: json.RawMessage(`{"a":1}`)}}}
}

func TestReadingsAreStoredOnce(t *testing.T) {
	store := newReadings(t)
	sent := []transaction.Reading{energy(0, "1"), energy(0, "2"), energy(5, "3"), energy(5, "3")}
	for range 2 { // the queue repeats the message
		must(t, store.Add(t.Context(), "CP001", "T-1", "1", sent))
	}
	must(t, store.Add(t.Context(), "CP001", "T-1", "1", nil))
	got, next, err := store.List(t.Context(), "CP001", "T-1", "", 100)
	must(t, err)
	if len(got) != 3 || next != "" || !reflect.DeepEqual(got[2], energy(5, "3")) {
		t.Errorf("%d readings, next %q: %+v", len(got), next, got)
	}
	got, _, err = store.List(t.Context(), "CP001", "T-2", "", 100)
	if err != nil || len(got) != 0 {
		t.Errorf("another transaction has %v, %v", got, err)
	}
}

// Specification: OCPP 1.6 section 4.7.
func TestReadingsWithoutTransaction(t *testing.T) {
	store := newReadings(t)
	must(t, store.Add(t.Context(), "CP001", "", "1", []transaction.Reading{energy(0, "1")}))
	answer, err := dynamotest.Client().Scan(t.Context(), &dynamodb.ScanInput{TableName: &store.name})
	must(t, err)
	key, ok := answer.Items[0]["transactionKey"].(*types.AttributeValueMemberS)
	if !ok || key.Value != "CP001#connector:1" {
		t.Errorf("transactionKey %v", answer.Items[0])
	}
	got, _, err := store.List(t.Context(), "CP001", WithoutTransaction("1"), "", 10)
	if err != nil || len(got) != 1 {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestManyReadingsInPages(t *testing.T) {
	store := newReadings(t)
	var sent []transaction.Reading
	for i := range 60 {
		sent = append(sent, energy(i, strconv.Itoa(i)))
	}
	must(t, store.Add(t.Context(), "CP001", "T-1", "1", sent))
	var got []transaction.Reading
	for cursor := ""; ; {
		page, next, err := store.List(t.Context(), "CP001", "T-1", cursor, 25)
		must(t, err)
		got = append(got, page...)
		if cursor = next; next == "" {
			break
		}
	}
	if !reflect.DeepEqual(got, sent) {
		t.Errorf("%d readings came back, not in the order of %d", len(got), len(sent))
	}
}

// periodic is an event that only reads.
func periodic(seqNo, ms int, readings ...transaction.Reading) transaction.Event {
	return transaction.Event{Kind: transaction.EventUpdated, Periodic: true, TransactionID: "T-1", At: at(ms), SeqNo: &seqNo, Connector: "1", ChargingState: "Charging", Readings: readings}
}

// tell keeps events as they come from a charge point.
func tell(t *testing.T, store *Readings, events ...transaction.Event) {
	t.Helper()
	samples := Samples{Readings: store}
	for _, event := range events {
		must(t, samples.Keep(t.Context(), event, sampled))
	}
}

// eventsOf are a transaction's events, each by its sequence number, charging state and value.
func eventsOf(t *testing.T, store *Readings) (found []string) {
	t.Helper()
	events, err := store.Events(t.Context(), "CP001", "T-1", time.Time{})
	must(t, err)
	for _, e := range events {
		found = append(found, fmt.Sprint(*e.SeqNo, " ", e.ChargingState, " ", e.Readings[0].Values[0].Value))
	}
	slices.Sort(found)
	return found
}

// pagesOf are all pages of a transaction's readings, by their values.
func pagesOf(t *testing.T, store *Readings, limit int) (pages [][]string) {
	t.Helper()
	for cursor := ""; len(pages) < 20; {
		readings, next, err := store.List(t.Context(), "CP001", "T-1", cursor, limit)
		must(t, err)
		var page []string
		for _, reading := range readings {
			page = append(page, reading.Values[0].Value)
		}
		if pages = append(pages, page); next == "" {
			return pages
		}
		cursor = next
	}
	t.Fatalf("there is no end: %v", pages)
	return nil
}

// A meter that is read once a minute and told of more often brings one reading with several events.
func TestEventsOfOneReadingAreAllKept(t *testing.T) {
	store := newReadings(t)
	later, changed := periodic(3, 45, energy(0, "1")), periodic(3, 30, energy(0, "1")) // of one that counts anew, or not at all
	changed.ChargingState = "SuspendedEV"
	for range 2 { // the charge point was not answered, and says it again
		tell(t, store, periodic(2, 0, energy(0, "1")), periodic(3, 30, energy(0, "1")), later, changed, periodic(4, 60, energy(0, "1"), energy(60, "2")))
	}
	want := []string{"2 Charging 1", "3 Charging 1", "3 Charging 1", "3 SuspendedEV 1", "4 Charging 1", "4 Charging 2"}
	if got := eventsOf(t, store); !slices.Equal(got, want) {
		t.Errorf("events %q, want %q", got, want)
	}
	// The journal brings what was not told of at once, and an end what was read before it.
	must(t, store.Add(t.Context(), "CP001", "T-1", "1", []transaction.Reading{energy(0, "1"), energy(60, "2")}))
	if got := eventsOf(t, store); !slices.Equal(got, want) {
		t.Errorf("events %q after the readings alone, want %q", got, want)
	}
	if got := pagesOf(t, store, 10); !reflect.DeepEqual(got, [][]string{{"1", "2"}}) {
		t.Errorf("listed %q", got)
	}
}

func TestReadingsOfManyEventsInPages(t *testing.T) {
	store := newReadings(t)
	for i := range 5 { // each is told four times, and comes through the journal
		reading := energy(10*i, strconv.Itoa(i))
		for seqNo := range 4 {
			tell(t, store, periodic(4*i+seqNo, 10*i, reading))
		}
		must(t, store.Add(t.Context(), "CP001", "T-1", "1", []transaction.Reading{reading}))
	}
	if got := eventsOf(t, store); len(got) != 20 {
		t.Errorf("events %q, want 20", got)
	}
	for limit, want := range map[int][][]string{
		1:       {{"0"}, {"1"}, {"2"}, {"3"}, {"4"}},
		2:       {{"0", "1"}, {"2", "3"}, {"4"}},
		3:       {{"0", "1", "2"}, {"3", "4"}},
		5:       {{"0", "1", "2", "3", "4"}},
		maxPage: {{"0", "1", "2", "3", "4"}},
	} {
		if got := pagesOf(t, store, limit); !reflect.DeepEqual(got, want) {
			t.Errorf("limit %d: %q, want %q", limit, got, want)
		}
	}
	for _, limit := range []int{0, maxPage + 1} {
		_, _, err := store.List(t.Context(), "CP001", "T-1", "", limit)
		wantFault(t, err, fault.Invalid)
	}
	_, _, err := store.List(t.Context(), "CP001", "T-1", "bm9uZQ", 1)
	wantFault(t, err, fault.Invalid)
}

// Large readings fill no page: each query brings 1 MB at most.
func TestPagesOfLargeReadingsEnd(t *testing.T) {
	store := newReadings(t)
	var want []string
	for i := range 12 {
		value := fmt.Sprintf("%02d", i) + strings.Repeat("9", 120<<10)
		want = append(want, value)
		tell(t, store, periodic(2*i, 10*i, energy(10*i, value)), periodic(2*i+1, 10*i, energy(10*i, value)))
	}
	pages := pagesOf(t, store, 200)
	if len(pages) < 2 || !slices.Equal(slices.Concat(pages...), want) {
		t.Errorf("%d pages with %d readings", len(pages), len(slices.Concat(pages...)))
	}
	for i, page := range pages {
		if len(page) == 0 && i < len(pages)-1 {
			t.Errorf("page %d is empty", i)
		}
	}
}

// Rows were written with their event under the key of the reading alone.
func TestOlderReadingsKeepTheirEvents(t *testing.T) {
	store := newReadings(t)
	older := periodic(2, 0, energy(0, "1"))
	row, err := store.itemOf(transactionKey("CP001", "T-1"), older.Readings[0])
	must(t, err)
	row.Event = eventItemOf(older)
	encoded, err := encode(row)
	must(t, err)
	must(t, store.writeAll(t.Context(), "readings", []types.WriteRequest{{PutRequest: &types.PutRequest{Item: encoded}}}))
	tell(t, store, periodic(3, 30, energy(0, "1"), energy(30, "2")))
	if got, want := eventsOf(t, store), []string{"2 Charging 1", "3 Charging 1", "3 Charging 2"}; !slices.Equal(got, want) {
		t.Errorf("events %q, want %q", got, want)
	}
	if got := pagesOf(t, store, 1); !reflect.DeepEqual(got, [][]string{{"1"}, {"2"}}) {
		t.Errorf("listed %q", got)
	}
	older.SeqNo = nil // as in 1.6
	tell(t, store, older)
	events, err := store.Events(t.Context(), "CP001", "T-1", time.Time{})
	if err != nil || len(events) != 4 {
		t.Errorf("events %+v, %v", events, err)
	}
}

func TestEventsSince(t *testing.T) {
	store := newReadings(t)
	tell(t, store, periodic(1, 999, energy(999, "1")), periodic(2, 1000, energy(1000, "2"), energy(998, "3")), periodic(3, 2000, energy(2000, "4")))
	for since, want := range map[time.Time]string{{}: "1 2 2 3", at(999): "1 2 3", at(1000): "2 3", at(2001): ""} {
		events, err := store.Events(t.Context(), "CP001", "T-1", since)
		must(t, err)
		var numbers []string
		for _, e := range events {
			numbers = append(numbers, strconv.Itoa(*e.SeqNo))
		}
		slices.Sort(numbers)
		if got := strings.Join(numbers, " "); got != want {
			t.Errorf("since %v: %q, want %q", since, got, want)
		}
	}
}

func TestReadingsLiveByOurClock(t *testing.T) {
	store := newReadings(t)
	now := at(0)
	store.now = func() time.Time { return now }
	wrongClock := transaction.Reading{At: time.Unix(0, 0).UTC()}
	must(t, store.Add(t.Context(), "CP001", "T-1", "1", []transaction.Reading{wrongClock}))
	answer, err := dynamotest.Client().Scan(t.Context(), &dynamodb.ScanInput{TableName: &store.name})
	must(t, err)
	want := strconv.FormatInt(now.Add(400*24*time.Hour).Unix(), 10)
	if ttl, ok := answer.Items[0]["ttl"].(*types.AttributeValueMemberN); !ok || ttl.Value != want {
		t.Errorf("ttl %v, want %s", answer.Items[0]["ttl"], want)
	}
}

// busyTable is a DynamoDB that leaves most of a batch unprocessed, which neither dynalite nor moto does.
func busyTable(t *testing.T, writesPerCall int) (client *dynamodb.Client, calls, written *int) {
	t.Helper()
	calls, written = new(int), new(int)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if target := r.Header.Get("X-Amz-Target"); !strings.HasSuffix(target, ".BatchWriteItem") {
			t.Errorf("call of %s", target)
		}
		var batch struct{ RequestItems map[string][]json.RawMessage }
		if err := json.Unmarshal(body, &batch); err != nil {
			t.Error(err)
		}
		*calls++
		requests := batch.RequestItems["readings"]
		done := min(writesPerCall, len(requests))
		*written += done
		left := map[string]any{}
		if done < len(requests) {
			left["readings"] = requests[done:]
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		if err := json.NewEncoder(w).Encode(map[string]any{"UnprocessedItems": left}); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	return dynamodb.NewFromConfig(aws.Config{Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")},
		func(o *dynamodb.Options) { o.BaseEndpoint = &server.URL }), calls, written
}

func TestUnprocessedReadingsAreSentAgain(t *testing.T) {
	sent := []transaction.Reading{energy(0, "1"), energy(1, "2"), energy(2, "3"), energy(3, "4"), energy(4, "5")}
	client, calls, written := busyTable(t, 2)
	must(t, NewReadings(client, "readings").Add(t.Context(), "CP001", "T-1", "1", sent))
	if *calls != 3 || *written != 5 {
		t.Errorf("%d written in %d calls, want 5 in 3", *written, *calls)
	}
	client, calls, _ = busyTable(t, 0)
	wantFault(t, NewReadings(client, "readings").Add(t.Context(), "CP001", "T-1", "1", sent), fault.Throttled)
	if *calls != batchAttempts {
		t.Errorf("%d calls, want %d", *calls, batchAttempts)
	}
}
