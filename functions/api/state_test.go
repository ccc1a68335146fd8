package main

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

func TestTransactionsOfADay(t *testing.T) {
	r := newRig(t)
	table := r.api.Transactions.(*dynamo.Transactions)
	now := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	r.api.Now = func() time.Time { return now }
	for id, start := range map[string]time.Time{"today": now.Add(-time.Minute), "yesterday": now.Add(-2 * time.Hour)} {
		r.must(table.Put(t.Context(), transaction.Transaction{ChargePointID: "CP16", ID: id, State: transaction.Ended, StartedAt: start, CommandID: "c1"}))
	}
	today := r.do("GET", "/transactions", "").want(200, `"transactionId":"today"`, `"commandId":"c1"`)
	if strings.Contains(today.text, "yesterday") {
		t.Error(today.text)
	}
	r.do("GET", "/transactions?day=2026-03-01", "").want(200, `"transactionId":"yesterday"`)
	r.do("GET", "/transactions?day=2026-02-01", "").want(200, `{"transactions":[]}`)
	r.do("GET", "/transactions?day=yesterday", "").want(422, "'day'")
	r.do("GET", "/transactions?limit=0", "").want(422, "'limit'")
	r.do("GET", "/transactions?cursor=x", "").want(422, "cursor")
}

func TestMessagesAreNarrowedDown(t *testing.T) {
	r := newRig(t)
	messages := r.api.Messages.(*dynamo.Messages)
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for i, id := range []string{"old", "new"} {
		r.must(messages.PutRefused(t.Context(), "CP16", at.Add(time.Duration(i)*time.Hour), id, 401, "wrong key", "192.0.2.1"))
	}
	r.do("GET", "/charge-points/CP16/messages?kind=refusedConnection", "").want(200, `"old"`, `"new"`, `"kind":"refusedConnection"`)
	r.do("GET", "/charge-points/CP16/messages?kind=frame", "").want(200, `{"messages":[]}`)
	since := r.do("GET", "/charge-points/CP16/messages?limit=1&since=2026-03-01T12:30:00Z", "").want(200, `"new"`)
	if next := r.do("GET", "/charge-points/CP16/messages?since=2026-03-01T12:30:00Z", "").want(200); strings.Contains(next.text, `"old"`) || next.body["nextCursor"] != nil {
		t.Errorf("%s, then %s", since.text, next.text)
	}
	r.do("GET", "/charge-points/CP16/messages?kind=frames", "").want(422, "'kind'")
	r.do("GET", "/charge-points/CP16/messages?since=noon", "").want(422, "'since'")
}

func TestCommandsAreNarrowedDown(t *testing.T) {
	r := newRig(t)
	r.do("POST", "/charge-points/CP16/clear-cache", "").want(202, `"state":"sent"`)
	r.do("POST", "/charge-points/CP16/reset", "").want(202, `"state":"queued"`)
	for query, want := range map[string][]string{
		"state=sent":                {"ClearCache"},
		"state=queued":              {"Reset"},
		"action=Reset":              {"Reset"},
		"action=Reset&state=sent":   {},
		"state=queued&action=Reset": {"Reset"},
	} {
		got := r.do("GET", "/charge-points/CP16/commands?"+query, "").want(200).body["commands"].([]any)
		if len(got) != len(want) || len(got) > 0 && got[0].(map[string]any)["action"] != want[0] {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
}

func TestReservations(t *testing.T) {
	r := newRig(t)
	got := r.do("POST", "/charge-points/CP16/reservations", exampleOf["reserve"]).want(202, `"reservationId":`)
	r.do("GET", "/charge-points/CP16/reservations", "").want(200, `"state":"requested"`, got.body["commandId"].(string), `"connector":"1"`)
	r.api.Now = func() time.Time { return time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC) }
	r.do("GET", "/charge-points/CP16/reservations", "").want(200, `"state":"expired"`)
	r.do("GET", "/charge-points/CP404/reservations", "").want(404)
}

// A charge point holds no reservation that it was never asked for.
func TestReservationsThatNobodyIsAskedFor(t *testing.T) {
	r := newRig(t)
	const body = `{"connector":1,"idToken":"TAG1","expiresAt":"2099-12-31T18:00:00Z","expiresInSeconds":60}`
	const list = "/charge-points/CP0/reservations"
	got := r.do("POST", list, body).want(202, `"state":"queued"`)
	r.do("GET", list, "").want(200, `"state":"requested"`)
	r.do("DELETE", got.header.Get("Location"), "").want(200)
	r.do("GET", list, "").want(200, `"state":"cancelled"`)

	got = r.do("POST", list, body).want(202, `"state":"queued"`)
	r.api.Now = func() time.Time { return time.Now().Add(61 * time.Second) }
	r.do("GET", list, "").want(200, `"state":"requested"`, `"state":"cancelled"`) // somebody may be sending it
	r.do("GET", got.header.Get("Location"), "").want(200, `"state":"expired"`)
	r.do("GET", list, "").want(200, `"state":"rejected"`, `"state":"cancelled"`)
}

// told keeps events.
type told struct {
	mu     sync.Mutex
	events []event.Event
}

func (t *told) Publish(_ context.Context, e event.Event) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.events = append(t.events, e)
	return nil
}

func TestCancelledCommandsAreTold(t *testing.T) {
	r := newRig(t)
	listener := &told{}
	r.api.Events = listener
	got := r.do("POST", "/charge-points/CP0/reset", `{"expiresInSeconds":60}`).want(202)
	r.do("DELETE", got.header.Get("Location"), "").want(200)
	r.api.Now = func() time.Time { return time.Now().Add(time.Second) }
	r.do("DELETE", got.header.Get("Location"), "").want(200)
	if len(listener.events) != 1 || listener.events[0].Name != event.CommandFinished || listener.events[0].ChargePointID != "CP0" {
		t.Errorf("told %+v", listener.events)
	}
}

// TestSeveralCallsOfOneOrder: in 1.6 each configuration key has a CALL of its own. A request that ended between two of
// them is completed by its repetition.
func TestSeveralCallsOfOneOrder(t *testing.T) {
	r := newRig(t)
	const body = `{"variables":[{"variable":"HeartbeatInterval","value":300},{"variable":"ResetRetries","value":3}]}`
	works, calls := r.api.Submit, 0
	r.api.Submit = func(ctx context.Context, c command.Command) error {
		if calls++; calls == 2 {
			return errors.New("the process dies here")
		}
		return works(ctx, c)
	}
	r.do("POST", "/charge-points/CP16/variables/set", body, "Idempotency-Key: k1").want(500)
	got := r.do("POST", "/charge-points/CP16/variables/set", body, "Idempotency-Key: k1").want(202)
	again := r.do("POST", "/charge-points/CP16/variables/set", body, "Idempotency-Key: k1").want(202)
	commands := got.body["commands"].([]any)
	if len(commands) != 2 || got.text != again.text || again.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("%s, then %s", got.text, again.text)
	}
	if list := r.do("GET", "/charge-points/CP16/commands", "").want(200).body["commands"].([]any); len(list) != 2 {
		t.Errorf("%d commands are stored, want 2", len(list))
	}
	r.posted()
}
