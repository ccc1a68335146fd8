package dynamo

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

func newTransactions(t *testing.T) *Transactions {
	t.Helper()
	return NewTransactions(dynamotest.Client(), dynamotest.Table(t, "TransactionTable"))
}

func start(id, key string) transaction.Transaction {
	return transaction.Transaction{
		ChargePointID: "CP001", ID: id, Protocol: "ocpp1.6", Connector: "1", State: transaction.Active,
		StartedAt: at(0), IDToken: "04A1", MeterStart: new(1200.0), StartKey: key,
	}
}

// Specification: OCPP 1.6 section 4.8; OCPP 1.6 errata 3.54.
func TestBegin(t *testing.T) {
	store := newTransactions(t)
	must(t, store.Begin(t.Context(), start("7", "a")))
	got, err := store.Get(t.Context(), "CP001", "7")
	must(t, err)
	want := start("7", "a")
	want.Revision = 1
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}

	got.State, got.EndedAt = transaction.Ended, at(9)
	must(t, store.Put(t.Context(), got))
	must(t, store.Begin(t.Context(), start("7", "a"))) // the charge point repeats its start
	if got, err = store.Get(t.Context(), "CP001", "7"); err != nil || got.State != transaction.Ended || got.Revision != 2 {
		t.Errorf("a repeated start changed the transaction: %+v, %v", got, err)
	}
	wantFault(t, store.Begin(t.Context(), start("7", "b")), fault.Conflict)

	orphan := transaction.Transaction{ChargePointID: "CP001", ID: "8", State: transaction.Active}
	must(t, store.Put(t.Context(), orphan)) // its meter values came, its start did not
	wantFault(t, store.Begin(t.Context(), start("8", "a")), fault.Conflict)
}

// Specification: OCPP 1.6 section 4.8; OCPP 1.6 errata 3.54.
func TestBeginRace(t *testing.T) {
	store := newTransactions(t)
	errs := atOnce(20, func(i int) error { return store.Begin(t.Context(), start("7", fmt.Sprint(i%2))) })
	if count(errs, "") != 10 || count(errs, fault.Conflict) != 10 {
		t.Errorf("errors %v", errs)
	}
}

func TestPutCountsRevisions(t *testing.T) {
	store := newTransactions(t)
	first := start("T-1", "")
	must(t, store.Put(t.Context(), first))
	wantFault(t, store.Put(t.Context(), first), fault.Conflict)
	first.Revision = 1
	must(t, store.Put(t.Context(), first))
	wantFault(t, store.Put(t.Context(), first), fault.Conflict)
	first.Revision = 3
	wantFault(t, store.Put(t.Context(), first), fault.Conflict)
	_, err := store.Get(t.Context(), "CP001", "T-2")
	wantFault(t, err, fault.NotFound)
}

// Twenty handlers that apply events in read-and-write turns lose none of them.
func TestPutRaceLosesNoEvent(t *testing.T) {
	store := newTransactions(t)
	errs := atOnce(20, func(i int) error {
		for {
			known, err := store.Get(t.Context(), "CP001", "T-1")
			if fault.Is(err, fault.NotFound) {
				known, err = transaction.Transaction{ChargePointID: "CP001"}, nil
			}
			if err != nil {
				return err
			}
			err = store.Put(t.Context(), known.Apply(transaction.Event{Kind: transaction.EventUpdated, TransactionID: "T-1", At: at(i), SeqNo: &i}))
			if !fault.Is(err, fault.Conflict) {
				return err
			}
		}
	})
	if count(errs, "") != 20 {
		t.Fatalf("errors %v", errs)
	}
	got, err := store.Get(t.Context(), "CP001", "T-1")
	must(t, err)
	if got.SeqNos != "0-19" || got.Revision != 20 || !got.LastEventAt.Equal(at(19)) {
		t.Errorf("got %+v", got)
	}
}

func TestTransactionKeepsEveryField(t *testing.T) {
	store := newTransactions(t)
	measured := func(ms int, value float64) *transaction.Measured {
		return &transaction.Measured{At: at(ms), Value: value}
	}
	want := transaction.Transaction{
		ChargePointID: "CP001", ID: "T-1", Protocol: "ocpp2.0.1", Connector: "1#2", ConnectorFrom: transaction.Claim{Kind: transaction.EventStarted, At: at(0)}, State: transaction.Ended,
		StartedAt: at(0), EndedAt: at(900), IDToken: "04A1", IDTokenType: "ISO14443", IDTokenFrom: transaction.Claim{Kind: transaction.EventUpdated, At: at(1), Order: 4},
		Authorization: transaction.Dated{At: at(1), Value: "Accepted"}, StopIDToken: "04A2", StopReason: "Local",
		MeterStart: new(0.0), MeterStop: new(1234.567),
		Meter: transaction.Meter{FirstEnergy: measured(2, 0), Energy: measured(3, 1234.567), Power: measured(4, 22e3), SoC: measured(5, 80),
			Others: map[string]transaction.Register{"Inlet": {Start: new(9.0), Stop: new(9e5), First: measured(1, 9), Highest: measured(2, 9e5), Newest: measured(3, 8e5)}, "Inlet L1": {First: measured(1, 9), Highest: measured(1, 9), Newest: measured(1, 9)}}},
		ChargingState: transaction.Dated{At: at(6), Order: 7, Value: "Charging"}, RemoteStartID: new(0), ReservationID: new(5),
		Offline: true, SeqNos: "0-4,6", ToldTwice: true, SupersededBy: "another", CommandID: "c1", LastEventAt: at(900), StartKey: "k", Revision: 1,
	}
	for i, field := range reflect.VisibleFields(reflect.TypeFor[transaction.Transaction]()) {
		if reflect.ValueOf(want).Field(i).IsZero() {
			t.Fatalf("the test forgets %s", field.Name)
		}
	}
	put := want
	put.Revision = 0
	must(t, store.Put(t.Context(), put))
	got, err := store.Get(t.Context(), "CP001", "T-1")
	must(t, err)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestStartDayIsInUTCAndOnlyOfAKnownStart(t *testing.T) {
	store := newTransactions(t)
	begun := start("7", "a")
	begun.StartedAt = time.Date(2026, 3, 2, 0, 30, 0, 0, time.FixedZone("CET", 3600))
	must(t, store.Put(t.Context(), begun))
	row := stored(t, store.name, store.row("CP001", "7").key)
	if day, ok := row["startDay"].(*types.AttributeValueMemberS); !ok || day.Value != "2026-03-01" {
		t.Errorf("startDay %v", row["startDay"])
	}
	must(t, store.Put(t.Context(), transaction.Transaction{ChargePointID: "CP001", ID: "8"}))
	row = stored(t, store.name, store.row("CP001", "8").key)
	if row["startDay"] != nil || row["startedAt"] != nil {
		t.Errorf("a transaction without a start stands in the index: %v", row)
	}
}

func TestListTransactions(t *testing.T) {
	store := newTransactions(t)
	for i := range 5 {
		must(t, store.Put(t.Context(), transaction.Transaction{ChargePointID: "CP001", ID: fmt.Sprint("T-", i)}))
	}
	must(t, store.Put(t.Context(), transaction.Transaction{ChargePointID: "CP002", ID: "other"}))
	var ids []string
	pages, cursor := 0, ""
	for {
		page, next, err := store.List(t.Context(), "CP001", cursor, 2)
		must(t, err)
		for _, listed := range page {
			ids = append(ids, listed.ID)
		}
		if pages++; next == "" {
			break
		}
		if _, _, err := store.List(t.Context(), "CP002", next, 2); !fault.Is(err, fault.Invalid) {
			t.Errorf("another charge point takes the cursor: %v", err)
		}
		cursor = next
	}
	if want := []string{"T-0", "T-1", "T-2", "T-3", "T-4"}; !reflect.DeepEqual(ids, want) || pages != 3 {
		t.Errorf("%v in %d pages", ids, pages)
	}
}
