package main

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/local/durable"
	"github.com/serverless-ocpp/backend/local/iot/shadow"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// serviced are shadows that take what AWS IoT takes.
type serviced struct{ *shadow.Service }

func (s serviced) Get(_ context.Context, id string) (json.RawMessage, int64, error) {
	document, err := s.Service.Get(shadow.ID{Thing: id})
	if err != nil {
		return nil, 0, nil
	}
	var read struct {
		State   struct{ Reported json.RawMessage }
		Version int64
	}
	return read.State.Reported, read.Version, json.Unmarshal(document, &read)
}

func (s serviced) Update(_ context.Context, id string, patch json.RawMessage, version int64) error {
	_, err := s.Service.Update(shadow.ID{Thing: id}, fmt.Appendf(nil, `{"state":{"reported":%s}}`, patch))
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "refused")
	}
	return nil
}

// What a charge point nests too deep, or says nothing in a list with, is no reason to show a car that has left.
func TestShadowFollowsWhateverItDoesNotTake(t *testing.T) {
	service, err := shadow.New(shadow.Config{Store: durable.Memory()})
	if err != nil {
		t.Fatal(err)
	}
	documents := serviced{service}
	s := Shadow{Documents: documents}
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	deep := `{"transactionInfo":{"transactionId":"T1"},"customData":{"vendorId":"v","x":` + strings.Repeat(`{"x":`, 8) + `1` + strings.Repeat(`}`, 8) + `}}`
	running := transaction.Transaction{ChargePointID: "CP001", ID: "T1", State: transaction.Active, StartedAt: at, Connector: "1"}
	for _, step := range []struct {
		kind    transaction.EventKind
		state   transaction.State
		payload string
		want    []string
		not     string
	}{
		{transaction.EventStarted, transaction.Active, `{"seqNo":0,"triggerReason":"Authorized"}`, []string{`"activeTransaction":{`, `"seqNo":0`}, `omitted`},
		{transaction.EventUpdated, transaction.Active, deep, []string{`"activeTransaction":{`, `"eventType":"Updated"`, `omitted`}, `seqNo`},
		{transaction.EventEnded, transaction.Ended, deep, []string{`"lastCompletedTransaction":{`, `"eventType":"Ended"`, `omitted`}, `"activeTransaction":{`},
	} {
		running.State = step.state
		if err := s.TransactionChanged(t.Context(), running, transaction.Event{Kind: step.kind, At: at}, at, json.RawMessage(step.payload)); err != nil {
			t.Fatal(err)
		}
		reported, _, _ := documents.Get(t.Context(), "CP001")
		for _, want := range step.want {
			if !strings.Contains(string(reported), want) {
				t.Errorf("%s: no %s in %s", step.kind, want, reported)
			}
		}
		if strings.Contains(string(reported), step.not) {
			t.Errorf("%s: %s in %s", step.kind, step.not, reported)
		}
	}
	for _, answer := range []string{`{"status":"Accepted"}`, `{"status":"Rejected","data":[null]}`, `{"status":"Accepted"}`} {
		if err := s.Answered(t.Context(), "CP001", answer, at, json.RawMessage(answer)); err != nil {
			t.Fatal(err)
		}
		reported, _, _ := documents.Get(t.Context(), "CP001")
		quoted, _ := json.Marshal(answer)
		if !strings.Contains(string(reported), `"messageId":`+string(quoted)) || strings.Contains(string(reported), `"status"`) == strings.Contains(answer, "null") {
			t.Errorf("after %s: %s", answer, reported)
		}
	}
}

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
