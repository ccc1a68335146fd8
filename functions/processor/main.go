// OCPPMessageProcessor applies the journal of messages to the tables, the device shadow and the mirror topics.
package main

import (
	"context"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/gateway"
	"github.com/serverless-ocpp/backend/shared/iotcore"
	"github.com/serverless-ocpp/backend/shared/queue"
	"github.com/serverless-ocpp/backend/shared/settings"
)

func main() {
	settings.Logs()
	env := settings.FromEnvironment()
	chargePoints, connectors, transactions := env.Required("CHARGE_POINT_TABLE"), env.Required("CONNECTOR_TABLE"), env.Required("TRANSACTION_TABLE")
	readings, commands := env.Required("METER_VALUE_TABLE"), env.Required("COMMAND_TABLE")
	reports, variables := env.Required("REPORT_TABLE"), env.Required("VARIABLE_TABLE")
	timers, endpoint := env.Required("TIMERS_QUEUE_URL"), env.Required("CONNECTIONS_ENDPOINT")
	aws, err := env.AWS(context.Background())
	if err != nil {
		settings.Exit(err)
	}
	tables, topics := dynamodb.NewFromConfig(aws), iotdataplane.NewFromConfig(aws)
	known, mirror := dynamo.NewChargePoints(tables, chargePoints), iotcore.NewMirror(topics)
	handler := &Handler{
		Mirror: mirror,
		Shadow: &Shadow{Documents: iotcore.NewShadow(topics)},
		Effects: &Effects{
			Boots: known, Connectors: dynamo.NewConnectors(tables, connectors),
			Transactions: dynamo.NewTransactions(tables, transactions), Readings: dynamo.NewReadings(tables, readings),
			Reports: dynamo.NewReports(tables, reports), Variables: dynamo.NewVariables(tables, variables),
		},
		Commands: &command.Dispatcher{
			Registry: known, Sessions: known, Turns: known, Commands: dynamo.NewCommands(tables, commands), Mirror: mirror,
			Timers: queue.NewTimers(sqs.NewFromConfig(aws), timers), Connections: gateway.NewConnections(aws, endpoint), Now: time.Now,
		},
	}
	lambda.Start(handler.Handle)
}
