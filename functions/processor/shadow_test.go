package main

import (
	"reflect"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/transaction"
)

func TestFollow(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2026, 1, 1, 8, minute, 0, 0, time.UTC) }
	first := running{TransactionID: "T1", StartTime: at(1), EVSEID: 1, IDToken: "AA"}
	second := running{TransactionID: "T2", StartTime: at(2), EVSEID: 2}

	for _, test := range []struct {
		name    string
		active  map[string]running
		after   transaction.Transaction
		latest  any
		changed map[string]any
	}{
		{"the first starts", nil,
			transaction.Transaction{ID: "T1", State: transaction.Active, StartedAt: at(1), Connector: "1#1", IDToken: "AA"},
			first.document(), map[string]any{"T1": first.document()}},
		{"another starts beside it", map[string]running{"T1": first},
			transaction.Transaction{ID: "T2", State: transaction.Active, StartedAt: at(2), Connector: "2"},
			second.document(), map[string]any{"T2": second.document()}},
		{"the older one goes on when the newer ends", map[string]running{"T1": first, "T2": second},
			transaction.Transaction{ID: "T2", State: transaction.Ended, StartedAt: at(2), EndedAt: at(3), Connector: "2"},
			first.document(), map[string]any{"T2": nil}},
		{"the last ends", map[string]running{"T1": first},
			transaction.Transaction{ID: "T1", State: transaction.Ended, StartedAt: at(1), EndedAt: at(3)},
			nil, map[string]any{"T1": nil}},
		{"a start repeated after the end brings nothing back", nil,
			transaction.Transaction{ID: "T1", State: transaction.Ended, StartedAt: at(1), EndedAt: at(3)},
			nil, map[string]any{"T1": nil}},
		{"a new start on an EVSE ends the stale one there", map[string]running{"T1": first},
			transaction.Transaction{ID: "T3", State: transaction.Active, StartedAt: at(5), Connector: "1"},
			running{TransactionID: "T3", StartTime: at(5), EVSEID: 1}.document(),
			map[string]any{"T1": nil, "T3": running{TransactionID: "T3", StartTime: at(5), EVSEID: 1}.document()}},
	} {
		t.Run(test.name, func(t *testing.T) {
			patch := follow(test.active, test.after)
			var latest any
			if document, ok := patch["activeTransaction"].(map[string]any); ok {
				latest = document
			}
			if !reflect.DeepEqual(latest, test.latest) {
				t.Errorf("activeTransaction %v, want %v", latest, test.latest)
			}
			if !reflect.DeepEqual(patch["activeTransactions"], test.changed) {
				t.Errorf("activeTransactions %v, want %v", patch["activeTransactions"], test.changed)
			}
			if ended := test.after.State == transaction.Ended; (patch["lastCompletedTransaction"] != nil) != ended {
				t.Errorf("lastCompletedTransaction %v", patch["lastCompletedTransaction"])
			}
		})
	}
}
