package main

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	lambdaapi "github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/serverless-ocpp/backend/shared/dispatcher"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/gateway"
	"github.com/serverless-ocpp/backend/shared/invocation"
	"github.com/serverless-ocpp/backend/shared/iotcore"
	"github.com/serverless-ocpp/backend/shared/settings"
	"github.com/serverless-ocpp/backend/shared/signer"
)

// places are where the processor finds what it works with, beside what a dispatcher does.
type places struct {
	connectorTable, transactionTable, meterValueTable string
	reportTable, variableTable, reservationTable      string
	certificateSigner                                 string // "" for none
}

// placesOf reads them; what is missing, env tells afterwards.
func placesOf(env *settings.Environment) places {
	return places{
		connectorTable:    env.Required("CONNECTOR_TABLE"),
		transactionTable:  env.Required("TRANSACTION_TABLE"),
		meterValueTable:   env.Required("METER_VALUE_TABLE"),
		reportTable:       env.Required("REPORT_TABLE"),
		variableTable:     env.Required("VARIABLE_TABLE"),
		reservationTable:  env.Required("RESERVATION_TABLE"),
		certificateSigner: env.Optional("CERTIFICATE_SIGNER"),
	}
}

func build(config aws.Config, at places, dispatch dispatcher.Places) *Handler {
	tables, topics := dynamodb.NewFromConfig(config), iotdataplane.NewFromConfig(config)
	chargePoints, commands := dynamo.NewChargePoints(tables, dispatch.ChargePointTable), dynamo.NewCommands(tables, dispatch.CommandTable)
	watchers, log := dispatch.Watchers, Log(noLog{})
	if kept := watchers.Frames.Log(tables); kept != nil {
		log = kept
	}
	return &Handler{
		Commands: dispatcher.New(config, dispatch), Asked: commands,
		Answers: gateway.NewConnections(config, dispatch.ConnectionsEndpoint),
		Signer:  signer.New(lambdaapi.NewFromConfig(config), at.certificateSigner),
		Shadow:  &Shadow{Documents: iotcore.NewShadow(topics)},
		Mirror:  iotcore.MirrorIf(watchers.Frames.Mirror, topics),
		Events:  iotcore.EventsIf(watchers.Events, topics, watchers.Metrics),
		Log:     log,
		Metrics: watchers.Metrics, Now: invocation.Now,
		Effects: &Effects{
			Boots: chargePoints, Keys: chargePoints, Profiles: chargePoints, Lists: chargePoints,
			Connectors:   dynamo.NewConnectors(tables, at.connectorTable),
			Transactions: dynamo.NewTransactions(tables, at.transactionTable),
			Readings:     dynamo.NewReadings(tables, at.meterValueTable),
			RemoteStarts: commands,
			Reservations: dynamo.NewReservations(tables, at.reservationTable),
			Reports:      dynamo.NewReports(tables, at.reportTable),
			Variables:    dynamo.NewVariables(tables, at.variableTable),
		},
	}
}
