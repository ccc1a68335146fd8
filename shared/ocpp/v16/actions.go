// Package v16 holds the meaning of OCPP 1.6 messages, those of its security extension ("Improved
// security for OCPP 1.6-J", edition 3) included, one file per action.
package v16

import "github.com/serverless-ocpp/backend/shared/ocpp"

// Actions are the CALLs of a charge point: all that OCPP 1.6 has.
var Actions = ocpp.Actions{
	"Authorize":                        ocpp.Of[authorize](),
	"BootNotification":                 ocpp.Of[bootNotification]().BeforeRegistration(),
	"DataTransfer":                     ocpp.Of[dataTransfer](),
	"DiagnosticsStatusNotification":    ocpp.Of[diagnosticsStatusNotification](),
	"FirmwareStatusNotification":       ocpp.Of[firmwareStatusNotification](),
	"Heartbeat":                        ocpp.Of[heartbeat]().WithoutJournal(),
	"LogStatusNotification":            ocpp.Of[logStatusNotification](),
	"MeterValues":                      ocpp.Of[meterValues]().WithReadings(),
	"SecurityEventNotification":        ocpp.Of[securityEventNotification](),
	"SignCertificate":                  ocpp.Of[signCertificate](),
	"SignedFirmwareStatusNotification": ocpp.Of[signedFirmwareStatusNotification](),
	"StartTransaction":                 ocpp.Of[startTransaction](),
	"StatusNotification":               ocpp.Of[statusNotification](),
	"StopTransaction":                  ocpp.Of[stopTransaction](),
}
