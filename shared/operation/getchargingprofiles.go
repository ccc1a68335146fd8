package operation

import (
	"context"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// GetChargingProfiles has the charge point report the profiles that meet all that is given (OCPP 2.x part 2 use case
// K09). They come in reports, which name the request id. 1.6 cannot: its charge points tell only what their profiles
// amount to, by the operation composite-schedule.
type GetChargingProfiles struct {
	// IDs of profiles. Neither purpose, stackLevel nor sources are given with them.
	IDs []int `json:"ids"`
	// Connector is the EVSE of the profiles, 0 the charge point as a whole. Left out: any.
	Connector Connector `json:"connector"`
	// Purpose of the profiles, as they are set with; also "externalConstraints" for those that somebody else set.
	Purpose string `json:"purpose"`
	// StackLevel of the profiles.
	StackLevel *int `json:"stackLevel" minimum:"0"`
	// Sources are who set the profiles: "CSO" this system, "EMS" an energy management system, "SO" the grid operator, or
	// "Other".
	Sources []string `json:"sources"`

	requestID int
}

// Prepare implements Prepared. The number that the reports will name is chosen here.
func (g *GetChargingProfiles) Prepare(_ context.Context, _ Desk, target Target) error {
	g.requestID = numberOf(target.CommandID)
	return nil
}

// Calls implements Operation.
func (g *GetChargingProfiles) Calls(version ocppj.Version) ([]Call, error) {
	if version == ocppj.V16 {
		return nil, fault.New(fault.Conflict, "in %s a charge point does not tell its charging profiles, but what they amount to: use POST /charge-points/{id}/composite-schedule", version)
	}
	purposes := with(profilePurposes[version], map[string]string{"externalConstraints": "ChargingStationExternalConstraints"})
	criterion, err := profileCriteria(version, g.Connector, g.Purpose, g.StackLevel, purposes)
	if err != nil {
		return nil, err
	}
	payload := map[string]any{"requestId": g.requestID, "chargingProfile": criterion}
	if evse, given := criterion["evseId"]; given { // beside the criterion here, within it in ClearChargingProfile
		payload["evseId"] = evse
		delete(criterion, "evseId")
	}
	if len(g.Sources) > 0 {
		criterion["chargingLimitSource"] = g.Sources
	}
	if len(g.IDs) > 0 {
		if len(criterion) > 0 {
			return nil, fault.New(fault.Invalid, "'ids' must be given without 'purpose', 'stackLevel' and 'sources': they say already which profiles are meant")
		}
		criterion["chargingProfileId"] = g.IDs
	}
	return []Call{{"GetChargingProfiles", payload}}, nil
}

// Said implements Telling.
func (g *GetChargingProfiles) Said() Said { return Said{RequestID: g.requestID} }
