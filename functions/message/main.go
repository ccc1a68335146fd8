// Message answers what charge points send, once it is in the journal.
package main

import (
	"context"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/gateway"
	"github.com/serverless-ocpp/backend/shared/queue"
	"github.com/serverless-ocpp/backend/shared/settings"
)

func main() {
	settings.Logs()
	env := settings.FromEnvironment()
	chargePoints, transactions, tokens := env.Required("CHARGE_POINT_TABLE"), env.Required("TRANSACTION_TABLE"), env.Required("TOKEN_TABLE")
	incoming, timers, endpoint := env.Required("INCOMING_MESSAGES_QUEUE_URL"), env.Required("TIMERS_QUEUE_URL"), env.Required("CONNECTIONS_ENDPOINT")
	handler := &Handler{
		UnknownTokens:     unknownTokens[env.OneOf("UNKNOWN_ID_TOKENS", "Invalid", "Accepted", "Invalid")],
		HeartbeatInterval: env.Seconds("HEARTBEAT_INTERVAL_SECONDS", 300*time.Second, 240*time.Second, 540*time.Second),
		JournalHeartbeats: env.Flag("JOURNAL_HEARTBEATS", false),
		Vendors:           env.List("DATA_TRANSFER_VENDORS"),
		Metrics:           env.Metrics(), Now: time.Now, Strict: env.OneOf("VALIDATION", "tolerant", "tolerant", "strict") == "strict",
	}
	aws, err := env.AWS(context.Background())
	if err != nil {
		settings.Exit(err)
	}
	tables, queues := dynamodb.NewFromConfig(aws), sqs.NewFromConfig(aws)
	known := dynamo.NewChargePoints(tables, chargePoints)
	handler.Registry, handler.Boots, handler.Sessions = known, known, known
	handler.Transactions, handler.Tokens = dynamo.NewTransactions(tables, transactions), dynamo.NewTokens(tables, tokens)
	handler.Journal, handler.Timers, handler.Answers = queue.NewJournal(queues, incoming), queue.NewTimers(queues, timers), gateway.NewConnections(aws, endpoint)
	lambda.Start(handler.Handle)
}
