package operation

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Connector names a connector as every list of this system does: "1" is connector 1 in 1.6 and EVSE 1 in 2.x,
// "1#2" is connector 2 of EVSE 1 in 2.x, "0" the charge point as a whole. In JSON it may be a number, too.
type Connector string

// UnmarshalJSON implements json.Unmarshaler.
func (c *Connector) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil // as if it were left out
	}
	text := strings.Trim(string(data), `"`)
	evse, connector, both := strings.Cut(text, "#")
	for _, part := range []string{evse, connector} {
		if number, err := strconv.Atoi(part); (part != "" || part == evse) && (err != nil || number < 0 || number > 1<<31-1) {
			return fault.New(fault.Malformed, `a connector must be written as 1, "1" or "1#2", not %.40s`, data)
		}
	}
	if both && connector == "" {
		return fault.New(fault.Malformed, `a connector must be written as 1, "1" or "1#2", not %.40s`, data)
	}
	*c = Connector(text)
	return nil
}

// MarshalJSON implements json.Marshaler.
func (c Connector) MarshalJSON() ([]byte, error) { return json.Marshal(string(c)) }

// evse is the number before the #, connector the one behind it (0: none).
func (c Connector) numbers() (evse, connector int) {
	first, second, _ := strings.Cut(string(c), "#")
	evse, _ = strconv.Atoi(first)       // UnmarshalJSON has checked both
	connector, _ = strconv.Atoi(second) // "" is 0
	return evse, connector
}

// in16 is the connectorId of 1.6. fault.Invalid for a connector of an EVSE, which 1.6 does not know.
func (c Connector) in16() (int, error) {
	number, connector := c.numbers()
	if connector != 0 {
		return 0, fault.New(fault.Invalid, "'connector' must be a single number such as 1: in %s connectors have no EVSE", ocppj.V16)
	}
	return number, nil
}

// evse is the EVSEType of 2.x, with the connector if one is named; nil for the charge point as a whole.
func (c Connector) evse() map[string]any {
	evse, connector := c.numbers()
	switch {
	case evse == 0:
		return nil
	case connector == 0:
		return map[string]any{"id": evse}
	}
	return map[string]any{"id": evse, "connectorId": connector}
}
