package fleet

import (
	"strconv"
	"time"
)

// commands16 is every CALL that a central system of 1.6 may send.
var commands16 map[string]handler

// The table refers to functions that refer to dialects, which refer to the table.
func init() {
	commands16 = withCommon(map[string]handler{
		"ChangeAvailability":         on(changeAvailability16),
		"ChangeConfiguration":        on(changeConfiguration),
		"ClearChargingProfile":       on(clearChargingProfile16),
		"ExtendedTriggerMessage":     on(triggerMessage16),
		"GetCompositeSchedule":       on(getCompositeSchedule16),
		"GetConfiguration":           on(getConfiguration),
		"GetDiagnostics":             on(getDiagnostics),
		"GetInstalledCertificateIds": on(getInstalledCertificates16),
		"GetLocalListVersion":        on(getLocalListVersion16),
		"RemoteStartTransaction":     on(remoteStartTransaction),
		"RemoteStopTransaction":      on(remoteStopTransaction),
		"ReserveNow":                 on(reserveNow16),
		"Reset":                      on(reset16),
		"SendLocalList":              on(sendLocalList16),
		"SetChargingProfile":         on(setChargingProfile16),
		"SignedUpdateFirmware":       on(signedUpdateFirmware),
		"TriggerMessage":             on(triggerMessage16),
		"UnlockConnector":            on(unlockConnector16),
		"UpdateFirmware":             on(updateFirmware16),
	})
}

func (dialect16) command(action string) (handler, bool) {
	obey, known := commands16[action]
	return obey, known
}

func remoteStartTransaction(s *Station, r struct {
	IDTag       string     `json:"idTag"`
	ConnectorID int        `json:"connectorId"`
	Profile     *profile16 `json:"chargingProfile"`
}) (any, func()) {
	var p *profile
	if r.Profile != nil {
		p = r.Profile.neutral()
	}
	_, after := s.remoteStart(r.ConnectorID, r.IDTag, 0, p)
	return acceptedIf(after != nil), after
}

func remoteStopTransaction(s *Station, r struct {
	TransactionID int `json:"transactionId"`
}) (any, func()) {
	after := s.remoteStop(strconv.Itoa(r.TransactionID))
	return acceptedIf(after != nil), after
}

func reset16(s *Station, r struct {
	Type string `json:"type"`
}) (any, func()) {
	return status(accepted), func() { s.reset(r.Type == "Hard", "RemoteReset") }
}

func changeAvailability16(s *Station, r struct {
	ConnectorID int    `json:"connectorId"`
	Type        string `json:"type"`
}) (any, func()) {
	return changeAvailability(s, r.ConnectorID, r.Type == "Operative")
}

func unlockConnector16(s *Station, r struct {
	ConnectorID int `json:"connectorId"`
}) (any, func()) {
	c := s.connector(r.ConnectorID)
	if c == nil {
		return status("NotSupported"), nil
	}
	return status("Unlocked"), func() { s.unlock(c) }
}

func triggerMessage16(s *Station, r struct {
	Message     string `json:"requestedMessage"`
	ConnectorID int    `json:"connectorId"`
}) (any, func()) {
	after := s.trigger(r.Message, r.ConnectorID)
	switch {
	case r.Message == "DiagnosticsStatusNotification":
		after = func() { s.tell(diagnostics16(0, s.tasks.log.state())) }
	case r.Message == "FirmwareStatusNotification" && s.tasks.firmware.requestID == 0:
		after = func() { s.tell(dialect16{}.firmware(0, s.tasks.firmware.state())) }
	case r.Message == "SignChargePointCertificate":
		after = func() { s.tell(say("SignCertificate", object{"csr": signingRequest})) }
	}
	return answerTrigger(s, after, r.ConnectorID)
}

func reserveNow16(s *Station, r struct {
	ID          int       `json:"reservationId"`
	ConnectorID int       `json:"connectorId"`
	IDTag       string    `json:"idTag"`
	Expires     time.Time `json:"expiryDate"`
}) (any, func()) {
	word, after := s.reserve(r.ID, r.ConnectorID, r.IDTag, r.Expires)
	return status(word), after
}

func getLocalListVersion16(s *Station, _ struct{}) (any, func()) {
	return object{"listVersion": s.local.version}, nil
}

func sendLocalList16(s *Station, r struct {
	Version int    `json:"listVersion"`
	Type    string `json:"updateType"`
	List    []struct {
		IDTag string `json:"idTag"`
		Info  struct {
			Status string `json:"status"`
		} `json:"idTagInfo"`
	} `json:"localAuthorizationList"`
}) (any, func()) {
	var entries []listed
	for _, entry := range r.List {
		entries = append(entries, listed{entry.IDTag, entry.Info.Status})
	}
	return updateLocalList(s, r.Type, r.Version, entries)
}
