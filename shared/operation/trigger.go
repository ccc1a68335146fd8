package operation

import (
	"maps"
	"slices"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Trigger has the charge point send a message now (OCPP 1.6 section 5.17, Improved security for OCPP 1.6-J
// ExtendedTriggerMessage, OCPP 2.x part 2 use case F06).
type Trigger struct {
	// Message is "boot", "heartbeat", "status", "meterValues", "firmwareStatus", "logStatus" or "certificateSigning"; in
	// 1.6 also "diagnosticsStatus"; in 2.x also "transaction", "publishFirmwareStatus", "v2gCertificateSigning" and
	// "combinedCertificateSigning"; in 2.1 also "v2g20CertificateSigning" and "custom". The version's own words, such as
	// "BootNotification", are taken as well.
	Message string `json:"message" required:"true"`
	// Connector is the connector (1.6) or EVSE (2.x) that the message is to be about. Left out: all that apply. In 2.x a
	// status is of one connector, so there it must be given, and "1" is connector 1 of EVSE 1.
	Connector Connector `json:"connector"`
	// Custom names the trigger that the charge point's vendor defined, for the message custom.
	Custom string `json:"custom" maxLength:"50"`
}

// What to trigger, by version.
var (
	// plainTriggers can be asked for in a TriggerMessage of 1.6 (section 7.32 MessageTrigger).
	plainTriggers = map[string]string{
		"boot": "BootNotification", "heartbeat": "Heartbeat", "status": "StatusNotification", "meterValues": "MeterValues",
		"firmwareStatus": "FirmwareStatusNotification", "diagnosticsStatus": "DiagnosticsStatusNotification",
	}
	// extendedTriggers are only in the ExtendedTriggerMessage of the security extension.
	extendedTriggers = map[string]string{"logStatus": "LogStatusNotification", "certificateSigning": "SignChargePointCertificate"}
	triggers201      = map[string]string{
		"boot": "BootNotification", "heartbeat": "Heartbeat", "status": "StatusNotification", "meterValues": "MeterValues",
		"firmwareStatus": "FirmwareStatusNotification", "logStatus": "LogStatusNotification", "transaction": "TransactionEvent",
		"publishFirmwareStatus": "PublishFirmwareStatusNotification", "certificateSigning": "SignChargingStationCertificate",
		"v2gCertificateSigning": "SignV2GCertificate", "combinedCertificateSigning": "SignCombinedCertificate",
	}
	triggers = map[ocppj.Version]map[string]string{
		ocppj.V16: with(plainTriggers, extendedTriggers), ocppj.V201: triggers201,
		ocppj.V21: with(triggers201, map[string]string{"v2g20CertificateSigning": "SignV2G20Certificate", "custom": "CustomTrigger"}),
	}
)

// Calls implements Operation.
func (t *Trigger) Calls(version ocppj.Version) ([]Call, error) {
	message, err := t.message(version)
	if err != nil {
		return nil, err
	}
	if version == ocppj.V16 {
		return t.calls16(message)
	}
	payload := map[string]any{"requestedMessage": message}
	if evse := t.Connector.evse(); evse != nil {
		payload["evse"] = evse
	}
	switch {
	case message == "StatusNotification": // of one connector, else a charge point refuses
		evse, connector := t.Connector.numbers()
		if evse == 0 {
			return nil, fault.New(fault.Malformed, "Missing required parameter: 'connector' (in %s a status is of one connector)", version)
		}
		payload["evse"] = map[string]any{"id": evse, "connectorId": max(connector, 1)}
	case message == "CustomTrigger" && t.Custom == "":
		return nil, missing("custom")
	}
	if t.Custom != "" {
		if message != "CustomTrigger" {
			return nil, fault.New(fault.Invalid, "'custom' must be left out unless 'message' is custom, which only %s has", ocppj.V21)
		}
		payload["customTrigger"] = t.Custom
	}
	return []Call{{"TriggerMessage", payload}}, nil
}

// message is what a version calls the message.
func (t *Trigger) message(version ocppj.Version) (string, error) {
	words := triggers[version]
	if slices.Contains(slices.Collect(maps.Values(words)), t.Message) {
		return t.Message, nil
	}
	return word(version, "message", t.Message, words)
}

func (t *Trigger) calls16(message string) ([]Call, error) {
	if t.Custom != "" {
		return nil, unknownIn(ocppj.V16, "custom")
	}
	number, err := t.Connector.in16()
	if err != nil {
		return nil, err
	}
	payload := map[string]any{"requestedMessage": message}
	if number > 0 { // 0 is not allowed here (section 6.51)
		payload["connectorId"] = number
	}
	if slices.Contains(slices.Collect(maps.Values(extendedTriggers)), message) {
		return []Call{{"ExtendedTriggerMessage", payload}}, nil
	}
	return []Call{{"TriggerMessage", payload}}, nil
}
