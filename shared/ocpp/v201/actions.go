// Package v201 holds the meaning of OCPP 2.0.1 messages, one file per action.
package v201

import "github.com/serverless-ocpp/backend/shared/ocpp"

// Actions are the CALLs of a charge point: all that OCPP 2.0.1 has. Those of OCPP 2.1 that mean the
// same are taken from here.
var Actions = ocpp.Actions{
	"Authorize":                         ocpp.Of[authorize](),
	"BootNotification":                  ocpp.Of[bootNotification]().BeforeRegistration(),
	"ClearedChargingLimit":              ocpp.Of[clearedChargingLimit](),
	"DataTransfer":                      ocpp.Of[dataTransfer](),
	"FirmwareStatusNotification":        ocpp.Of[firmwareStatusNotification](),
	"Get15118EVCertificate":             ocpp.Of[get15118EVCertificate](),
	"GetCertificateStatus":              ocpp.Of[getCertificateStatus](),
	"Heartbeat":                         ocpp.Of[heartbeat]().WithoutJournal(),
	"LogStatusNotification":             ocpp.Of[logStatusNotification](),
	"MeterValues":                       ocpp.Of[meterValues]().WithReadings(),
	"NotifyChargingLimit":               ocpp.Of[notifyChargingLimit](),
	"NotifyCustomerInformation":         ocpp.Of[notifyCustomerInformation](),
	"NotifyDisplayMessages":             ocpp.Of[notifyDisplayMessages](),
	"NotifyEVChargingNeeds":             ocpp.Of[notifyEVChargingNeeds](),
	"NotifyEVChargingSchedule":          ocpp.Of[notifyEVChargingSchedule](),
	"NotifyEvent":                       ocpp.Of[notifyEvent](),
	"NotifyMonitoringReport":            ocpp.Of[notifyMonitoringReport](),
	"NotifyReport":                      ocpp.Of[notifyReport](),
	"PublishFirmwareStatusNotification": ocpp.Of[publishFirmwareStatusNotification](),
	"ReportChargingProfiles":            ocpp.Of[reportChargingProfiles](),
	"ReservationStatusUpdate":           ocpp.Of[reservationStatusUpdate](),
	"SecurityEventNotification":         ocpp.Of[securityEventNotification](),
	"SignCertificate":                   ocpp.Of[signCertificate](),
	"StatusNotification":                ocpp.Of[statusNotification](),
	"TransactionEvent":                  ocpp.Of[transactionEvent]().WithReadings(),
}
