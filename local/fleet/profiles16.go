package fleet

import "time"

// profile16 is a charging profile of 1.6.
type profile16 struct {
	profile
	ProfileID int      `json:"chargingProfileId"`
	Schedule  schedule `json:"chargingSchedule"`
	TxID      *int     `json:"transactionId"`
}

func (p *profile16) neutral() *profile {
	neutral := p.profile
	neutral.ID, neutral.Schedule = p.ProfileID, p.Schedule
	return &neutral
}

func setChargingProfile16(s *Station, r struct {
	ConnectorID int       `json:"connectorId"`
	Profile     profile16 `json:"csChargingProfiles"`
}) (any, func()) {
	return setProfile(s, r.ConnectorID, r.Profile.neutral())
}

// setProfile answers in all versions. A TxProfile needs a transaction (OCPP 1.6 section 5.16, OCPP 2.0.1 part 2 K01.FR.09).
func setProfile(s *Station, number int, p *profile) (any, func()) {
	if number != 0 && s.connector(number) == nil {
		return status(rejected), nil
	}
	if p.Purpose == "TxProfile" {
		c := s.connector(number)
		if c == nil || c.session == nil || c.session.tx == nil || c.session.tx.ended {
			return status(rejected), nil
		}
		p.tx = c.session.tx
	}
	s.limitsChanged(func() { s.profiles.put(s, number, p) })
	return status(accepted), nil
}

func clearChargingProfile16(s *Station, r struct {
	ID          *int    `json:"id"`
	ConnectorID *int    `json:"connectorId"`
	Purpose     *string `json:"chargingProfilePurpose"`
	StackLevel  *int    `json:"stackLevel"`
}) (any, func()) {
	return clearProfiles(s, r.ID, r.ConnectorID, r.Purpose, r.StackLevel)
}

// clearProfiles answers in all versions: an id alone, or whatever else is given, must match.
func clearProfiles(s *Station, id, number *int, purpose *string, stackLevel *int) (any, func()) {
	cleared := false
	s.limitsChanged(func() {
		cleared = s.profiles.clear(func(p *profile) bool {
			if id != nil {
				return p.ID == *id
			}
			return (number == nil || p.number == *number) && (purpose == nil || p.Purpose == *purpose) &&
				(stackLevel == nil || p.StackLevel == *stackLevel)
		})
	})
	if !cleared {
		return status(unknown), nil
	}
	return status(accepted), nil
}

func getCompositeSchedule16(s *Station, r struct {
	ConnectorID int    `json:"connectorId"`
	Duration    int    `json:"duration"`
	Unit        string `json:"chargingRateUnit"`
}) (any, func()) {
	connectors := s.selected(r.ConnectorID)
	if connectors == nil {
		return status(rejected), nil
	}
	unit := unitOr(r.Unit, "W")
	return object{
		"status": accepted, "connectorId": r.ConnectorID, "scheduleStart": s.now().Format(time.RFC3339),
		"chargingSchedule": object{
			"chargingRateUnit": unit, "duration": r.Duration, "chargingSchedulePeriod": s.composite(connectors[0], r.Duration, unit),
		},
	}, nil
}

func unitOr(unit, otherwise string) string {
	if unit == "" {
		return otherwise
	}
	return unit
}
