package main

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/serverless-ocpp/backend/shared/dispatcher"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/invocation"
	"github.com/serverless-ocpp/backend/shared/operation"
	"github.com/serverless-ocpp/backend/shared/queue"
	"github.com/serverless-ocpp/backend/shared/settings"
)

func main() {
	settings.Logs()
	env := settings.FromEnvironment()
	places := dispatcher.PlacesOf(env)
	table, queueURL := env.Required("CAMPAIGN_TABLE"), env.Required("CAMPAIGNS_QUEUE_URL")
	tokenTable, reservationTable := env.Required("TOKEN_TABLE"), env.Required("RESERVATION_TABLE")
	config, err := env.AWS(context.Background())
	if err != nil {
		settings.Exit(err)
	}
	tables, dispatcher := dynamodb.NewFromConfig(config), dispatcher.New(config, places)
	chargePoints := dynamo.NewChargePoints(tables, places.ChargePointTable)
	desk := operation.Desk{Tokens: dynamo.NewTokens(tables, tokenTable), Keys: chargePoints, Lists: chargePoints,
		Reservations: dynamo.NewReservations(tables, reservationTable), Commands: dispatcher.Commands, Now: invocation.Now}
	handler := &Handler{
		Campaigns: dynamo.NewCampaigns(tables, table), Members: dynamo.NewCampaignMembers(tables, table),
		ChargePoints: chargePoints, Commands: dispatcher.Commands, Orders: operation.Orders{Desk: desk, Submit: dispatcher.Submit},
		Ticks: queue.NewCampaigns(sqs.NewFromConfig(config), queueURL), Events: dispatcher.Events, Now: invocation.Now,
	}
	invocation.Serve(handler.Handle)
}
