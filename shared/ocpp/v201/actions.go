// Package v201 holds the meaning of OCPP 2.0.1 messages, one file per action.
package v201

import "github.com/serverless-ocpp/backend/shared/ocpp"

// Actions are the CALLs of a charge point that are served.
var Actions = ocpp.Actions{
	"Authorize":          ocpp.Of[authorize](),
	"BootNotification":   ocpp.Of[bootNotification]().BeforeRegistration(),
	"DataTransfer":       ocpp.Of[dataTransfer](),
	"Heartbeat":          ocpp.Of[heartbeat]().WithoutJournal(),
	"MeterValues":        ocpp.Of[meterValues](),
	"StatusNotification": ocpp.Of[statusNotification](),
	"TransactionEvent":   ocpp.Of[transactionEvent](),
}
