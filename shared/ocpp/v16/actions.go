// Package v16 holds the meaning of OCPP 1.6 messages, one file per action.
package v16

import "github.com/serverless-ocpp/backend/shared/ocpp"

// Actions are the CALLs of a charge point that are served.
var Actions = ocpp.Actions{
	"Authorize":          ocpp.Of[authorize](),
	"BootNotification":   ocpp.Of[bootNotification]().BeforeRegistration(),
	"DataTransfer":       ocpp.Of[dataTransfer](),
	"Heartbeat":          ocpp.Of[heartbeat]().WithoutJournal(),
	"MeterValues":        ocpp.Of[meterValues](),
	"StartTransaction":   ocpp.Of[startTransaction](),
	"StatusNotification": ocpp.Of[statusNotification](),
	"StopTransaction":    ocpp.Of[stopTransaction](),
}
