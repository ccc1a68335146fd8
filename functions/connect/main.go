// Connect answers the handshake of a charge point with what Authorize found, and opens its session.
package main

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/gateway"
	"github.com/serverless-ocpp/backend/shared/invocation"
	"github.com/serverless-ocpp/backend/shared/iotcore"
	"github.com/serverless-ocpp/backend/shared/queue"
	"github.com/serverless-ocpp/backend/shared/settings"
)

func main() {
	settings.Logs()
	env := settings.FromEnvironment()
	chargePoints, messages := env.Required("CHARGE_POINT_TABLE"), env.Required("MESSAGE_TABLE")
	timers, endpoint, events := env.Required("TIMERS_QUEUE_URL"), env.Required("CONNECTIONS_ENDPOINT"), env.Flag("EVENTS", true)
	metrics := env.Metrics()
	aws, err := env.AWS(context.Background())
	if err != nil {
		settings.Exit(err)
	}
	tables := dynamodb.NewFromConfig(aws)
	handler := &Handler{
		Sessions:    dynamo.NewChargePoints(tables, chargePoints),
		Refusals:    dynamo.NewMessages(tables, messages),
		Timers:      queue.NewTimers(sqs.NewFromConfig(aws), timers),
		Connections: gateway.NewConnections(aws, endpoint),
		Events:      iotcore.EventsIf(events, iotdataplane.NewFromConfig(aws), metrics),
		Metrics:     metrics,
	}
	invocation.Serve(handler.Handle)
}
