package fleet

import (
	"encoding/json"
	"slices"
	"time"
)

// profile2x is a charging profile of 2.x.
type profile2x struct {
	profile
	ProfileID int        `json:"id"`
	Schedules []schedule `json:"chargingSchedule"`
	TxID      string     `json:"transactionId"`
}

// decodeProfile keeps the profile as it came, too: reports send it back.
func decodeProfile(raw json.RawMessage) *profile {
	var decoded profile2x
	if len(raw) == 0 || json.Unmarshal(raw, &decoded) != nil {
		return nil
	}
	neutral := decoded.profile
	neutral.ID, neutral.raw = decoded.ProfileID, raw
	if len(decoded.Schedules) > 0 {
		neutral.Schedule = decoded.Schedules[0]
	}
	return &neutral
}

func setChargingProfile2x(s *Station, r struct {
	EVSE    int             `json:"evseId"`
	Profile json.RawMessage `json:"chargingProfile"`
}) (any, func()) {
	p := decodeProfile(r.Profile)
	if p == nil {
		return status(rejected), nil
	}
	return setProfile(s, r.EVSE, p)
}

func clearChargingProfile2x(s *Station, r struct {
	ID       *int `json:"chargingProfileId"`
	Criteria struct {
		EVSE       *int    `json:"evseId"`
		Purpose    *string `json:"chargingProfilePurpose"`
		StackLevel *int    `json:"stackLevel"`
	} `json:"chargingProfileCriteria"`
}) (any, func()) {
	return clearProfiles(s, r.ID, r.Criteria.EVSE, r.Criteria.Purpose, r.Criteria.StackLevel)
}

// profilesReport is one message of those that answer GetChargingProfiles.
type profilesReport struct {
	requestID, evse int
	profiles        []json.RawMessage
	more            bool
}

func (dialect2x) profilesReport(report profilesReport) *message {
	payload := object{
		"requestId": report.requestID, "evseId": report.evse, "chargingLimitSource": "CSO", "chargingProfile": report.profiles,
	}
	if report.more {
		payload["tbc"] = true
	}
	return say("ReportChargingProfiles", payload)
}

func getChargingProfiles(s *Station, r struct {
	RequestID int  `json:"requestId"`
	EVSE      *int `json:"evseId"`
	Criterion struct {
		IDs        []int    `json:"chargingProfileId"`
		Purpose    string   `json:"chargingProfilePurpose"`
		StackLevel *int     `json:"stackLevel"`
		Sources    []string `json:"chargingLimitSource"`
	} `json:"chargingProfile"`
}) (any, func()) {
	want := r.Criterion
	byEVSE := map[int][]json.RawMessage{}
	for _, p := range s.profiles.list {
		if (r.EVSE == nil || p.number == *r.EVSE) && (want.IDs == nil || slices.Contains(want.IDs, p.ID)) &&
			(want.Purpose == "" || p.Purpose == want.Purpose) && (want.StackLevel == nil || p.StackLevel == *want.StackLevel) &&
			(want.Sources == nil || slices.Contains(want.Sources, "CSO")) {
			byEVSE[p.number] = append(byEVSE[p.number], p.raw)
		}
	}
	if len(byEVSE) == 0 {
		return status("NoProfiles"), nil
	}
	return status(accepted), func() {
		left := len(byEVSE)
		for number := range len(s.connectors) + 1 {
			if list := byEVSE[number]; list != nil {
				left--
				s.tell(s.dialect.profilesReport(profilesReport{r.RequestID, number, list, left > 0}))
			}
		}
	}
}

func getCompositeSchedule2x(s *Station, r struct {
	EVSE     int    `json:"evseId"`
	Duration int    `json:"duration"`
	Unit     string `json:"chargingRateUnit"`
}) (any, func()) {
	connectors := s.selected(r.EVSE)
	if connectors == nil {
		return status(rejected), nil
	}
	unit := unitOr(r.Unit, "W")
	return object{"status": accepted, "schedule": object{
		"evseId": r.EVSE, "duration": r.Duration, "scheduleStart": s.now().Format(time.RFC3339), "chargingRateUnit": unit,
		"chargingSchedulePeriod": s.composite(connectors[0], r.Duration, unit),
	}}, nil
}

// updateDynamicSchedule changes the limit of a profile that is there (2.1, K28).
func updateDynamicSchedule(s *Station, r struct {
	ID     int `json:"chargingProfileId"`
	Update struct {
		Limit *float64 `json:"limit"`
	} `json:"scheduleUpdate"`
}) (any, func()) {
	at := slices.IndexFunc(s.profiles.list, func(p *profile) bool { return p.ID == r.ID && p.Kind == "Dynamic" })
	if at < 0 {
		return status(rejected), nil
	}
	s.limitsChanged(func() {
		s.profiles.list[at].Schedule.Periods = []period{{Limit: r.Update.Limit}}
	})
	return status(accepted), nil
}
