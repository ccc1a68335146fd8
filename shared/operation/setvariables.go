package operation

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// SetVariables writes variables of the device model, or configuration keys: in 2.x all in one CALL (part 2 use case B05),
// in 1.6 a ChangeConfiguration for each, in the order given (section 5.3). What became of each is in the commands'
// results. The charge point's own key is no variable to set: the operation key-rotation changes it.
type SetVariables struct {
	// Variables are what to write, 1 to 100.
	Variables []VariableToSet `json:"variables" required:"true" minItems:"1" maxItems:"100"`
}

// VariableToSet is one variable to write.
type VariableToSet struct {
	VariableName
	// Attribute is "actual", "target", "minSet" or "maxSet" (2.x). Left out: actual.
	Attribute string `json:"attribute,omitempty" enum:"actual,target,minSet,maxSet"`
	// Value is the new value. Every value is a text in OCPP; a number or a truth value may be written as such.
	Value *VariableValue `json:"value" required:"true"`
}

// VariableValue is a text, or a number, true or false, which stand for themselves.
type VariableValue string

// UnmarshalJSON implements json.Unmarshaler.
func (v *VariableValue) UnmarshalJSON(data []byte) error {
	switch data[0] {
	case '"':
		return json.Unmarshal(data, (*string)(v))
	case '{', '[':
		return fault.New(fault.Malformed, "'value' must be a string, a number, true or false")
	}
	*v = VariableValue(data)
	return nil
}

// Lengths of values: OCPP 1.6 ChangeConfiguration, OCPP 2.0.1 and 2.1 SetVariableDataType.
var maxValue = map[ocppj.Version]int{ocppj.V16: 500, ocppj.V201: 1000, ocppj.V21: 2500}

// Calls implements Operation.
func (s *SetVariables) Calls(version ocppj.Version) ([]Call, error) {
	if len(s.Variables) == 0 {
		return nil, missing("variables")
	}
	if err := checkCount(len(s.Variables)); err != nil {
		return nil, err
	}
	for i, v := range s.Variables {
		if err := v.check(version, fmt.Sprintf("variables[%d]", i)); err != nil {
			return nil, err
		}
	}
	if version == ocppj.V16 {
		return s.calls16()
	}
	data := make([]map[string]any, len(s.Variables))
	for i, v := range s.Variables {
		var err error
		if data[i], err = v.data(version, fmt.Sprintf("variables[%d]", i), v.Attribute); err != nil {
			return nil, err
		}
		data[i]["attributeValue"] = string(*v.Value)
	}
	return []Call{{"SetVariables", map[string]any{"setVariableData": data}}}, nil
}

func (s *SetVariables) calls16() ([]Call, error) {
	calls := make([]Call, len(s.Variables))
	for i, v := range s.Variables {
		key, err := v.key(fmt.Sprintf("variables[%d]", i), v.Attribute)
		if err != nil {
			return nil, err
		}
		calls[i] = Call{"ChangeConfiguration", map[string]any{"key": key, "value": string(*v.Value)}}
	}
	return calls, nil
}

// check returns fault.Malformed without a value, fault.Invalid for one that is too long, and fault.Conflict for the key
// of the charge point, which the system must know to let it connect again.
func (v VariableToSet) check(version ocppj.Version, place string) error {
	for _, key := range []string{"AuthorizationKey", "BasicAuthPassword"} {
		if strings.EqualFold(v.Variable, key) {
			return fault.New(fault.Conflict, "'%s.variable' must not be %s: use POST /charge-points/{id}/key-rotation, which tells this system, too", place, key)
		}
	}
	if v.Value == nil {
		return missing(place + ".value")
	}
	return checkLength(place+".value", string(*v.Value), maxValue[version])
}
