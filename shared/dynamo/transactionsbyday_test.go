package dynamo

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

func TestTransactionsOfADay(t *testing.T) {
	table := NewTransactions(dynamotest.Client(), dynamotest.Table(t, "TransactionTable"))
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for i, start := range []time.Time{day.Add(-time.Millisecond), day, day.Add(time.Hour), day.Add(24*time.Hour - time.Millisecond), day.Add(24 * time.Hour)} {
		must(t, table.Put(t.Context(), transaction.Transaction{ChargePointID: fmt.Sprintf("CP%d", i), ID: "t", State: transaction.Active, StartedAt: start}))
	}
	must(t, table.Put(t.Context(), transaction.Transaction{ChargePointID: "CP9", ID: "t", State: transaction.Active})) // its start got lost

	var found []string
	cursors := []string{""}
	for len(cursors) > 0 {
		page, next, err := table.ListByDay(t.Context(), day.Add(13*time.Hour), cursors[0], 2)
		must(t, err)
		for _, one := range page {
			if one.State != transaction.Active {
				t.Errorf("not the whole row: %+v", one)
			}
			found = append(found, one.ChargePointID)
		}
		if cursors = nil; next != "" {
			cursors = []string{next}
			_, _, err := table.ListByDay(t.Context(), day.AddDate(0, 0, 1), next, 2)
			wantFault(t, err, fault.Invalid)
		}
	}
	if !slices.Equal(found, []string{"CP3", "CP2", "CP1"}) {
		t.Errorf("found %q", found)
	}
	_, _, err := table.ListByDay(t.Context(), day, "nonsense", 2)
	wantFault(t, err, fault.Invalid)
}
