package operation

import (
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Unlock opens the lock of a connector, for a driver whose cable is stuck (OCPP 1.6 section 5.18, OCPP 2.x part 2 use
// case F05). In 1.6 it ends the transaction on the connector first; in 2.x a charge point refuses while there is one.
type Unlock struct {
	// Connector is "1", or in 2.x "1#2" for connector 2 of EVSE 1; there "1" is connector 1 of EVSE 1.
	Connector Connector `json:"connector" required:"true"`
}

// Calls implements Operation.
func (u *Unlock) Calls(version ocppj.Version) ([]Call, error) {
	if u.Connector == "" {
		return nil, missing("connector")
	}
	evse, connector := u.Connector.numbers()
	if evse < 1 {
		return nil, fault.New(fault.Invalid, "'connector' must be 1 or more: a charge point as a whole has no lock")
	}
	if version == ocppj.V16 {
		number, err := u.Connector.in16()
		if err != nil {
			return nil, err
		}
		return []Call{{"UnlockConnector", map[string]any{"connectorId": number}}}, nil
	}
	return []Call{{"UnlockConnector", map[string]any{"evseId": evse, "connectorId": max(connector, 1)}}}, nil
}
