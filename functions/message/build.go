package main

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/frames"
	"github.com/serverless-ocpp/backend/shared/gateway"
	"github.com/serverless-ocpp/backend/shared/invocation"
	"github.com/serverless-ocpp/backend/shared/iotcore"
	"github.com/serverless-ocpp/backend/shared/queue"
	"github.com/serverless-ocpp/backend/shared/settings"
)

// places are where the function finds what it works with.
type places struct {
	chargePointTable, transactionTable, tokenTable, meterValueTable, commandTable string
	incomingMessages, timers, connections                                         string // URLs
	journalReadings                                                               bool
	watchers                                                                      frames.Watchers
}

// placesOf reads them; what is missing, env tells afterwards.
func placesOf(env *settings.Environment) places {
	return places{
		chargePointTable: env.Required("CHARGE_POINT_TABLE"),
		transactionTable: env.Required("TRANSACTION_TABLE"),
		tokenTable:       env.Required("TOKEN_TABLE"),
		meterValueTable:  env.Required("METER_VALUE_TABLE"),
		commandTable:     env.Required("COMMAND_TABLE"),
		incomingMessages: env.Required("INCOMING_MESSAGES_QUEUE_URL"),
		timers:           env.Required("TIMERS_QUEUE_URL"),
		connections:      env.Required("CONNECTIONS_ENDPOINT"),
		journalReadings:  env.Flag("JOURNAL_READINGS", false),
		watchers:         frames.WatchersOf(env),
	}
}

// handlerOf reads how messages are answered.
func handlerOf(env *settings.Environment) *Handler {
	return &Handler{
		UnknownTokens:     unknownTokens[env.OneOf("UNKNOWN_ID_TOKENS", "Invalid", "Accepted", "Invalid")],
		HeartbeatInterval: env.Seconds("HEARTBEAT_INTERVAL_SECONDS", 300*time.Second, 240*time.Second, 540*time.Second),
		JournalHeartbeats: env.Flag("JOURNAL_HEARTBEATS", false),
		Vendors:           env.List("DATA_TRANSFER_VENDORS"),
		Strict:            env.OneOf("VALIDATION", "tolerant", "tolerant", "strict") == "strict",
		Metrics:           env.Metrics(),
		Now:               invocation.Now,
	}
}

// connect gives the handler its adapters.
func (h *Handler) connect(config aws.Config, at places) {
	tables, queues := dynamodb.NewFromConfig(config), sqs.NewFromConfig(config)
	chargePoints := dynamo.NewChargePoints(tables, at.chargePointTable)
	h.Registry, h.Boots, h.Sessions, h.Loads = chargePoints, chargePoints, chargePoints, chargePoints
	h.Transactions, h.Tokens = dynamo.NewTransactions(tables, at.transactionTable), dynamo.NewTokens(tables, at.tokenTable)
	h.Commands = dynamo.NewCommands(tables, at.commandTable)
	h.Journal, h.Timers = queue.NewJournal(queues, at.incomingMessages), queue.NewTimers(queues, at.timers)
	h.Answers = gateway.NewConnections(config, at.connections)
	if at.journalReadings {
		return
	}
	h.Readings = &dynamo.Samples{Readings: dynamo.NewReadings(tables, at.meterValueTable), Log: at.watchers.Log(tables)}
	h.Mirror = iotcore.MirrorIf(at.watchers.Mirror, iotdataplane.NewFromConfig(config))
}
