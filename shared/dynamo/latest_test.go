package dynamo

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// What failed is listed over all charge points, the latest first, from yesterday on; what ended well is not.
func TestListFailed(t *testing.T) {
	store, now := newCommands(t), at(0)
	finish := func(id, chargePointID string, when time.Time, event command.Event) {
		c := queued(id, 0)
		c.ChargePointID = chargePointID
		must(t, store.Create(t.Context(), c))
		if from, _ := command.Transition(event); from == command.Sent {
			_, err := store.Send(t.Context(), chargePointID, id, when, when.Add(time.Minute))
			must(t, err)
		}
		_, err := store.Apply(t.Context(), chargePointID, id, command.Outcome{Event: event, At: when})
		must(t, err)
	}
	for i, event := range []command.Event{command.EventReject, command.EventError, command.EventMisfit, command.EventGiveUp, command.EventExpire} {
		finish(fmt.Sprint("failed", i), fmt.Sprint("CP", i), now.Add(-time.Duration(i)*8*time.Hour), event)
	}
	finish("good", "CP1", now, command.EventAccept)
	finish("back", "CP1", now, command.EventCancel)
	for limit, want := range map[int][]string{
		10: {"failed0", "failed1", "failed2", "failed3", "failed4"}, // of 12:00, 04:00, and the day before 20:00, 12:00 and 04:00
		3:  {"failed0", "failed1", "failed2"},
		1:  {"failed0"},
	} {
		found, err := store.ListFailed(t.Context(), now, limit)
		must(t, err)
		var ids []string
		for _, c := range found {
			ids = append(ids, c.ID)
			if c.Action == "" || !c.State.Failed() {
				t.Errorf("listed %+v", c)
			}
		}
		if !slices.Equal(ids, want) {
			t.Errorf("at most %d: %v, want %v", limit, ids, want)
		}
	}
	if found, err := store.ListFailed(t.Context(), now.AddDate(0, 0, 2), 10); err != nil || len(found) > 0 {
		t.Errorf("two days later: %v, %v", found, err)
	}
	_, err := store.ListFailed(t.Context(), now, 0)
	wantFault(t, err, fault.Invalid)
}

func TestListRefused(t *testing.T) {
	name := dynamotest.Table(t, "MessageTable")
	store, log := NewMessages(dynamotest.Client(), name), NewMessageLog(dynamotest.Client(), name, 7)
	must(t, log.Received(t.Context(), []Exchange{{ChargePointID: "CP1", At: at(0), ConnectionID: "c=", MessageID: "m1", Action: "Heartbeat", Frame: []byte(`[2,"m1","Heartbeat",{}]`)}}))
	for i := range 12 {
		must(t, store.PutRefused(t.Context(), fmt.Sprint("CP", i), at(i), "c=", 401, "wrong key", "192.0.2.7"))
	}
	found, err := store.ListRefused(t.Context(), at(0), 10)
	must(t, err)
	if len(found) != 10 || found[0].ChargePointID != "CP11" || found[9].ChargePointID != "CP2" || found[0].Reason != "wrong key" {
		t.Errorf("%d, from %+v", len(found), found)
	}
}
