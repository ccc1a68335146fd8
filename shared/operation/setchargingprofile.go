package operation

import (
	"context"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// SetChargingProfile limits charging over time (OCPP 1.6 section 5.16, OCPP 2.x part 2 use case K01).
type SetChargingProfile struct {
	// Connector is the connector (1.6) or EVSE (2.x) that is limited. Left out, or 0: the charge point as a whole, which
	// the purpose chargePointMax needs, or for txDefault each connector; the purpose tx needs one.
	Connector Connector `json:"connector"`
	// ChargingProfile is the limit. One of the same id, or of the same purpose and stack level at the connector, is
	// replaced.
	ChargingProfile ChargingProfile `json:"chargingProfile" required:"true"`
}

// Prepare implements Prepared. It numbers the profile.
func (s *SetChargingProfile) Prepare(context.Context, Desk, Target) error {
	s.ChargingProfile.number()
	return nil
}

// Calls implements Operation.
func (s *SetChargingProfile) Calls(version ocppj.Version) ([]Call, error) {
	number, err := s.Connector.single(version)
	if err != nil {
		return nil, err
	}
	profile, err := s.ChargingProfile.in(version)
	if err != nil {
		return nil, err
	}
	if err := s.check(version, number); err != nil {
		return nil, err
	}
	if version == ocppj.V16 {
		return []Call{{"SetChargingProfile", map[string]any{"connectorId": number, "csChargingProfiles": profile}}}, nil
	}
	return []Call{{"SetChargingProfile", map[string]any{"evseId": number, "chargingProfile": profile}}}, nil
}

// Said implements Telling.
func (s *SetChargingProfile) Said() Said { return Said{ChargingProfileID: s.ChargingProfile.ID} }

// check returns fault.Invalid or fault.Malformed for what charge points refuse (OCPP 1.6 sections 3.13.1 and 5.16.2,
// OCPP 2.x K01.FR.03, K01.FR.16 and K01.FR.38).
func (s *SetChargingProfile) check(version ocppj.Version, number int) error {
	profile := s.ChargingProfile
	switch {
	case profile.Purpose == "chargePointMax" && number != 0:
		return fault.New(fault.Invalid, "'connector' must be 0 or left out: a profile of the purpose chargePointMax limits the charge point as a whole")
	case profile.Purpose != "tx" && profile.TransactionID != "":
		return fault.New(fault.Invalid, "'chargingProfile.transactionId' must be left out unless 'chargingProfile.purpose' is tx")
	case profile.Purpose == "tx" && number == 0:
		return fault.New(fault.Invalid, "'connector' must be the one of the transaction: a profile of the purpose tx limits one")
	case profile.Purpose == "tx" && profile.TransactionID == "" && version != ocppj.V16:
		return fault.New(fault.Malformed, "Missing required parameter: 'chargingProfile.transactionId' (in %s a profile of the purpose tx names its transaction)", version)
	}
	return nil
}

// single is the connector of 1.6 or the EVSE of 2.x, where the CALL cannot name a connector of an EVSE; 0 is the charge
// point as a whole, also when it was left out. fault.Invalid for a connector of an EVSE.
func (c Connector) single(version ocppj.Version) (int, error) {
	if version == ocppj.V16 {
		return c.in16()
	}
	evse, connector := c.numbers()
	if connector != 0 {
		return 0, fault.New(fault.Invalid, "'connector' must be an EVSE such as 1: in %s this goes for all its connectors", version)
	}
	return evse, nil
}
