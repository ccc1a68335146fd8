package dynamo

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/signed/items"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// BenchmarkCall is what one call of DynamoDB costs this side, by the SDK's client and by the one of the adapters, without a network.
func BenchmarkCall(b *testing.B) {
	table := "Table"
	get := &dynamodb.GetItemInput{TableName: &table, Key: benchKey, ConsistentRead: aws.Bool(true)}
	put := &dynamodb.PutItemInput{TableName: &table, Item: benchRow}
	update := &dynamodb.UpdateItemInput{
		TableName: &table, Key: benchKey, ConditionExpression: aws.String("#0 = :0"), UpdateExpression: aws.String("SET #1 = :1"),
		ExpressionAttributeNames: map[string]string{"#0": "connectionId", "#1": "lastSeenAt"}, ExpressionAttributeValues: item{":0": text("L0SM9cOFvHcCIhw="), ":1": text(formatTime(at(0)))},
	}
	write := &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{
		table: {{PutRequest: &types.PutRequest{Item: benchRow}}}, "Other": {{PutRequest: &types.PutRequest{Item: benchRow}}},
	}}
	for _, call := range []struct {
		name, answer string
		theirs       func(context.Context, *dynamodb.Client) error
		ours         func(context.Context, *items.Client) error
	}{
		{"GetItem", `{"Item":{"chargePointId":{"S":"CP001"},"sampledKey":{"S":"2026-03-01T12:00:00.000Z#0a1b2c3d"},"values":{"S":"[{\"value\":\"7\"}]"},"ttl":{"N":"1806926400"}}}`,
			func(ctx context.Context, c *dynamodb.Client) error { _, err := c.GetItem(ctx, get); return err },
			func(ctx context.Context, c *items.Client) error { _, err := c.GetItem(ctx, get); return err }},
		{"PutItem", `{}`,
			func(ctx context.Context, c *dynamodb.Client) error { _, err := c.PutItem(ctx, put); return err },
			func(ctx context.Context, c *items.Client) error { _, err := c.PutItem(ctx, put); return err }},
		{"UpdateItem", `{}`,
			func(ctx context.Context, c *dynamodb.Client) error { _, err := c.UpdateItem(ctx, update); return err },
			func(ctx context.Context, c *items.Client) error { _, err := c.UpdateItem(ctx, update); return err }},
		{"BatchWriteItem", `{"UnprocessedItems":{}}`,
			func(ctx context.Context, c *dynamodb.Client) error {
				_, err := c.BatchWriteItem(ctx, write)
				return err
			},
			func(ctx context.Context, c *items.Client) error { _, err := c.BatchWriteItem(ctx, write); return err }},
	} {
		theirs := answering(call.answer)
		ours := items.New(theirs)
		b.Run(call.name+"/of the SDK", func(b *testing.B) { measure(b, func(ctx context.Context) error { return call.theirs(ctx, theirs) }) })
		b.Run(call.name+"/ours", func(b *testing.B) { measure(b, func(ctx context.Context) error { return call.ours(ctx, ours) }) })
	}
}

// BenchmarkAdapter is what the busiest steps cost with their rows and expressions, without a network.
func BenchmarkAdapter(b *testing.B) {
	client := answering("{}")
	points, connectors, transactions := NewChargePoints(client, "ChargePoints"), NewConnectors(client, "Connectors"), NewTransactions(client, "Transactions")
	samples := &Samples{Readings: NewReadings(client, "Readings"), Log: NewMessageLog(client, "Messages", 7)}
	event := transaction.Event{TransactionID: "T-1", At: at(0), Connector: "1", Readings: []transaction.Reading{energy(0, "1")}}
	status := chargepoint.Connector{ChargePointID: "CP001", Connector: "1", Status: "Available", ErrorCode: "NoError", At: at(0), ReceivedAt: at(1)}
	running := transaction.Transaction{ChargePointID: "CP001", ID: "T-1", Protocol: "ocpp1.6", Connector: "1", State: transaction.Active, StartedAt: at(0), LastEventAt: at(1), IDToken: "ABC", Revision: 7}
	for name, step := range map[string]func(context.Context) error{
		"Samples.Keep":     func(ctx context.Context) error { return samples.Keep(ctx, event, sampled) },
		"ChargePoint.Seen": func(ctx context.Context) error { return points.Seen(ctx, "CP001", "L0SM9cOFvHcCIhw=", at(0)) },
		"Turn.Take": func(ctx context.Context) error {
			return points.Take(ctx, "CP001", chargepoint.Outstanding{ConnectionID: "L0SM9cOFvHcCIhw=", CommandID: "c1", Deadline: at(0)})
		},
		"Connector.Put":   func(ctx context.Context) error { return connectors.Put(ctx, status) },
		"Transaction.Put": func(ctx context.Context) error { return transactions.Put(ctx, running) },
	} {
		b.Run(name, func(b *testing.B) { measure(b, step) })
	}
}

var (
	benchKey = item{"chargePointId": text("CP001"), "sampledKey": text("2026-03-01T12:00:00.000Z#0a1b2c3d")}
	benchRow = item{
		"chargePointId": text("CP001"), "sampledKey": text("2026-03-01T12:00:00.000Z#0a1b2c3d"),
		"values": text(`[{"value":"1234.5","measurand":"Energy.Active.Import.Register","unit":"Wh"}]`), "ttl": number(1806926400),
	}
)

func measure(b *testing.B, call func(context.Context) error) {
	ctx, cancel := context.WithTimeout(b.Context(), time.Hour) // an invocation has a deadline, too
	defer cancel()
	b.ReportAllocs()
	for b.Loop() {
		if err := call(ctx); err != nil {
			b.Fatal(err)
		}
	}
}

// answering is a DynamoDB that says the same to every call, at once.
func answering(answer string) *dynamodb.Client {
	return dynamodb.NewFromConfig(aws.Config{
		Region: "eu-central-1", Credentials: credentials.NewStaticCredentialsProvider("a", "b", "c"), HTTPClient: instant(answer),
	})
}

type instant string

func (answer instant) Do(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r, ContentLength: int64(len(answer)),
		Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}}, Body: io.NopCloser(bytes.NewReader([]byte(answer))),
	}, nil
}
