// Package v21 holds the meaning of OCPP 2.1 messages, one file per action: of those that 2.0.1 does not
// have, or that mean something else. What 2.1 adds to the others is optional and changes nothing of what
// is done with them: whoever keeps a message keeps the whole of it.
package v21

import (
	"maps"

	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/ocpp/v201"
)

// Actions are the CALLs of a charge point, and the one SEND: all that OCPP 2.1 has.
var Actions = with(v201.Actions, ocpp.Actions{
	"BatterySwap":               ocpp.Of[batterySwap](),
	"ClosePeriodicEventStream":  ocpp.Of[closePeriodicEventStream](),
	"GetCertificateChainStatus": ocpp.Of[getCertificateChainStatus](),
	"NotifyDERAlarm":            ocpp.Of[notifyDERAlarm](),
	"NotifyDERStartStop":        ocpp.Of[notifyDERStartStop](),
	"NotifyEVChargingNeeds":     ocpp.Of[notifyEVChargingNeeds](),
	"NotifyPeriodicEventStream": ocpp.Of[notifyPeriodicEventStream]().WithoutAnswer(),
	"NotifyPriorityCharging":    ocpp.Of[notifyPriorityCharging](),
	"NotifySettlement":          ocpp.Of[notifySettlement](),
	"OpenPeriodicEventStream":   ocpp.Of[openPeriodicEventStream](),
	"PullDynamicScheduleUpdate": ocpp.Of[pullDynamicScheduleUpdate](),
	"ReportDERControl":          ocpp.Of[reportDERControl](),
	"VatNumberValidation":       ocpp.Of[vatNumberValidation](),
})

func with(older, own ocpp.Actions) ocpp.Actions {
	actions := maps.Clone(older)
	maps.Copy(actions, own)
	return actions
}
