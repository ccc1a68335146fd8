package operation_test

import (
	"testing"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/operation"
)

// Specification: OCPP 1.6 sections 5.17, 6.51 and 7.32; Improved security for OCPP 1.6-J ExtendedTriggerMessage; OCPP 2.x F06.
func TestTrigger(t *testing.T) {
	translations[operation.Trigger]{
		{ocppj.V16, `{"message":"boot"}`, `TriggerMessage {"requestedMessage":"BootNotification"}`, ""},
		{ocppj.V16, `{"message":"heartbeat"}`, `TriggerMessage {"requestedMessage":"Heartbeat"}`, ""},
		{ocppj.V16, `{"message":"status","connector":0}`, `TriggerMessage {"requestedMessage":"StatusNotification"}`, ""},
		{ocppj.V16, `{"message":"meterValues","connector":2}`, `TriggerMessage {"connectorId":2,"requestedMessage":"MeterValues"}`, ""},
		{ocppj.V16, `{"message":"firmwareStatus"}`, `TriggerMessage {"requestedMessage":"FirmwareStatusNotification"}`, ""},
		{ocppj.V16, `{"message":"diagnosticsStatus"}`, `TriggerMessage {"requestedMessage":"DiagnosticsStatusNotification"}`, ""},
		{ocppj.V16, `{"message":"logStatus"}`, `ExtendedTriggerMessage {"requestedMessage":"LogStatusNotification"}`, ""},
		{ocppj.V16, `{"message":"SignChargePointCertificate"}`, `ExtendedTriggerMessage {"requestedMessage":"SignChargePointCertificate"}`, ""},
		{ocppj.V16, `{"message":"MeterValues"}`, `TriggerMessage {"requestedMessage":"MeterValues"}`, ""},
		{ocppj.V16, `{"message":"transaction"}`, "", fault.Invalid},
		{ocppj.V16, `{"message":"status","connector":"1#1"}`, "", fault.Invalid},
		{ocppj.V16, `{"message":"boot","custom":"x"}`, "", fault.Invalid},
		{ocppj.V16, `{}`, "", fault.Malformed},

		{ocppj.V201, `{"message":"boot"}`, `TriggerMessage {"requestedMessage":"BootNotification"}`, ""},
		{ocppj.V201, `{"message":"status","connector":2}`, `TriggerMessage {"evse":{"connectorId":1,"id":2},"requestedMessage":"StatusNotification"}`, ""},
		{ocppj.V201, `{"message":"StatusNotification","connector":"2#3"}`, `TriggerMessage {"evse":{"connectorId":3,"id":2},"requestedMessage":"StatusNotification"}`, ""},
		{ocppj.V201, `{"message":"status"}`, "", fault.Malformed},
		{ocppj.V201, `{"message":"meterValues","connector":2}`, `TriggerMessage {"evse":{"id":2},"requestedMessage":"MeterValues"}`, ""},
		{ocppj.V201, `{"message":"transaction"}`, `TriggerMessage {"requestedMessage":"TransactionEvent"}`, ""},
		{ocppj.V201, `{"message":"certificateSigning"}`, `TriggerMessage {"requestedMessage":"SignChargingStationCertificate"}`, ""},
		{ocppj.V201, `{"message":"combinedCertificateSigning"}`, `TriggerMessage {"requestedMessage":"SignCombinedCertificate"}`, ""},
		{ocppj.V201, `{"message":"publishFirmwareStatus"}`, `TriggerMessage {"requestedMessage":"PublishFirmwareStatusNotification"}`, ""},
		{ocppj.V201, `{"message":"diagnosticsStatus"}`, "", fault.Invalid},
		{ocppj.V201, `{"message":"custom","custom":"x"}`, "", fault.Invalid},
		{ocppj.V201, `{"message":"boot","custom":"x"}`, "", fault.Invalid},

		{ocppj.V21, `{"message":"v2g20CertificateSigning"}`, `TriggerMessage {"requestedMessage":"SignV2G20Certificate"}`, ""},
		{ocppj.V21, `{"message":"custom","custom":"com.example.selfTest"}`, `TriggerMessage {"customTrigger":"com.example.selfTest","requestedMessage":"CustomTrigger"}`, ""},
		{ocppj.V21, `{"message":"CustomTrigger"}`, "", fault.Malformed},
		{ocppj.V21, `{"message":"boot","custom":"x"}`, "", fault.Invalid},
	}.test(t)
}
