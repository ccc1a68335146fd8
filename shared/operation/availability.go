package operation

import "github.com/serverless-ocpp/backend/shared/ocppj"

// Availability takes the charge point, or part of it, out of service or puts it back (OCPP 1.6 section 5.2, OCPP 2.x
// part 2 use cases G03 and G04). Where a transaction runs the change is scheduled for its end.
type Availability struct {
	// Operative is true to put into service, false to take out.
	Operative *bool `json:"operative" required:"true"`
	// Connector is the connector (1.6), the EVSE, or in 2.x a connector of an EVSE. Left out, or "0": all of the charge point.
	Connector Connector `json:"connector"`
}

// Calls implements Operation.
func (a *Availability) Calls(version ocppj.Version) ([]Call, error) {
	if a.Operative == nil {
		return nil, missing("operative")
	}
	word := "Inoperative"
	if *a.Operative {
		word = "Operative"
	}
	if version == ocppj.V16 {
		number, err := a.Connector.in16()
		if err != nil {
			return nil, err
		}
		return []Call{{"ChangeAvailability", map[string]any{"connectorId": number, "type": word}}}, nil
	}
	payload := map[string]any{"operationalStatus": word}
	if evse := a.Connector.evse(); evse != nil {
		payload["evse"] = evse
	}
	return []Call{{"ChangeAvailability", payload}}, nil
}
