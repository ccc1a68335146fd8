package main

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/cloudwatch"
	"github.com/serverless-ocpp/backend/shared/dispatcher"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/gateway"
	"github.com/serverless-ocpp/backend/shared/invocation"
	"github.com/serverless-ocpp/backend/shared/iotcore"
	"github.com/serverless-ocpp/backend/shared/operation"
	"github.com/serverless-ocpp/backend/shared/queue"
	"github.com/serverless-ocpp/backend/shared/settings"
)

// build puts the API on AWS. What is wrong with the environment, env tells afterwards.
func build(env *settings.Environment, config aws.Config) *API {
	tables := dynamodb.NewFromConfig(config)
	places := dispatcher.PlacesOf(env)
	dispatcher := dispatcher.New(config, places)
	chargePoints := dynamo.NewChargePoints(tables, places.ChargePointTable)
	tokens := dynamo.NewTokens(tables, env.Required("TOKEN_TABLE"))
	reservations := dynamo.NewReservations(tables, env.Required("RESERVATION_TABLE"))
	messages := dynamo.NewMessages(tables, env.Required("MESSAGE_TABLE"))
	campaignTable := env.Required("CAMPAIGN_TABLE")
	return &API{
		ChargePoints: chargePoints,
		Things:       iotcore.NewThings(iot.NewFromConfig(config)),
		Connections:  gateway.NewConnections(config, places.ConnectionsEndpoint),
		Connectors:   dynamo.NewConnectors(tables, env.Required("CONNECTOR_TABLE")),
		Transactions: dynamo.NewTransactions(tables, env.Required("TRANSACTION_TABLE")),
		Readings:     dynamo.NewReadings(tables, env.Required("METER_VALUE_TABLE")),
		Variables:    dynamo.NewVariables(tables, env.Required("VARIABLE_TABLE")),
		Reports:      dynamo.NewReports(tables, env.Required("REPORT_TABLE")),
		Campaigns: Campaigns{
			Store: dynamo.NewCampaigns(tables, campaignTable), Members: dynamo.NewCampaignMembers(tables, campaignTable),
			Ticks: queue.NewCampaigns(sqs.NewFromConfig(config), env.Required("CAMPAIGNS_QUEUE_URL")),
		},
		Commands:     dispatcher.Commands,
		Tokens:       tokens,
		Reservations: reservations,
		Idempotency:  dynamo.NewIdempotency(tables, env.Required("IDEMPOTENCY_TABLE")),
		Messages:     messages,
		Incidents: Incidents{
			Commands: dynamo.NewCommands(tables, places.CommandTable), Connections: messages,
			DeadLetters: queue.NewDeadLetters(sqs.NewFromConfig(config), env.List("DEAD_LETTER_QUEUE_URLS")),
		},
		Traffic:      &Traffic{Metrics: cloudwatch.NewReader(config, env.Required("STACK_NAME"))},
		Desk:         operation.Desk{Tokens: tokens, Keys: chargePoints, Lists: chargePoints, Reservations: reservations, Commands: dispatcher.Commands, Now: invocation.Now},
		Submit:       dispatcher.Submit,
		Events:       dispatcher.Events,
		Registration: chargepoint.Registration(env.OneOf("REGISTRATION_DEFAULT", "Accepted", "Accepted", "Pending", "Rejected")),
		Now:          invocation.Now,
	}
}
