package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/schemas"
	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/journal"
	"github.com/serverless-ocpp/backend/shared/metric"
	"github.com/serverless-ocpp/backend/shared/ocpp/dialect"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/token"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// instantAWS answers every call at once. The record is written as JSON all the same, as the queue's adapter does.
type instantAWS struct {
	chargepoint.Boots
	chargepoint.Sessions
	tokens
	transactions
	answer    *string // the last one
	journaled *int
}

type (
	tokens       struct{ token.Store }
	transactions struct{ transaction.Store }
)

func (instantAWS) Boot(_ context.Context, id string, _ time.Time) (chargepoint.ChargePoint, error) {
	return chargepoint.ChargePoint{ID: id, Registration: chargepoint.Accepted}, nil
}

func (instantAWS) AddLoad(_ context.Context, _ string, part chargepoint.Load) (chargepoint.Load, error) {
	return part, nil
}
func (instantAWS) OpenForCommands(context.Context, string, string) error     { return nil }
func (instantAWS) After(context.Context, time.Duration, command.Timer) error { return nil }
func (transactions) Begin(context.Context, transaction.Transaction) error    { return nil }
func (tokens) Find(context.Context, string) (token.Token, error) {
	return token.Token{Status: token.Accepted}, nil
}

func (instantAWS) Keep(context.Context, transaction.Event, dynamo.Exchange) error { return nil }
func (instantAWS) In(context.Context, string, []byte) error                       { return nil }

func (aws instantAWS) Answer(_ context.Context, _ string, frame []byte) error {
	*aws.answer = string(frame)
	return nil
}

// open answers, and closes nothing.
type open struct {
	answering interface {
		Answer(ctx context.Context, connectionID string, frame []byte) error
	}
}

func (o open) Answer(ctx context.Context, connectionID string, frame []byte) error {
	return o.answering.Answer(ctx, connectionID, frame)
}

func (open) Close(context.Context, string) error { return nil }

func (aws instantAWS) Append(_ context.Context, _ string, record journal.Record) error {
	*aws.journaled++
	_, err := json.Marshal(record)
	return err
}

// BenchmarkMessage is the time between API Gateway's event and the answer's way out, without AWS: parsing, validation,
// decision, encoding, the journal's JSON, the metrics and the log line. The budget is 100 µs at the 99th percentile, and
// 100 allocations. The collector is set as in the function, by package settings. Percentiles want ten thousand runs at least:
// go test -bench Message -benchtime 10000x.
func BenchmarkMessage(b *testing.B) {
	previous := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(io.Discard, nil)))
	b.Cleanup(func() { slog.SetDefault(previous) })
	for _, version := range dialect.Versions {
		for _, s := range saidIn[version] {
			b.Run(string(version)+"/"+s.action, func(b *testing.B) { benchmark(b, version, s) })
		}
	}
}

// received is in a minute in which the readings of CP001 do not go the long way; see due.
var received = time.Date(2026, 3, 1, 11, 0, 0, 0, time.UTC)

func benchmark(b *testing.B, version ocppj.Version, s said) {
	aws := instantAWS{answer: new(string), journaled: new(int)}
	handler := &Handler{
		Boots: aws, Sessions: aws, Loads: aws, Tokens: aws.tokens, Transactions: aws.transactions, Journal: aws, Timers: aws, Answers: open{aws},
		Readings: aws, Mirror: aws, Now: time.Now, UnknownTokens: token.Unknown, HeartbeatInterval: 300 * time.Second,
		Metrics: metric.New("Stack", io.Discard, time.Now),
	}
	answered, frame := schemas.Answered(version, s.action), ocppj.Call
	if !answered {
		frame = ocppj.Send
	}
	sample := event(fmt.Sprintf(`[%d,%q,%q,%s]`, frame, messageID, s.action, s.payload))
	sample.RequestContext.Authorizer.Protocol = string(version)
	sample.RequestContext.ConnectedAt, sample.RequestContext.RequestTimeEpoch = received.UnixMilli(), received.UnixMilli()
	b.ReportAllocs()
	took := make([]time.Duration, 0, 1<<15)
	for b.Loop() {
		began := time.Now()
		if _, err := handler.Handle(b.Context(), sample); err != nil {
			b.Fatal(err)
		}
		if took = append(took, time.Since(began)); len(took) == cap(took) { // make room unseen
			b.StopTimer()
			took = slices.Grow(took, len(took))
			b.StartTimer()
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100]), "p99-ns/op")
	if answered && !strings.HasPrefix(*aws.answer, "[3,") || !answered && *aws.journaled == 0 {
		b.Errorf("answered %q, %d in the journal", *aws.answer, *aws.journaled)
	}
}
