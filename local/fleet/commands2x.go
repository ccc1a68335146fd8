package fleet

import (
	"encoding/json"
	"time"

	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// commands201 is every CALL that a central system of 2.0.1 may send; commands21 is what 2.1 adds.
var commands201, commands21 map[string]handler

// The tables refer to functions that refer to dialects, which refer to the tables.
func init() {
	commands201 = withCommon(map[string]handler{
		"ChangeAvailability":         on(changeAvailability2x),
		"ClearChargingProfile":       on(clearChargingProfile2x),
		"ClearDisplayMessage":        on(clearDisplayMessage),
		"ClearVariableMonitoring":    on(clearVariableMonitoring),
		"CostUpdated":                always(object{}),
		"CustomerInformation":        on(customerInformation),
		"GetBaseReport":              on(getBaseReport),
		"GetChargingProfiles":        on(getChargingProfiles),
		"GetCompositeSchedule":       on(getCompositeSchedule2x),
		"GetDisplayMessages":         on(getDisplayMessages),
		"GetInstalledCertificateIds": on(getInstalledCertificates2x),
		"GetLocalListVersion":        on(getLocalListVersion2x),
		"GetMonitoringReport":        on(getMonitoringReport),
		"GetReport":                  on(getReport),
		"GetTransactionStatus":       on(getTransactionStatus),
		"GetVariables":               on(getVariables),
		"PublishFirmware":            on(publishFirmware),
		"RequestStartTransaction":    on(requestStartTransaction),
		"RequestStopTransaction":     on(requestStopTransaction),
		"ReserveNow":                 on(reserveNow2x),
		"Reset":                      on(reset2x),
		"SendLocalList":              on(sendLocalList2x),
		"SetChargingProfile":         on(setChargingProfile2x),
		"SetDisplayMessage":          on(setDisplayMessage),
		"SetMonitoringBase":          always(status(accepted)),
		"SetMonitoringLevel":         always(status(accepted)),
		"SetNetworkProfile":          always(status(accepted)),
		"SetVariableMonitoring":      on(setVariableMonitoring),
		"SetVariables":               on(setVariables),
		"TriggerMessage":             on(triggerMessage2x),
		"UnlockConnector":            on(unlockConnector2x),
		"UnpublishFirmware":          always(status("NoFirmware")),
		"UpdateFirmware":             on(updateFirmware2x),
	})
	commands21 = map[string]handler{
		"AFRRSignal":                  always(status(accepted)),
		"AdjustPeriodicEventStream":   on(adjustPeriodicEventStream),
		"ChangeTransactionTariff":     on(changeTransactionTariff),
		"ClearDERControl":             on(clearDERControl),
		"ClearTariffs":                on(clearTariffs),
		"GetDERControl":               on(getDERControl),
		"GetPeriodicEventStream":      on(getPeriodicEventStream),
		"GetTariffs":                  on(getTariffs),
		"NotifyAllowedEnergyTransfer": always(status(accepted)),
		"NotifyWebPaymentStarted":     always(object{}),
		"RequestBatterySwap":          always(status(rejected)), // there are no batteries to swap
		"SetDERControl":               on(setDERControl),
		"SetDefaultTariff":            on(setDefaultTariff),
		"UpdateDynamicSchedule":       on(updateDynamicSchedule),
		"UsePriorityCharging":         on(usePriorityCharging),
	}
}

func (d dialect2x) command(action string) (handler, bool) {
	if obey, known := commands21[action]; known && d.version == ocppj.V21 {
		return obey, true
	}
	obey, known := commands201[action]
	return obey, known
}

// evseOf is the optional EVSE of a command; without one it is about all.
type evseOf struct {
	ID int `json:"id"`
}

// token2x is IdTokenType.
type token2x struct {
	Token string `json:"idToken"`
}

func requestStartTransaction(s *Station, r struct {
	RemoteStartID int             `json:"remoteStartId"`
	EVSE          int             `json:"evseId"`
	IDToken       token2x         `json:"idToken"`
	Profile       json.RawMessage `json:"chargingProfile"`
}) (any, func()) {
	_, after := s.remoteStart(r.EVSE, r.IDToken.Token, r.RemoteStartID, decodeProfile(r.Profile))
	return acceptedIf(after != nil), after
}

func requestStopTransaction(s *Station, r struct {
	TransactionID string `json:"transactionId"`
}) (any, func()) {
	after := s.remoteStop(r.TransactionID)
	return acceptedIf(after != nil), after
}

func reset2x(s *Station, r struct {
	Type string `json:"type"`
	EVSE int    `json:"evseId"`
}) (any, func()) {
	switch {
	case r.EVSE != 0:
		return status(rejected), nil // an EVSE cannot be reset alone (AllowReset is not there)
	case r.Type == "OnIdle" && s.busy():
		return status("Scheduled"), func() { s.resetWhenIdle("ScheduledReset") }
	}
	return status(accepted), func() { s.reset(r.Type != "OnIdle", "RemoteReset") }
}

func changeAvailability2x(s *Station, r struct {
	Status string `json:"operationalStatus"`
	EVSE   evseOf `json:"evse"`
}) (any, func()) {
	return changeAvailability(s, r.EVSE.ID, r.Status == "Operative")
}

func unlockConnector2x(s *Station, r struct {
	EVSE      int `json:"evseId"`
	Connector int `json:"connectorId"`
}) (any, func()) {
	c := s.connector(r.EVSE)
	switch {
	case c == nil || r.Connector != 1:
		return status("UnknownConnector"), nil
	case c.session != nil && c.session.tx != nil && !c.session.tx.ended:
		return status("OngoingAuthorizedTransaction"), nil // F05.FR.02
	}
	return status("Unlocked"), func() { s.unlock(c) }
}

func triggerMessage2x(s *Station, r struct {
	Message string `json:"requestedMessage"`
	EVSE    evseOf `json:"evse"`
}) (any, func()) {
	after := s.trigger(r.Message, r.EVSE.ID)
	switch r.Message {
	case "SignChargingStationCertificate", "SignCombinedCertificate":
		after = func() { s.tell(say("SignCertificate", object{"csr": signingRequest})) }
	case "PublishFirmwareStatusNotification":
		after = func() { s.tell(say("PublishFirmwareStatusNotification", object{"status": "Idle"})) }
	}
	return answerTrigger(s, after, r.EVSE.ID)
}

func reserveNow2x(s *Station, r struct {
	ID      int       `json:"id"`
	EVSE    int       `json:"evseId"`
	IDToken token2x   `json:"idToken"`
	Expires time.Time `json:"expiryDateTime"`
}) (any, func()) {
	word, after := s.reserve(r.ID, r.EVSE, r.IDToken.Token, r.Expires)
	return status(word), after
}

func getLocalListVersion2x(s *Station, _ struct{}) (any, func()) {
	return object{"versionNumber": s.local.version}, nil
}

func sendLocalList2x(s *Station, r struct {
	Version int    `json:"versionNumber"`
	Type    string `json:"updateType"`
	List    []struct {
		IDToken token2x `json:"idToken"`
		Info    struct {
			Status string `json:"status"`
		} `json:"idTokenInfo"`
	} `json:"localAuthorizationList"`
}) (any, func()) {
	var entries []listed
	for _, entry := range r.List {
		entries = append(entries, listed{entry.IDToken.Token, entry.Info.Status})
	}
	return updateLocalList(s, r.Type, r.Version, entries)
}

func getTransactionStatus(s *Station, r struct {
	TransactionID *string `json:"transactionId"`
}) (any, func()) {
	waiting := false
	for _, m := range s.outbox.waiting {
		waiting = waiting || m.kept
	}
	result := object{"messagesInQueue": waiting || s.outbox.open != nil && s.outbox.open.kept}
	if r.TransactionID != nil {
		result["ongoingIndicator"] = s.transaction(*r.TransactionID) != nil
	}
	return result, nil
}

func updateFirmware2x(s *Station, r struct {
	RequestID int `json:"requestId"`
	Firmware  struct {
		Retrieve  time.Time `json:"retrieveDateTime"`
		Signature string    `json:"signature"`
	} `json:"firmware"`
}) (any, func()) {
	return startedJob(s.updateFirmware(r.RequestID, r.Firmware.Retrieve, r.Firmware.Signature != "")), nil
}

func publishFirmware(s *Station, r struct {
	RequestID int    `json:"requestId"`
	Location  string `json:"location"`
}) (any, func()) {
	return status(accepted), func() {
		for _, word := range []string{"Downloading", "Downloaded", "ChecksumVerified", "Published"} {
			payload := object{"status": word, "requestId": r.RequestID}
			if word == "Published" {
				payload["location"] = []string{"http://" + s.charger.Serial + ".local/firmware"}
			}
			s.tell(say("PublishFirmwareStatusNotification", payload))
		}
	}
}
