package operation

import (
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// CompositeSchedule asks what all charging profiles together amount to from now on (OCPP 1.6 section 5.7, OCPP 2.x part
// 2 use case K08). It comes with the command's result.
type CompositeSchedule struct {
	// Connector is the connector (1.6) or EVSE (2.x). Left out, or 0: the charge point as a whole.
	Connector Connector `json:"connector"`
	// Seconds is how far ahead.
	Seconds int `json:"seconds" required:"true" minimum:"1"`
	// Unit is "W" watts or "A" amperes. Left out: as the charge point likes.
	Unit string `json:"unit"`
}

// Calls implements Operation.
func (c *CompositeSchedule) Calls(version ocppj.Version) ([]Call, error) {
	number, err := c.Connector.single(version)
	if err != nil {
		return nil, err
	}
	if c.Seconds <= 0 {
		return nil, fault.New(fault.Invalid, "'seconds' must be 1 or more")
	}
	payload := map[string]any{"duration": c.Seconds}
	if c.Unit != "" {
		if payload["chargingRateUnit"], err = word(version, "unit", c.Unit, scheduleUnits); err != nil {
			return nil, err
		}
	}
	if version == ocppj.V16 {
		payload["connectorId"] = number
	} else {
		payload["evseId"] = number
	}
	return []Call{{"GetCompositeSchedule", payload}}, nil
}
