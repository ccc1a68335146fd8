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
	chargePointTable, commandTable := env.Required("CHARGE_POINT_TABLE"), env.Required("COMMAND_TABLE")
	queueURL, endpoint := env.Required("TIMERS_QUEUE_URL"), env.Required("CONNECTIONS_ENDPOINT")
	config, err := env.AWS(context.Background())
	if err != nil {
		settings.Exit(err)
	}
	tables, timers := dynamodb.NewFromConfig(config), queue.NewTimers(sqs.NewFromConfig(config), queueURL)
	chargePoints, commands := dynamo.NewChargePoints(tables, chargePointTable), dynamo.NewCommands(tables, commandTable)
	dispatcher := &command.Dispatcher{
		Registry: chargePoints, Sessions: chargePoints, Turns: chargePoints,
		Commands: commands, Timers: timers,
		Connections: gateway.NewConnections(config, endpoint),
		Mirror:      iotcore.NewMirror(iotdataplane.NewFromConfig(config)),
		Now:         time.Now,
	}
	handler := &Handler{Registry: chargePoints, Dispatcher: dispatcher, Timers: timers, Now: time.Now}
	lambda.Start(handler.Handle)
}
