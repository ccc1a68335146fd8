package main

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/iot"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/invocation"
	"github.com/serverless-ocpp/backend/shared/iotcore"
	"github.com/serverless-ocpp/backend/shared/settings"
)

func main() {
	settings.Logs()
	env := settings.FromEnvironment()
	table, connectors := env.Required("CHARGE_POINT_TABLE"), env.Required("CONNECTOR_TABLE")
	registration := env.OneOf("REGISTRATION_DEFAULT", "Accepted", "Accepted", "Pending", "Rejected")
	config, err := env.AWS(context.Background())
	if err != nil {
		settings.Exit(err)
	}
	handler := &Handler{
		Registry:     dynamo.NewChargePoints(dynamodb.NewFromConfig(config), table),
		Connectors:   dynamo.NewConnectors(dynamodb.NewFromConfig(config), connectors),
		Things:       iotcore.NewThings(iot.NewFromConfig(config)),
		Registration: chargepoint.Registration(registration),
	}
	invocation.Serve(handler.Handle)
}
