package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/journal"
	"github.com/serverless-ocpp/backend/shared/token"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(dynamotest.Run(m))
}

const cp001 = "CP001"

// rig is a handler on real tables; the journal, the connection and the timers are the test's.
type rig struct {
	t            *testing.T
	handler      *Handler
	chargePoints *dynamo.ChargePoints
	tokens       *dynamo.Tokens

	connection string // the charge point's
	accepted   bool   // what the authorizer passes on
	protocol   string // likewise
	validation string // likewise
	clock      time.Time
	steps      []string // "journal" and "post" in the order of their happening
	records    []journal.Record
	posts      []string
	closed     []string // connections
	timers     []command.Timer
	journalErr error
}

// newRig has a charge point that was accepted and connected.
func newRig(t *testing.T) *rig {
	t.Helper()
	client := dynamotest.Client()
	r := &rig{
		t: t, connection: "connection=", accepted: true, protocol: "ocpp1.6", clock: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
		chargePoints: dynamo.NewChargePoints(client, dynamotest.Table(t, "ChargePointTable")),
		tokens:       dynamo.NewTokens(client, dynamotest.Table(t, "TokenTable")),
	}
	r.handler = &Handler{
		Registry: r.chargePoints, Boots: r.chargePoints, Sessions: r.chargePoints, Loads: r.chargePoints, Tokens: r.tokens,
		Transactions: dynamo.NewTransactions(client, dynamotest.Table(t, "TransactionTable")),
		Commands:     dynamo.NewCommands(client, dynamotest.Table(t, "CommandTable")),
		Journal:      r, Answers: r, Timers: r, Now: func() time.Time { return r.clock },
		UnknownTokens: token.Unknown, HeartbeatInterval: 300 * time.Second,
	}
	r.must(r.chargePoints.Mirror(t.Context(), chargepoint.Thing{Name: cp001, ID: "thing", Version: 1, At: r.clock}, chargepoint.Accepted))
	_, err := r.chargePoints.Open(t.Context(), cp001, chargepoint.Session{ConnectionID: "connection=", Protocol: r.protocol, ConnectedAt: r.clock})
	r.must(err)
	return r
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) Append(_ context.Context, _ string, record journal.Record) error {
	if r.journalErr != nil {
		return r.journalErr
	}
	r.steps = append(r.steps, "journal")
	r.records = append(r.records, record)
	return nil
}

func (r *rig) Answer(_ context.Context, connectionID string, frame []byte) error {
	if connectionID != r.connection {
		return errors.New("posted to " + connectionID)
	}
	r.steps = append(r.steps, "post")
	r.posts = append(r.posts, string(frame))
	return nil
}

func (r *rig) Close(_ context.Context, connectionID string) error {
	r.steps = append(r.steps, "close")
	r.closed = append(r.closed, connectionID)
	return nil
}

func (r *rig) After(_ context.Context, _ time.Duration, timer command.Timer) error {
	r.timers = append(r.timers, timer)
	return nil
}

// receive hands a frame to the handler and returns the answer, "" if there is none.
func (r *rig) receive(frame string) string {
	r.t.Helper()
	before := len(r.posts)
	message := event(frame)
	message.RequestContext.ConnectedAt, message.RequestContext.RequestTimeEpoch = r.clock.UnixMilli(), r.clock.UnixMilli()
	message.RequestContext.Authorizer = Finding{ChargePointID: cp001, Protocol: r.protocol, Accepted: strconv.FormatBool(r.accepted), Validation: r.validation}
	response, err := r.handler.Handle(r.t.Context(), message)
	if err != nil || response.StatusCode != 200 {
		r.t.Fatalf("the handler failed, which API Gateway would show to the charge point: %v %v", response, err)
	}
	if len(r.posts) == before {
		return ""
	}
	return r.posts[len(r.posts)-1]
}

// event is a message of CP001, which speaks 1.6 and is accepted.
func event(frame string) Event {
	return Event{Body: frame, RequestContext: RequestContext{
		ConnectionID: "connection=", MessageID: "gateway-message", ConnectedAt: time.Now().UnixMilli(), RequestTimeEpoch: time.Now().UnixMilli(),
		Authorizer: Finding{ChargePointID: cp001, Protocol: "ocpp1.6", Accepted: "true"},
	}}
}
