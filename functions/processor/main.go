// OCPPMessageProcessor applies the journal of messages to the tables, the device shadow and the mirror topics.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	lambdaapi "github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/serverless-ocpp/backend/shared/dispatcher"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/gateway"
	"github.com/serverless-ocpp/backend/shared/iotcore"
	"github.com/serverless-ocpp/backend/shared/settings"
	"github.com/serverless-ocpp/backend/shared/signer"
)

func main() {
	settings.Logs()
	env := settings.FromEnvironment()
	places := dispatcher.PlacesOf(env)
	connectors, reports, variables := env.Required("CONNECTOR_TABLE"), env.Required("REPORT_TABLE"), env.Required("VARIABLE_TABLE")
	transactions, readings := env.Required("TRANSACTION_TABLE"), env.Required("METER_VALUE_TABLE")
	aws, err := env.AWS(context.Background())
	if err != nil {
		settings.Exit(err)
	}
	tables, topics := dynamodb.NewFromConfig(aws), iotdataplane.NewFromConfig(aws)
	handler := &Handler{
		Mirror: iotcore.NewMirror(topics), Shadow: &Shadow{Documents: iotcore.NewShadow(topics)}, Commands: dispatcher.New(aws, places),
		Asked: dynamo.NewCommands(tables, places.CommandTable), Answers: gateway.NewConnections(aws, places.ConnectionsEndpoint), Signer: signer.New(lambdaapi.NewFromConfig(aws), env.Optional("CERTIFICATE_SIGNER")),
		Effects: &Effects{
			Boots: dynamo.NewChargePoints(tables, places.ChargePointTable), Connectors: dynamo.NewConnectors(tables, connectors), Variables: dynamo.NewVariables(tables, variables),
			Transactions: dynamo.NewTransactions(tables, transactions), Readings: dynamo.NewReadings(tables, readings), Reports: dynamo.NewReports(tables, reports),
		},
	}
	lambda.Start(handler.Handle)
}
