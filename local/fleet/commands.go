package fleet

import "maps"

// withCommon adds the commands that are spelled and meant alike in all versions to those of one.
func withCommon(own map[string]handler) map[string]handler {
	maps.Copy(own, map[string]handler{
		"CancelReservation":  on(cancelReservation),
		"CertificateSigned":  always(status(accepted)),
		"ClearCache":         always(status(accepted)),
		"DataTransfer":       always(status("UnknownVendorId")),
		"DeleteCertificate":  on(deleteCertificate),
		"GetLog":             on(getLog),
		"InstallCertificate": on(installCertificate),
	})
	return own
}

func cancelReservation(s *Station, r struct {
	ID int `json:"reservationId"`
}) (any, func()) {
	if s.reservedBy(r.ID) == nil {
		return status(rejected), nil
	}
	return status(accepted), func() { s.dropReservation(r.ID) }
}

// changeAvailability answers in all versions, as all below.
func changeAvailability(s *Station, number int, operative bool) (any, func()) {
	connectors := s.selected(number)
	if connectors == nil {
		return status(rejected), nil
	}
	scheduled, after := s.setOperative(connectors, operative)
	if scheduled {
		return status("Scheduled"), after
	}
	return status(accepted), after
}

func answerTrigger(s *Station, after func(), number int) (any, func()) {
	switch {
	case number != 0 && s.connector(number) == nil:
		return status(rejected), nil
	case after == nil:
		return status("NotImplemented"), nil
	}
	return status(accepted), after
}

func updateLocalList(s *Station, kind string, version int, entries []listed) (any, func()) {
	if !s.local.update(kind == "Full", version, entries) {
		return status("VersionMismatch"), nil
	}
	return status(accepted), nil
}
