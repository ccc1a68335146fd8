package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/event/eventtest"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/journal"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(dynamotest.Run(m))
}

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// rig is a handler on real tables; the shadow's documents, the mirror, the events and who finishes commands are the test's.
type rig struct {
	mu           sync.Mutex // charge points are handled beside each other
	t            *testing.T
	handler      *Handler
	chargePoints *dynamo.ChargePoints
	connectors   *dynamo.Connectors
	transactions *dynamo.Transactions
	readings     *dynamo.Readings
	reports      *dynamo.Reports
	variables    *dynamo.Variables
	commands     *dynamo.Commands
	reservations *dynamo.Reservations
	messages     *dynamo.Messages

	told      []event.Event
	toldErr   error
	mirrored  []string
	mirrorErr error
	strict    bool // what the records say

	connectedAt time.Time // likewise
	finished    []command.Outcome
	posted      []string // connection and frame
	submitted   []command.Command
	patches     []json.RawMessage
	shadowErr   error // of a write

	shadowGetErr error
	submitErr    error

	names   map[string]string // of the tables
	trouble dynamotest.Trouble
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, names: make(map[string]string)}
	client := r.trouble.Client()
	table := func(name string) string { r.names[name] = dynamotest.Table(t, name); return r.names[name] }
	r.chargePoints = dynamo.NewChargePoints(client, table("ChargePointTable"))
	r.connectors = dynamo.NewConnectors(client, table("ConnectorTable"))
	r.transactions = dynamo.NewTransactions(client, table("TransactionTable"))
	r.readings = dynamo.NewReadings(client, table("MeterValueTable"))
	r.reports = dynamo.NewReports(client, table("ReportTable"))
	r.variables = dynamo.NewVariables(client, table("VariableTable"))
	r.commands = dynamo.NewCommands(client, table("CommandTable"))
	r.reservations = dynamo.NewReservations(client, table("ReservationTable"))
	log := table("MessageTable")
	r.messages = dynamo.NewMessages(client, log)
	r.handler = &Handler{
		Now:    time.Now,
		Mirror: r, Commands: r, Answers: r, Shadow: &Shadow{Documents: r}, Events: r,
		Asked: r.commands, Log: dynamo.NewMessageLog(client, log, 7),
		Effects: &Effects{
			Boots: r.chargePoints, Keys: r.chargePoints, Profiles: r.chargePoints, Lists: r.chargePoints,
			Connectors: r.connectors, Transactions: r.transactions, Readings: r.readings, RemoteStarts: r.commands, Reservations: r.reservations,
			Reports: r.reports, Variables: r.variables,
		},
	}
	r.must(r.chargePoints.Mirror(t.Context(), chargepoint.Thing{Name: "CP001", ID: "thing", Version: 1, At: now}, chargepoint.Accepted))
	return r
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) In(_ context.Context, id string, frame []byte) error {
	if err := r.trouble.Call(); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.mirrored = append(r.mirrored, id+"/in "+string(frame))
	return r.mirrorErr
}

func (r *rig) Out(_ context.Context, id string, frame []byte) error {
	if err := r.trouble.Call(); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.mirrored = append(r.mirrored, id+"/out "+string(frame))
	return r.mirrorErr
}

// Publish takes events that are as integrators are promised.
func (r *rig) Publish(_ context.Context, e event.Event) error {
	if err := r.trouble.Call(); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	eventtest.Check(r.t, e)
	r.told = append(r.told, e)
	return r.toldErr
}

func (r *rig) Data(_ context.Context, id, vendorID string, payload []byte) error {
	if err := r.trouble.Call(); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if vendorID == "a/b" {
		return fault.New(fault.Invalid, "no level of a topic")
	}
	r.mirrored = append(r.mirrored, id+"/data/"+vendorID+" "+string(payload))
	return r.mirrorErr
}

func (r *rig) Finish(ctx context.Context, _, commandID string, outcome command.Outcome) error {
	if err := r.trouble.Call(); err != nil {
		return err
	}
	switch commandID {
	case "broken":
		return errors.New("DynamoDB is down")
	case "late":
		time.Sleep(time.Second)
	case "panic":
		panic("nobody foresaw this")
	case "slow":
		<-ctx.Done()
		return ctx.Err()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.finished = append(r.finished, outcome)
	return nil
}

func (r *rig) Submit(_ context.Context, c command.Command) error {
	if err := r.trouble.Call(); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.submitted = append(r.submitted, c)
	return r.submitErr
}

func (r *rig) Answer(_ context.Context, connectionID string, frame []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.posted = append(r.posted, connectionID+" "+string(frame))
	return nil
}

// ask stores a command as the charge point was sent it.
func (r *rig) ask(id, protocol, action string) {
	r.t.Helper()
	r.order(command.Command{ID: id, Action: action, Protocol: protocol, Payload: []byte("{}")})
}

// order stores a command of CP001 and sends it.
func (r *rig) order(c command.Command) {
	r.t.Helper()
	c.ChargePointID, c.State, c.CreatedAt, c.ExpiresAt, c.Timeout = "CP001", command.Queued, now, now.Add(time.Minute), time.Second
	r.must(r.commands.Create(r.t.Context(), c))
	_, err := r.commands.Send(r.t.Context(), "CP001", c.ID, now, now.Add(time.Second))
	r.must(err)
}

func (r *rig) Get(context.Context, string) (json.RawMessage, int64, error) {
	return nil, 0, errors.Join(r.trouble.Call(), r.shadowGetErr)
}

func (r *rig) Update(_ context.Context, _ string, patch json.RawMessage, _ int64) error {
	if err := r.trouble.Call(); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.patches = append(r.patches, patch)
	return r.shadowErr
}

// sqsMessage is the sample event's record with another body.
func (r *rig) sqsMessage(id, group, body string) events.SQSMessage {
	r.t.Helper()
	sample, err := os.ReadFile(filepath.Join("..", "..", "events", "sqs-incoming.json"))
	r.must(err)
	var batch events.SQSEvent
	r.must(json.Unmarshal(sample, &batch))
	message := batch.Records[0]
	message.MessageId, message.Attributes["MessageGroupId"] = id, group
	if body != "" {
		message.Body = body
	}
	return message
}

// record is the body of a queue message.
func record(chargePointID, protocol, message, answer string) string {
	body, err := json.Marshal(journal.Record{
		ChargePointID: chargePointID, Message: json.RawMessage(message), Answer: json.RawMessage(answer),
		Protocol: protocol, ConnectionID: "connection=", ReceivedAt: now,
	})
	if err != nil {
		panic(err) // a test's own frames are JSON
	}
	return string(body)
}

// process handles records of CP001, and fails when one is returned to the queue.
func (r *rig) process(protocol, message, answer string) {
	r.t.Helper()
	body := record("CP001", protocol, message, answer)
	if !r.connectedAt.IsZero() {
		body = strings.Replace(body, "{", `{"connectedAt":"`+r.connectedAt.Format(time.RFC3339Nano)+`",`, 1)
	}
	if r.strict {
		body = strings.Replace(body, "{", `{"strict":true,`, 1)
	}
	response, err := r.handler.Handle(r.t.Context(), events.SQSEvent{Records: []events.SQSMessage{r.sqsMessage("m", "CP001", body)}})
	r.must(err)
	if len(response.BatchItemFailures) > 0 {
		r.t.Fatalf("%s went back to the queue", message)
	}
}

var errTooLarge = fault.New(fault.Invalid, "the shadow is too large")
