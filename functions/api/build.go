package main

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/gateway"
	"github.com/serverless-ocpp/backend/shared/iotcore"
	"github.com/serverless-ocpp/backend/shared/queue"
	"github.com/serverless-ocpp/backend/shared/settings"
)

// build puts the API on AWS. What is wrong with the environment, env tells afterwards.
func build(env *settings.Environment, config aws.Config) *API {
	tables := dynamodb.NewFromConfig(config)
	chargePoints := dynamo.NewChargePoints(tables, env.Required("CHARGE_POINT_TABLE"))
	commands := dynamo.NewCommands(tables, env.Required("COMMAND_TABLE"))
	connections := gateway.NewConnections(config, env.Required("CONNECTIONS_ENDPOINT"))
	dispatcher := &command.Dispatcher{
		Registry: chargePoints, Sessions: chargePoints, Turns: chargePoints,
		Commands:    commands,
		Timers:      queue.NewTimers(sqs.NewFromConfig(config), env.Required("TIMERS_QUEUE_URL")),
		Connections: connections,
		Mirror:      iotcore.NewMirror(iotdataplane.NewFromConfig(config)),
		Now:         time.Now,
	}
	return &API{
		ChargePoints: chargePoints,
		Things:       iotcore.NewThings(iot.NewFromConfig(config)),
		Connections:  connections,
		Connectors:   dynamo.NewConnectors(tables, env.Required("CONNECTOR_TABLE")),
		Transactions: dynamo.NewTransactions(tables, env.Required("TRANSACTION_TABLE")),
		Readings:     dynamo.NewReadings(tables, env.Required("METER_VALUE_TABLE")),
		Variables:    dynamo.NewVariables(tables, env.Required("VARIABLE_TABLE")),
		Reports:      dynamo.NewReports(tables, env.Required("REPORT_TABLE")),
		Commands:     commands,
		Tokens:       dynamo.NewTokens(tables, env.Required("TOKEN_TABLE")),
		Messages:     dynamo.NewMessages(tables, env.Required("MESSAGE_TABLE")),
		Submit:       dispatcher.Submit,
		Registration: chargepoint.Registration(env.OneOf("REGISTRATION_DEFAULT", "Accepted", "Accepted", "Pending", "Rejected")),
		Now:          time.Now,
	}
}
