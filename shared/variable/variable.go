// Package variable is the vocabulary of a charge point's device model: components and their variables
// (OCPP 2.x), and the configuration keys of OCPP 1.6, which are variables without a component.
package variable

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Component names a component of the device model (OCPP 2.0.1 part 2, ComponentType).
type Component struct {
	Name     string `json:"name"`
	Instance string `json:"instance,omitempty"`
	EVSE     *EVSE  `json:"evse,omitempty"`
}

// EVSE places a component.
type EVSE struct {
	ID          int `json:"id"`
	ConnectorID int `json:"connectorId,omitempty"`
}

// Name names a variable of a component (OCPP 2.0.1 part 2, VariableType).
type Name struct {
	Name     string `json:"name"`
	Instance string `json:"instance,omitempty"`
}

// Variable is one row of the VariableTable.
type Variable struct {
	ChargePointID   string
	Component       Component
	Variable        Name
	Value           string          // of the attribute Actual; "" when it was not told or is write-only
	Attributes      json.RawMessage // all attributes as reported (2.x), nil when only the value is known
	Characteristics json.RawMessage // as reported (2.x)
	ReadOnly        bool            // 1.6 configuration keys
	At              time.Time       // when the charge point generated it
	ReceivedAt      time.Time
}

// Key is the sort key component/variable: names compare without case (OCPP 2.0.1 part 2, 2.1.2), so it
// is in lower case. A component's place is written as @evse or @evse.connector, an instance as #instance.
func (v Variable) Key() string {
	var key strings.Builder
	key.WriteString(v.Component.Name)
	if v.Component.Instance != "" {
		key.WriteString("#" + v.Component.Instance)
	}
	if evse := v.Component.EVSE; evse != nil {
		fmt.Fprintf(&key, "@%d", evse.ID)
		if evse.ConnectorID > 0 {
			fmt.Fprintf(&key, ".%d", evse.ConnectorID)
		}
	}
	key.WriteString("/" + v.Variable.Name)
	if v.Variable.Instance != "" {
		key.WriteString("#" + v.Variable.Instance)
	}
	return strings.ToLower(key.String())
}

// Store keeps variables.
type Store interface {
	// Put stores what was told of variables; what is known and was not told again (nil, "") stays. One
	// that was received later is not overwritten.
	Put(ctx context.Context, variables []Variable) error
	// List returns a page of a charge point's variables by key.
	List(ctx context.Context, chargePointID, cursor string, limit int) (variables []Variable, next string, err error)
}
