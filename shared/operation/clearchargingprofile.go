package operation

import (
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// ClearChargingProfile takes limits away: one profile by its id, or those that meet all that is given (OCPP 1.6 section
// 5.5, OCPP 2.x part 2 use case K10). With nothing given, a 1.6 charge point clears every profile; 2.x needs something.
type ClearChargingProfile struct {
	// ID of the profile. Nothing else is given with it.
	ID *int `json:"id"`
	// Connector is the connector (1.6) or EVSE (2.x) of the profiles, 0 the charge point as a whole.
	Connector Connector `json:"connector"`
	// Purpose of the profiles: "chargePointMax", "txDefault" or "tx"; in 2.1 also "priorityCharging" and "localGeneration".
	Purpose string `json:"purpose"`
	// StackLevel of the profiles.
	StackLevel *int `json:"stackLevel" minimum:"0"`
}

// Calls implements Operation.
func (c *ClearChargingProfile) Calls(version ocppj.Version) ([]Call, error) {
	criteria, err := profileCriteria(version, c.Connector, c.Purpose, c.StackLevel, profilePurposes[version])
	if err != nil {
		return nil, err
	}
	if c.ID != nil && len(criteria) > 0 {
		return nil, fault.New(fault.Invalid, "'id' must be given alone: it says already which profile is meant")
	}
	if version == ocppj.V16 {
		if c.ID != nil {
			criteria["id"] = *c.ID
		}
		return []Call{{"ClearChargingProfile", criteria}}, nil
	}
	switch {
	case c.ID != nil:
		return []Call{{"ClearChargingProfile", map[string]any{"chargingProfileId": *c.ID}}}, nil
	case len(criteria) == 0: // K10: an id, or at least one criterion
		return nil, fault.New(fault.Malformed, "Missing required parameter: 'id', 'connector', 'purpose' or 'stackLevel' (in %s one of them has to be given)", version)
	}
	return []Call{{"ClearChargingProfile", map[string]any{"chargingProfileCriteria": criteria}}}, nil
}

// profileCriteria are the criteria of profiles that are given, in the words of a version.
func profileCriteria(version ocppj.Version, at Connector, purpose string, stackLevel *int, purposes map[string]string) (map[string]any, error) {
	criteria := map[string]any{}
	number, err := at.single(version)
	switch {
	case err != nil:
		return nil, err
	case at != "" && version == ocppj.V16:
		criteria["connectorId"] = number
	case at != "":
		criteria["evseId"] = number
	}
	if purpose != "" {
		if criteria["chargingProfilePurpose"], err = word(version, "purpose", purpose, purposes); err != nil {
			return nil, err
		}
	}
	if stackLevel != nil {
		if *stackLevel < 0 {
			return nil, fault.New(fault.Invalid, "'stackLevel' must be 0 or more, or left out")
		}
		criteria["stackLevel"] = *stackLevel
	}
	return criteria, nil
}
