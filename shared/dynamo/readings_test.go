package dynamo

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
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
