package operation

import (
	"fmt"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// maxVariables is how many variables one operation may name. In 1.6 each that is set is a CALL of its own.
const maxVariables = 100

// GetVariables reads variables of the device model, or configuration keys (OCPP 1.6 section 5.8 GetConfiguration, OCPP
// 2.x part 2 use case B06). The values come with the command's result, and are kept with the charge point's variables.
type GetVariables struct {
	// Variables are what to read, at most 100. In 1.6 they may be left out to read all; in 2.x that is a report.
	Variables []VariableToGet `json:"variables" maxItems:"100"`
}

// VariableToGet is one variable to read; the name alone stands for {"variable": name}.
type VariableToGet struct {
	VariableName
	// Attribute is "actual", "target", "minSet" or "maxSet" (2.x). Left out: actual.
	Attribute string `json:"attribute,omitempty" enum:"actual,target,minSet,maxSet"`
}

// UnmarshalJSON implements json.Unmarshaler.
func (v *VariableToGet) UnmarshalJSON(data []byte) error {
	type plain VariableToGet // without this method
	return readShorthand(data, &v.Variable, (*plain)(v))
}

// Calls implements Operation.
func (g *GetVariables) Calls(version ocppj.Version) ([]Call, error) {
	if err := checkCount(len(g.Variables)); err != nil {
		return nil, err
	}
	if version == ocppj.V16 {
		return g.calls16()
	}
	if len(g.Variables) == 0 {
		return nil, fault.New(fault.Malformed, "Missing required parameter: 'variables' (in %s at least one; the operation report reads all)", version)
	}
	wanted := make([]map[string]any, len(g.Variables))
	for i, v := range g.Variables {
		var err error
		if wanted[i], err = v.data(version, fmt.Sprintf("variables[%d]", i), v.Attribute); err != nil {
			return nil, err
		}
	}
	return []Call{{"GetVariables", map[string]any{"getVariableData": wanted}}}, nil
}

func (g *GetVariables) calls16() ([]Call, error) {
	if len(g.Variables) == 0 {
		return []Call{{"GetConfiguration", struct{}{}}}, nil // all keys
	}
	keys := make([]string, len(g.Variables))
	for i, v := range g.Variables {
		var err error
		if keys[i], err = v.key(fmt.Sprintf("variables[%d]", i), v.Attribute); err != nil {
			return nil, err
		}
	}
	return []Call{{"GetConfiguration", map[string]any{"key": keys}}}, nil
}

// checkCount returns fault.Invalid for more variables than one operation may name.
func checkCount(n int) error {
	if n > maxVariables {
		return fault.New(fault.Invalid, "'variables' must be at most %d, not %d", maxVariables, n)
	}
	return nil
}
