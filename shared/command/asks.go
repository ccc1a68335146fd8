package command

import (
	"encoding/json"

	"github.com/serverless-ocpp/backend/shared/exactjson"
)

// Asks are the actions that a CALL asks a charge point to send. One that is Pending may send these and
// its BootNotification alone (OCPP 1.6 section 4.2, OCPP 2.0.1 B02.FR.09).
func Asks(action string, payload json.RawMessage) []string {
	switch action {
	case "GetBaseReport", "GetReport":
		return []string{"NotifyReport"}
	case "TriggerMessage", "ExtendedTriggerMessage":
		var trigger struct {
			RequestedMessage string `json:"requestedMessage"`
		}
		if exactjson.Unmarshal(payload, &trigger) != nil || trigger.RequestedMessage == "" {
			return nil // the charge point will refuse it
		}
		if certificates[trigger.RequestedMessage] {
			return []string{"SignCertificate"}
		}
		return []string{trigger.RequestedMessage}
	}
	return nil
}

// certificates are the values of MessageTrigger that ask for a SignCertificate.
var certificates = map[string]bool{
	"SignChargePointCertificate":     true, // 1.6
	"SignChargingStationCertificate": true,
	"SignV2GCertificate":             true,
	"SignV2G20Certificate":           true,
	"SignCombinedCertificate":        true,
}
