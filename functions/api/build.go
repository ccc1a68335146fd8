package main

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/iot"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/dispatcher"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/gateway"
	"github.com/serverless-ocpp/backend/shared/iotcore"
	"github.com/serverless-ocpp/backend/shared/settings"
)

// build puts the API on AWS. What is wrong with the environment, env tells afterwards.
func build(env *settings.Environment, config aws.Config) *API {
	tables := dynamodb.NewFromConfig(config)
	places := dispatcher.PlacesOf(env)
	dispatcher := dispatcher.New(config, places)
	return &API{
		ChargePoints: dynamo.NewChargePoints(tables, places.ChargePointTable),
		Things:       iotcore.NewThings(iot.NewFromConfig(config)),
		Connections:  gateway.NewConnections(config, places.ConnectionsEndpoint),
		Connectors:   dynamo.NewConnectors(tables, env.Required("CONNECTOR_TABLE")),
		Transactions: dynamo.NewTransactions(tables, env.Required("TRANSACTION_TABLE")),
		Readings:     dynamo.NewReadings(tables, env.Required("METER_VALUE_TABLE")),
		Variables:    dynamo.NewVariables(tables, env.Required("VARIABLE_TABLE")),
		Reports:      dynamo.NewReports(tables, env.Required("REPORT_TABLE")),
		Commands:     dispatcher.Commands,
		Tokens:       dynamo.NewTokens(tables, env.Required("TOKEN_TABLE")),
		Messages:     dynamo.NewMessages(tables, env.Required("MESSAGE_TABLE")),
		Submit:       dispatcher.Submit,
		Registration: chargepoint.Registration(env.OneOf("REGISTRATION_DEFAULT", "Accepted", "Accepted", "Pending", "Rejected")),
		Now:          time.Now,
	}
}
