package main

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/journal"
	"github.com/serverless-ocpp/backend/shared/token"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// instantAWS answers every call at once. The record is written as JSON all the same, as the queue's adapter does.
type instantAWS struct {
	chargepoint.Boots
	chargepoint.Sessions
	tokens
	transactions
	answer *string // the last one
}

type (
	tokens       struct{ token.Store }
	transactions struct{ transaction.Store }
)

func (instantAWS) Boot(_ context.Context, id string, _ time.Time) (chargepoint.ChargePoint, error) {
	return chargepoint.ChargePoint{ID: id, Registration: chargepoint.Accepted}, nil
}

func (instantAWS) OpenForCommands(context.Context, string, string) error     { return nil }
func (instantAWS) After(context.Context, time.Duration, command.Timer) error { return nil }
func (transactions) Begin(context.Context, transaction.Transaction) error    { return nil }
func (tokens) Find(context.Context, string) (token.Token, error) {
	return token.Token{Status: token.Accepted}, nil
}

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

func (instantAWS) Append(_ context.Context, _ string, record journal.Record) error {
	_, err := json.Marshal(record)
	return err
}

// BenchmarkMessage is the time between API Gateway's event and the answer's way out, without AWS: parsing, validation,
// decision, encoding, the journal's JSON and the log line. The budget is 100 µs at the 99th percentile, and
// 100 allocations.
func BenchmarkMessage(b *testing.B) {
	previous := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(io.Discard, nil)))
	b.Cleanup(func() { slog.SetDefault(previous) })
	aws := instantAWS{answer: new(string)}
	handler := &Handler{
		Boots: aws, Sessions: aws, Tokens: aws.tokens, Transactions: aws.transactions, Journal: aws, Timers: aws, Answers: open{aws},
		Now: time.Now, UnknownTokens: token.Unknown, HeartbeatInterval: 300 * time.Second,
	}
	for _, message := range []struct{ protocol, name, payload string }{
		{"ocpp1.6", "Heartbeat", `{}`},
		{"ocpp1.6", "BootNotification", `{"chargePointVendor":"ACME","chargePointModel":"X1","firmwareVersion":"1.2.3","chargePointSerialNumber":"4711"}`},
		{"ocpp1.6", "StatusNotification", `{"connectorId":1,"errorCode":"NoError","status":"Available","timestamp":"2026-03-01T11:00:00Z"}`},
		{"ocpp1.6", "Authorize", `{"idTag":"04AABBCC"}`},
		{"ocpp1.6", "StartTransaction", `{"connectorId":1,"idTag":"04AABBCC","meterStart":5,"timestamp":"2026-03-01T11:00:00Z"}`},
		{"ocpp1.6", "MeterValues", `{"connectorId":1,"transactionId":42,"meterValue":[{"timestamp":"2026-03-01T11:10:00Z","sampledValue":[{"value":"600"},{"value":"7200","measurand":"Power.Active.Import","unit":"W"}]}]}`},
		{"ocpp1.6", "StopTransaction", `{"transactionId":42,"idTag":"04AABBCC","meterStop":1100,"timestamp":"2026-03-01T11:20:00Z","reason":"Local"}`},
		{"ocpp2.0.1", "Heartbeat", `{}`},
		{"ocpp2.0.1", "BootNotification", `{"reason":"PowerUp","chargingStation":{"model":"X1","vendorName":"ACME","firmwareVersion":"1.2.3"}}`},
		{"ocpp2.0.1", "StatusNotification", `{"timestamp":"2026-03-01T11:00:00Z","connectorStatus":"Available","evseId":1,"connectorId":1}`},
		{"ocpp2.0.1", "Authorize", `{"idToken":{"idToken":"04AABBCC","type":"ISO14443"}}`},
		{"ocpp2.0.1", "TransactionEvent", `{"eventType":"Started","timestamp":"2026-03-01T11:00:00Z","triggerReason":"Authorized","seqNo":0,"transactionInfo":{"transactionId":"tx-1","chargingState":"Charging"},"evse":{"id":1,"connectorId":1},"idToken":{"idToken":"04AABBCC","type":"ISO14443"},"meterValue":[{"timestamp":"2026-03-01T11:00:00Z","sampledValue":[{"value":600,"context":"Transaction.Begin"}]}]}`},
	} {
		b.Run(message.protocol+"/"+message.name, func(b *testing.B) {
			sample := event(`[2,"0195a1c4-7f1e-7c3a-9b0e-2f6d1c5e8a01","` + message.name + `",` + message.payload + `]`)
			sample.RequestContext.Authorizer.(map[string]any)["protocol"] = message.protocol
			b.ReportAllocs()
			var took []time.Duration
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
			if !strings.HasPrefix(*aws.answer, "[3,") {
				b.Errorf("answered %s", *aws.answer)
			}
		})
	}
}
