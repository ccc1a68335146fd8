package main

import (
	"encoding/json"
	"time"

	"github.com/serverless-ocpp/backend/shared/exactjson"
	"github.com/serverless-ocpp/backend/shared/variable"
)

// toldBy are the variables that the result of a command tells. The members say which command it was, for no
// other result has them: GetConfiguration (OCPP 1.6 section 5.8) or GetVariables (OCPP 2.0.1 part 2,
// GetVariablesResponse). So an answer tells them even when its command was given up or is forgotten.
func toldBy(result json.RawMessage, at time.Time) []variable.Variable {
	var told struct {
		Configuration []configurationKey `json:"configurationKey"`
		Variables     []gotVariable      `json:"getVariableResult"`
	}
	if exactjson.Unmarshal(result, &told) != nil {
		return nil // a result of neither command, or of a shape that its version does not know
	}
	var variables []variable.Variable
	for _, key := range told.Configuration {
		variables = append(variables, key.variable(at))
	}
	for _, got := range told.Variables {
		if got.known() {
			variables = append(variables, variable.Variable{Component: got.Component, Variable: got.Variable, Value: got.Value, ReceivedAt: at})
		}
	}
	return variables
}

// configurationKey is KeyValue of OCPP 1.6 section 7.29.
type configurationKey struct {
	Key      string `json:"key"`
	ReadOnly bool   `json:"readonly"`
	Value    string `json:"value"`
}

func (k configurationKey) variable(at time.Time) variable.Variable {
	return variable.Variable{Variable: variable.Name{Name: k.Key}, Value: k.Value, ReadOnly: k.ReadOnly, ReceivedAt: at}
}

// gotVariable is GetVariableResultType of OCPP 2.0.1 part 2.
type gotVariable struct {
	Status    string             `json:"attributeStatus"`
	Attribute string             `json:"attributeType"` // Actual when left out
	Value     string             `json:"attributeValue"`
	Component variable.Component `json:"component"`
	Variable  variable.Name      `json:"variable"`
}

// known tells whether there is a value of the attribute that counts: not a limit or a target.
func (g gotVariable) known() bool {
	return g.Status == "Accepted" && (g.Attribute == "" || g.Attribute == "Actual")
}
