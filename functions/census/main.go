package main

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/invocation"
	"github.com/serverless-ocpp/backend/shared/settings"
)

func main() {
	settings.Logs()
	env := settings.FromEnvironment()
	table, metrics := env.Required("CHARGE_POINT_TABLE"), env.Metrics()
	aws, err := env.AWS(context.Background())
	if err != nil {
		settings.Exit(err)
	}
	handler := &Handler{ChargePoints: dynamo.NewChargePoints(dynamodb.NewFromConfig(aws), table), Metrics: metrics}
	invocation.Serve(handler.Handle)
}
