// Disconnect clears the session of a connection that ended.
package main

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/invocation"
	"github.com/serverless-ocpp/backend/shared/iotcore"
	"github.com/serverless-ocpp/backend/shared/queue"
	"github.com/serverless-ocpp/backend/shared/settings"
)

func main() {
	settings.Logs()
	env := settings.FromEnvironment()
	chargePoints, timers, events := env.Required("CHARGE_POINT_TABLE"), env.Required("TIMERS_QUEUE_URL"), env.Flag("EVENTS", true)
	metrics, reports := env.Metrics(), env.Required("REPORT_TABLE")
	aws, err := env.AWS(context.Background())
	if err != nil {
		settings.Exit(err)
	}
	tables := dynamodb.NewFromConfig(aws)
	handler := &Handler{
		Sessions: dynamo.NewChargePoints(tables, chargePoints),
		Reports:  dynamo.NewReports(tables, reports),
		Timers:   queue.NewTimers(sqs.NewFromConfig(aws), timers),
		Events:   iotcore.EventsIf(events, iotdataplane.NewFromConfig(aws), metrics),
		Now:      invocation.Now,
	}
	invocation.Serve(handler.Handle)
}
