package main

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/iot"

	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/invocation"
	"github.com/serverless-ocpp/backend/shared/iotcore"
	"github.com/serverless-ocpp/backend/shared/metric"
	"github.com/serverless-ocpp/backend/shared/settings"
)

func main() {
	settings.Logs()
	env := settings.FromEnvironment()
	table, url, stack := env.Required("CHARGE_POINT_TABLE"), env.Required("WEBSOCKET_URL"), env.Required("STACK_NAME")
	aws, err := env.AWS(context.Background())
	if err != nil {
		settings.Exit(err)
	}
	handler := &Handler{
		ChargePoints: dynamo.NewChargePoints(dynamodb.NewFromConfig(aws), table),
		Things:       iotcore.NewThings(iot.NewFromConfig(aws)),
		ID:           metric.CanaryOf(stack), URL: url,
		Metrics: env.Metrics(), Now: invocation.Now,
	}
	invocation.Serve(handler.Handle)
}
