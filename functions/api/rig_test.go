package main

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/operation"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(dynamotest.Run(m))
}

// rig is the API on real tables. Things, connections and the charge points behind them are the test's:
// CP16 speaks 1.6, CP201 2.0.1 and CP21 2.1, all connected; CP0 spoke 1.6 and is offline; CPNEW never
// connected; CPPENDING is connected and Pending.
type rig struct {
	*testing.T
	api          *API
	chargePoints *dynamo.ChargePoints
	dispatcher   *command.Dispatcher
	tokens       *dynamo.Tokens

	mu     sync.Mutex
	things map[string]chargepoint.Thing
	posts  []json.RawMessage
	closed []string
	// onPost is what a charge point does with a frame; nil: it never answers.
	onPost func(commandID string) error
	// answering are the answers that are being dealt with.
	answering sync.WaitGroup
}

func newRig(t *testing.T) *rig {
	t.Helper()
	client := dynamotest.Client()
	r := &rig{T: t, things: map[string]chargepoint.Thing{}}
	r.chargePoints = dynamo.NewChargePoints(client, dynamotest.Table(t, "ChargePointTable"))
	r.tokens = dynamo.NewTokens(client, dynamotest.Table(t, "TokenTable"))
	commands := dynamo.NewCommands(client, dynamotest.Table(t, "CommandTable"))
	reservations := dynamo.NewReservations(client, dynamotest.Table(t, "ReservationTable"))
	refusals := dynamo.NewMessages(client, dynamotest.Table(t, "MessageTable"))
	r.dispatcher = &command.Dispatcher{
		Registry: r.chargePoints, Sessions: r.chargePoints, Turns: r.chargePoints, Keys: r.chargePoints, Commands: commands,
		Timers: r, Connections: r, Mirror: r, Now: time.Now,
	}
	r.api = &API{
		ChargePoints: r.chargePoints, Things: r, Connections: r,
		Connectors:   dynamo.NewConnectors(client, dynamotest.Table(t, "ConnectorTable")),
		Transactions: dynamo.NewTransactions(client, dynamotest.Table(t, "TransactionTable")),
		Readings:     dynamo.NewReadings(client, dynamotest.Table(t, "MeterValueTable")),
		Variables:    dynamo.NewVariables(client, dynamotest.Table(t, "VariableTable")),
		Reports:      dynamo.NewReports(client, dynamotest.Table(t, "ReportTable")),
		Reservations: reservations,
		Commands:     commands,
		Tokens:       r.tokens,
		Idempotency:  dynamo.NewIdempotency(client, dynamotest.Table(t, "IdempotencyTable")),
		Desk:         operation.Desk{Tokens: r.tokens, Keys: r.chargePoints, Lists: r.chargePoints, Reservations: reservations, Now: time.Now},
		Messages:     refusals,
		Incidents:    Incidents{Commands: commands, Connections: refusals, DeadLetters: letters{}},
		Traffic:      &Traffic{Metrics: &minutes{}},
		Submit:       r.dispatcher.Submit, Registration: chargepoint.Accepted, Now: time.Now,
	}
	for id, protocol := range map[string]string{"CP16": "ocpp1.6", "CP201": "ocpp2.0.1", "CP21": "ocpp2.1", "CP0": "ocpp1.6", "CPNEW": "", "CPPENDING": "ocpp1.6"} {
		registration := chargepoint.Accepted
		if id == "CPPENDING" {
			registration = chargepoint.Pending
		}
		thing, err := r.Create(t.Context(), id, nil)
		r.must(err)
		r.must(r.chargePoints.Mirror(t.Context(), thing, registration))
		if protocol == "" {
			continue
		}
		r.must(r.chargePoints.SetCredential(t.Context(), id, chargepoint.Hash(chargepoint.NewKey())))
		_, err = r.chargePoints.Open(t.Context(), id, chargepoint.Session{ConnectionID: "c-" + id, Protocol: protocol, ConnectedAt: time.Now(), Open: true})
		r.must(err)
	}
	_, err := r.chargePoints.Close(t.Context(), "CP0", "c-CP0", 1001, "Going away", time.Now())
	r.must(err)
	t.Cleanup(r.answering.Wait)
	return r
}

func (r *rig) must(err error) {
	if err != nil {
		r.Helper()
		r.Fatal(err)
	}
}

// Create, Describe and Delete are IoT Core's registry.
func (r *rig) Create(_ context.Context, name string, _ map[string]string) (chargepoint.Thing, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, exists := r.things[name]; !exists {
		r.things[name] = chargepoint.Thing{Name: name, ID: "thing-" + name, Version: 1, At: time.Now()}
	}
	return r.things[name], nil
}

func (r *rig) Describe(_ context.Context, name string) (chargepoint.Thing, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if thing, exists := r.things[name]; exists {
		return thing, nil
	}
	return chargepoint.Thing{}, fault.New(fault.NotFound, "there is no IoT Thing %s", name)
}

func (r *rig) Delete(_ context.Context, name string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.things, name)
	return nil
}

// Close and Post are API Gateway's connections.
func (r *rig) Close(_ context.Context, connectionID string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = append(r.closed, connectionID)
	return nil
}

func (r *rig) Post(_ context.Context, _ string, frame []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var call []json.RawMessage
	if err := json.Unmarshal(frame, &call); err != nil {
		return err
	}
	var id string
	if err := json.Unmarshal(call[1], &id); err != nil {
		return err
	}
	r.posts = append(r.posts, frame)
	if r.onPost != nil {
		return r.onPost(id)
	}
	return nil
}

// answers makes a charge point answer every CALL with a status, after a moment.
func (r *rig) answers(chargePointID, status string) {
	event := command.EventAccept
	if status != "Accepted" {
		event = command.EventReject
	}
	r.onPost = func(id string) error {
		r.finishSoon(chargePointID, id, event, `{"status":"`+status+`"}`)
		return nil
	}
}

// finishSoon answers after a moment, as a charge point does. The test ends no sooner than the answer is dealt with: what the
// caller waits for is stored before the events of it are published.
func (r *rig) finishSoon(chargePointID, id string, event command.Event, result string) {
	r.answering.Go(func() { r.finish(chargePointID, id, event, result) })
}

// finish is what an answer of a charge point does.
func (r *rig) finish(chargePointID, id string, event command.Event, result string) {
	outcome := command.Outcome{Event: event, At: time.Now(), Result: json.RawMessage(result)}
	if err := r.dispatcher.Finish(context.Background(), chargePointID, id, outcome); err != nil {
		r.Error(err)
	}
}

func (r *rig) After(context.Context, time.Duration, command.Timer) error { return nil }
func (r *rig) Out(context.Context, string, []byte) error                 { return nil }

// response is an answer, decoded.
type response struct {
	*rig
	status int
	header http.Header
	body   map[string]any
	text   string
}

// do sends a request. A header is written "Name: value".
func (r *rig) do(method, path, body string, headers ...string) response {
	r.Helper()
	request := httptest.NewRequestWithContext(r.Context(), method, path, strings.NewReader(body))
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		request.Header.Set(name, value)
	}
	recorder := httptest.NewRecorder()
	r.api.Handler().ServeHTTP(recorder, request)
	result := recorder.Result()
	text, err := io.ReadAll(result.Body)
	r.must(err)
	got := response{rig: r, status: result.StatusCode, header: result.Header, text: string(text)}
	if len(text) > 0 {
		r.must(json.Unmarshal(text, &got.body))
	}
	conform(r.T, request.Pattern, body, got)
	return got
}

// want checks the status and, if it is an error, that it is a whole problem document that says something.
func (got response) want(status int, says ...string) response {
	got.Helper()
	if got.status != status {
		got.Fatalf("status %d, want %d: %s", got.status, status, got.text)
	}
	if status >= 400 {
		if got.header.Get("Content-Type") != "application/problem+json" || got.body["status"] != float64(status) || got.body["title"] != http.StatusText(status) ||
			got.body["detail"] == "" || got.body["error"] != got.body["detail"] {
			got.Errorf("no problem document: %s %s", got.header.Get("Content-Type"), got.text)
		}
	}
	for _, words := range says {
		if !strings.Contains(got.text, words) {
			got.Errorf("want %q in %s", words, got.text)
		}
	}
	return got
}

// posted returns the action and the payload of the only frame that was sent.
func (r *rig) posted() (action string, payload map[string]any) {
	r.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.posts) != 1 {
		r.Fatalf("%d frames were sent, want 1: %s", len(r.posts), slices.Collect(slices.Values(r.posts)))
	}
	var call []json.RawMessage
	r.must(json.Unmarshal(r.posts[0], &call))
	r.must(json.Unmarshal(call[2], &action))
	r.must(json.Unmarshal(call[3], &payload))
	return action, payload
}
