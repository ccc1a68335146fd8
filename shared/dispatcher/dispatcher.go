// Package dispatcher puts command.Dispatcher on AWS, for the functions that send commands.
package dispatcher

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/frames"
	"github.com/serverless-ocpp/backend/shared/gateway"
	"github.com/serverless-ocpp/backend/shared/invocation"
	"github.com/serverless-ocpp/backend/shared/iotcore"
	"github.com/serverless-ocpp/backend/shared/metric"
	"github.com/serverless-ocpp/backend/shared/queue"
	"github.com/serverless-ocpp/backend/shared/settings"
)

// Places are where a dispatcher finds what it works with.
type Places struct {
	ChargePointTable    string
	CommandTable        string
	TimersQueueURL      string
	ConnectionsEndpoint string // see gateway.NewConnections
	Watchers            Watchers
}

// Watchers are those that see what is sent and what becomes of it.
type Watchers struct {
	Events  bool // integrators: documents on ocpp/<charge point>/<event>
	Frames  frames.Watchers
	Metrics *metric.Recorder
}

// PlacesOf reads them; what is missing, env tells afterwards.
func PlacesOf(env *settings.Environment) Places {
	return Places{
		ChargePointTable:    env.Required("CHARGE_POINT_TABLE"),
		CommandTable:        env.Required("COMMAND_TABLE"),
		TimersQueueURL:      env.Required("TIMERS_QUEUE_URL"),
		ConnectionsEndpoint: env.Required("CONNECTIONS_ENDPOINT"),
		Watchers:            Watchers{Events: env.Flag("EVENTS", true), Frames: frames.WatchersOf(env), Metrics: env.Metrics()},
	}
}

// New makes a dispatcher that works by the clock of this machine.
func New(config aws.Config, at Places) *command.Dispatcher {
	tables := dynamodb.NewFromConfig(config)
	topics := iotdataplane.NewFromConfig(config)
	chargePoints := dynamo.NewChargePoints(tables, at.ChargePointTable)
	dispatcher := &command.Dispatcher{
		Registry: chargePoints, Sessions: chargePoints, Turns: chargePoints, Keys: chargePoints,
		Commands:    dynamo.NewCommands(tables, at.CommandTable),
		Timers:      queue.NewTimers(sqs.NewFromConfig(config), at.TimersQueueURL),
		Connections: gateway.NewConnections(config, at.ConnectionsEndpoint),
		Now:         invocation.Now,
		Mirror:      iotcore.MirrorIf(at.Watchers.Frames.Mirror, topics),
		Events:      iotcore.EventsIf(at.Watchers.Events, topics, at.Watchers.Metrics),
	}
	if log := at.Watchers.Frames.Log(tables); log != nil {
		dispatcher.Log = log
	}
	return dispatcher
}
