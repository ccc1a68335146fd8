package main

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

func TestCreateChargePoint(t *testing.T) {
	r := newRig(t)
	got := r.do("POST", "/charge-points", `{"chargePointId":"CP:1","key":true}`).want(201, `"registration":"Accepted"`)
	key := got.body["key"].(string)
	cp, err := r.chargePoints.Get(t.Context(), "CP:1")
	if err != nil || len(key) != 40 || !chargepoint.Matches(cp.Credential, key) || cp.ThingID != "thing-CP:1" {
		t.Errorf("key %q, row %+v, %v", key, cp, err)
	}
	if got.header.Get("Location") != "/charge-points/CP:1" || got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%v", got.header)
	}
	again := r.do("GET", got.header.Get("Location"), "").want(200, `"hasKey":true`)
	if strings.Contains(again.text, key) || strings.Contains(again.text, cp.Credential) {
		t.Errorf("the key is shown again: %s", again.text)
	}

	if without := r.do("POST", "/charge-points", `{"chargePointId":"CP2"}`).want(201, `"hasKey":false`); without.body["key"] != nil {
		t.Errorf("nobody asked for a key: %s", without.text)
	}
	r.do("POST", "/charge-points", `{"chargePointId":"CP2"}`).want(409, "CP2 exists already")
	r.do("POST", "/charge-points", `{"chargePointId":"a b"}`).want(422, "cannot name a charge point")
	r.do("POST", "/charge-points", `{"chargePointId":"`+strings.Repeat("x", 49)+`"}`).want(422)
	r.do("POST", "/charge-points", `{"key":true}`).want(400, "'chargePointId'")
	r.do("POST", "/charge-points", `{"chargePointId":"CP3","kee":true}`).want(400, "kee")
}

func TestListChargePoints(t *testing.T) {
	ids := func(got response) (ids []string) {
		for _, cp := range got.body["chargePoints"].([]any) {
			ids = append(ids, cp.(map[string]any)["chargePointId"].(string))
		}
		slices.Sort(ids)
		return ids
	}
	r := newRig(t)
	for _, test := range []struct {
		query string
		want  []string
	}{
		{"", []string{"CP0", "CP16", "CP201", "CP21", "CPNEW", "CPPENDING"}},
		{"?connected=true", []string{"CP16", "CP201", "CP21", "CPPENDING"}},
		{"?connected=false", []string{"CP0", "CPNEW"}},
	} {
		if got := ids(r.do("GET", "/charge-points"+test.query, "").want(200)); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.query, got, test.want)
		}
	}
	var paged []string
	for cursor := ""; ; {
		page := r.do("GET", "/charge-points?limit=2&cursor="+cursor, "").want(200)
		paged = append(paged, ids(page)...)
		next, more := page.body["nextCursor"].(string)
		if !more {
			break
		}
		cursor = next
	}
	if slices.Sort(paged); len(paged) != 6 {
		t.Errorf("pages hold %q", paged)
	}
	r.do("GET", "/charge-points?limit=0", "").want(422, "'limit'")
	r.do("GET", "/charge-points?limit=many", "").want(422, "'limit'")
	r.do("GET", "/charge-points?cursor=nonsense", "").want(422, "cursor")
	r.do("GET", "/charge-points?connected=perhaps", "").want(422, "'connected'")
}

func TestDeleteChargePoint(t *testing.T) {
	r := newRig(t)
	r.do("DELETE", "/charge-points/CP16", "").want(204)
	if _, err := r.chargePoints.Get(t.Context(), "CP16"); !fault.Is(err, fault.NotFound) {
		t.Errorf("the row is still there: %v", err)
	}
	if _, exists := r.things["CP16"]; exists || !slices.Equal(r.closed, []string{"c-CP16"}) {
		t.Errorf("Thing there: %t, closed %q", exists, r.closed)
	}
	r.do("DELETE", "/charge-points/CP16", "").want(404, "CP16")

	_, err := r.Create(t.Context(), "CPLATE", nil) // its event has not come yet
	r.must(err)
	r.do("DELETE", "/charge-points/CPLATE", "").want(204)
	if _, exists := r.things["CPLATE"]; exists {
		t.Error("the Thing is still there")
	}
}

func TestRegistration(t *testing.T) {
	r := newRig(t)
	r.do("PUT", "/charge-points/CPPENDING/registration", `{"registration":"Accepted"}`).want(200, `"registration":"Accepted"`)
	if len(r.closed) != 0 {
		t.Errorf("an accepted charge point loses its connection: %q", r.closed)
	}
	r.do("PUT", "/charge-points/CP16/registration", `{"registration":"Pending"}`).want(200, `"registration":"Pending"`)
	r.do("PUT", "/charge-points/CP0/registration", `{"registration":"Rejected"}`).want(200)
	if !slices.Equal(r.closed, []string{"c-CP16"}) {
		t.Errorf("closed %q", r.closed)
	}
	r.do("GET", "/charge-points/CP0", "").want(200, `"registration":"Rejected"`, `"connected":false`, `"disconnectReason":"Going away"`)
	r.do("PUT", "/charge-points/CP16/registration", `{"registration":"Maybe"}`).want(422, "Maybe")
	r.do("PUT", "/charge-points/CP16/registration", `{}`).want(400, "'registration'")
	r.do("PUT", "/charge-points/CP404/registration", `{"registration":"Pending"}`).want(404)
}

func TestNewKey(t *testing.T) {
	r := newRig(t)
	first := r.do("POST", "/charge-points/CP16/key", "").want(201).body["key"].(string)
	second := r.do("POST", "/charge-points/CP16/key", "").want(201).body["key"].(string)
	cp, err := r.chargePoints.Get(t.Context(), "CP16")
	if err != nil || chargepoint.Matches(cp.Credential, first) || !chargepoint.Matches(cp.Credential, second) {
		t.Errorf("the old key still works, or the new one does not: %v", err)
	}
	if len(r.closed) != 2 {
		t.Errorf("the connection that the old key opened lives on: closed %q", r.closed)
	}
	r.do("POST", "/charge-points/CP404/key", "").want(404)
}

func TestConnectors(t *testing.T) {
	r := newRig(t)
	table := r.api.Connectors.(chargepoint.Connectors)
	r.must(table.Put(t.Context(), chargepoint.Connector{ChargePointID: "CP16", Connector: "1", Status: "Charging", At: time.Now(), ReceivedAt: time.Now()}))
	r.do("GET", "/charge-points/CP16/connectors", "").want(200, `"connector":"1"`, `"status":"Charging"`)
	older := chargepoint.Connector{ChargePointID: "CP0", Connector: "1", Status: "Faulted", ReceivedAt: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)}
	r.must(table.Put(t.Context(), older)) // of a charge point that had the name before
	r.do("GET", "/charge-points/CP0/connectors", "").want(200, `{"connectors":[]}`)
	r.do("GET", "/charge-points/CP404/connectors", "").want(404)
}

func TestTransactions(t *testing.T) {
	r := newRig(t)
	began := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	meterStart := 100.0
	readings := []transaction.Reading{
		{At: began.Add(time.Minute), Values: []transaction.SampledValue{{Value: "1100"}}},
		{At: began.Add(2 * time.Minute), Values: []transaction.SampledValue{{Value: "2100"}}},
	}
	begun := transaction.Transaction{ChargePointID: "CP16", Protocol: "ocpp1.6"}.
		Apply(transaction.Event{Kind: transaction.EventStarted, TransactionID: "7", At: began, Connector: "1", IDToken: "TAG1", MeterStart: &meterStart, Readings: readings})
	r.must(r.api.Transactions.(transaction.Store).Put(t.Context(), begun))
	r.must(r.api.Readings.(transaction.Readings).Add(t.Context(), "CP16", "7", "1", readings))

	r.do("GET", "/charge-points/CP16/transactions", "").want(200, `"transactionId":"7"`, `"energyWh":2000`, `"state":"Active"`, `"startedAt":"2026-03-01T08:00:00Z"`)
	first := r.do("GET", "/charge-points/CP16/transactions/7?limit=1", "").want(200, `"meterStartWh":100`, `"value":"1100"`)
	r.do("GET", "/charge-points/CP16/transactions/7?limit=1&cursor="+first.body["nextCursor"].(string), "").want(200, `"value":"2100"`)
	r.do("GET", "/charge-points/CP16/transactions/8", "").want(404, `\"8\"`)

	slashed := "a/b?c=../d#%2F" // as no path can name it
	begun = transaction.Transaction{ChargePointID: "CP16", Protocol: "ocpp2.1"}.Apply(transaction.Event{Kind: transaction.EventStarted, TransactionID: slashed, At: began, Readings: readings})
	r.must(r.api.Transactions.(transaction.Store).Put(t.Context(), begun))
	r.must(r.api.Readings.(transaction.Readings).Add(t.Context(), "CP16", slashed, "1", readings))
	one := "/charge-points/CP16/transactions?limit=1&transactionId=" + url.QueryEscape(slashed)
	first = r.do("GET", one, "").want(200, `"transactionId":"`+slashed+`"`, `"value":"1100"`)
	r.do("GET", one+"&cursor="+first.body["nextCursor"].(string), "").want(200, `"value":"2100"`)
	r.do("GET", "/charge-points/CP16/transactions?transactionId=8", "").want(404, `\"8\"`)
	r.do("GET", "/charge-points/CP404/transactions?transactionId=8", "").want(404, `\"8\"`)
	r.do("GET", "/charge-points/CP16/transactions?transactionId=", "").want(200, `"transactions":[`)
	r.do("GET", "/charge-points/CP404/transactions", "").want(404)
}

// What came with readings alone is in the lists, too, while a transaction runs, and even if nothing else was heard of it.
func TestTransactionsAreUpToDate(t *testing.T) {
	r := newRig(t)
	began := time.Now().UTC().Truncate(time.Second)
	store, samples := r.api.Transactions.(transaction.Store), dynamo.Samples{Readings: r.api.Readings.(*dynamo.Readings)}
	meterStart := 100.0
	r.must(store.Put(t.Context(), transaction.Transaction{ChargePointID: "CP16", Protocol: "ocpp1.6"}.
		Apply(transaction.Event{Kind: transaction.EventStarted, TransactionID: "7", At: began, Connector: "1", MeterStart: &meterStart})))
	for _, id := range []string{"7", "9"} {
		read := transaction.Reading{At: began.Add(time.Minute), Values: []transaction.SampledValue{{Value: "1100"}}}
		r.must(samples.Keep(t.Context(), transaction.Event{Kind: transaction.EventUpdated, Periodic: true, TransactionID: id, At: read.At, Connector: "1", Readings: []transaction.Reading{read}}, dynamo.Exchange{ChargePointID: "CP16"}))
	}
	for _, path := range []string{"/charge-points/CP16/transactions", "/charge-points/CP16/transactions/7", "/transactions"} {
		r.do("GET", path, "").want(200, `"energyWh":1000`, `"durationSeconds":60`)
	}
	r.do("GET", "/charge-points/CP16/transactions/9", "").want(200, `"value":"1100"`, `"startMissing"`)
}

// What came with readings alone behind the end is in the lists, too, where the sequence numbers do not tell that something lacks. Specification:
// OCPP 2.0.1 part 2 section E 1.3.2.
func TestEndedTransactionsAreUpToDate(t *testing.T) {
	r := newRig(t)
	began := time.Now().UTC().Truncate(time.Second)
	store, samples := r.api.Transactions.(transaction.Store), dynamo.Samples{Readings: r.api.Readings.(*dynamo.Readings)}
	event := func(kind transaction.EventKind, id string, minute, seqNo int, values ...string) transaction.Event {
		e := transaction.Event{Kind: kind, TransactionID: id, At: began.Add(time.Duration(minute) * time.Minute), SeqNo: &seqNo, Periodic: kind == transaction.EventUpdated}
		for _, value := range values {
			e.Readings = append(e.Readings, transaction.Reading{At: e.At, Values: []transaction.SampledValue{{Value: value}}})
		}
		return e
	}
	started, ended, updated := transaction.EventStarted, transaction.EventEnded, transaction.EventUpdated
	for id, events := range map[string][]transaction.Event{
		"behind":    {event(started, "behind", 0, 0, "100"), event(ended, "behind", 9, 1), event(updated, "behind", 8, 2, "700")},
		"zeros":     {event(started, "zeros", 0, 0, "100"), event(ended, "zeros", 9, 0), event(updated, "zeros", 8, 0, "700")},
		"startless": {event(ended, "startless", 9, 2), event(updated, "startless", 8, 1, "700"), event(updated, "startless", 1, 0, "100")},
	} {
		record := transaction.Transaction{ChargePointID: "CP201", Protocol: "ocpp2.0.1"}
		for _, e := range events {
			if e.Kind == updated {
				r.must(samples.Keep(t.Context(), e, dynamo.Exchange{ChargePointID: "CP201"}))
			} else {
				record = record.Apply(e)
			}
		}
		r.must(store.Put(t.Context(), record))
		r.do("GET", "/charge-points/CP201/transactions/"+id, "").want(200, `"energyWh":600`)
	}
	list := r.do("GET", "/charge-points/CP201/transactions", "").want(200)
	if told := strings.Count(list.text, `"energyWh":600`); told != 3 {
		t.Errorf("%d of 3 have the energy: %s", told, list.text)
	}
}

func TestMessages(t *testing.T) {
	r := newRig(t)
	type refusals interface {
		PutRefused(ctx context.Context, chargePointID string, at time.Time, connectionID string, status int, reason, sourceIP string) error
	}
	r.must(r.api.Messages.(refusals).PutRefused(t.Context(), "CP404", time.Now(), "c=", 404, "Charge Point CP404 not registered as an IoT Thing", "203.0.113.7"))
	r.do("GET", "/charge-points/CP404/messages", "").want(200, "Charge Point CP404 not registered as an IoT Thing", `"status":404`)
	r.do("GET", "/charge-points/CP16/messages", "").want(200, `{"messages":[]}`)
}

func TestValidation(t *testing.T) {
	r := newRig(t)
	r.do("PUT", "/charge-points/CP16/validation", `{"validation":"strict"}`).want(200, `"validation":"strict"`)
	r.do("GET", "/charge-points/CP16", "").want(200, `"validation":"strict"`)
	r.do("PUT", "/charge-points/CP16/validation", `{"validation":""}`).want(200)
	r.do("PUT", "/charge-points/CP16/validation", `{"validation":"lax"}`).want(422, "lax")
	r.do("PUT", "/charge-points/CP16/validation", `{}`).want(400, "'validation'")
	r.do("PUT", "/charge-points/CP404/validation", `{"validation":"strict"}`).want(404)
}

func TestSecurityProfile(t *testing.T) {
	r := newRig(t)
	r.do("PUT", "/charge-points/CP16/security-profile", `{"securityProfile":2}`).want(200, `"securityProfile":2`)
	r.do("GET", "/charge-points/CP16", "").want(200, `"securityProfile":2`)
	if left := r.do("PUT", "/charge-points/CP16/security-profile", `{"securityProfile":0}`).want(200); left.body["securityProfile"] != nil {
		t.Errorf("it is not left to the stack: %s", left.text)
	}
	if cp, err := r.chargePoints.Get(t.Context(), "CP16"); err != nil || cp.SecurityProfile != 0 || len(r.closed) != 0 {
		t.Errorf("stored %d, %v; closed %q", cp.SecurityProfile, err, r.closed)
	}
	r.do("PUT", "/charge-points/CP16/security-profile", `{"securityProfile":4}`).want(422, "'securityProfile'")
	r.do("PUT", "/charge-points/CP16/security-profile", `{"securityProfile":-1}`).want(422, "'securityProfile'")
	r.do("PUT", "/charge-points/CP16/security-profile", `{}`).want(400, "'securityProfile'")
	r.do("PUT", "/charge-points/CP16/security-profile", `{"profile":1}`).want(400, "profile")
	r.do("PUT", "/charge-points/CP404/security-profile", `{"securityProfile":1}`).want(404)

	r.do("POST", "/charge-points", `{"chargePointId":"CP3","key":true,"securityProfile":3}`).want(201, `"securityProfile":3`)
	r.do("GET", "/charge-points/CP3", "").want(200, `"securityProfile":3`)
	r.do("POST", "/charge-points", `{"chargePointId":"CP4","securityProfile":4}`).want(422, "'securityProfile'")
}

// A rotation that waits to be sent would, behind a key made by hand, lock the charge point out.
func TestNewKeyCancelsRotations(t *testing.T) {
	r := newRig(t)
	events := &told{}
	r.api.Events = events
	sent := r.do("POST", "/charge-points/CP16/key-rotation", "").want(202, `"state":"sent"`).body["commandId"].(string)
	waits := r.do("POST", "/charge-points/CP16/key-rotation", "").want(202, `"state":"queued"`).body["commandId"].(string)
	other := r.do("POST", "/charge-points/CP16/clear-cache", "").want(202, `"state":"queued"`).body["commandId"].(string)

	made := r.do("POST", "/charge-points/CP16/key", "").want(201).body["key"].(string)
	for id, state := range map[string]string{sent: "sent", waits: "cancelled", other: "queued"} {
		r.do("GET", "/charge-points/CP16/commands/"+id, "").want(200, `"state":"`+state+`"`)
	}
	r.do("GET", "/charge-points/CP16/commands/"+waits, "").want(200, "the key was replaced by hand")
	if len(events.events) != 1 || events.events[0].ID != waits {
		t.Errorf("integrators were told %+v", events.events)
	}
	cp, err := r.chargePoints.Get(t.Context(), "CP16")
	if err != nil || len(cp.PendingKeys) != 0 || !chargepoint.Matches(cp.Credential, made) {
		t.Errorf("the key made by hand is not the only one: %+v, %v", cp, err)
	}
}
