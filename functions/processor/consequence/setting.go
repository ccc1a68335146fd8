package consequence

import (
	"strings"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/variable"
)

// changeConfiguration is ChangeConfiguration.req (OCPP 1.6 section 6.7).
type changeConfiguration struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// setVariablesRequest is SetVariablesRequest (OCPP 2.0.1 part 2).
type setVariablesRequest struct {
	Data []struct {
		Attribute string             `json:"attributeType"` // Actual when left out
		Value     string             `json:"attributeValue"`
		Component variable.Component `json:"component"`
		Variable  variable.Name      `json:"variable"`
	} `json:"setVariableData"`
}

// setVariablesResult is SetVariablesResponse: a status each.
type setVariablesResult struct {
	Results []struct {
		Status    string             `json:"attributeStatus"`
		Attribute string             `json:"attributeType"`
		Component variable.Component `json:"component"`
		Variable  variable.Name      `json:"variable"`
	} `json:"setVariableResult"`
}

// actual tells the attribute that holds the value itself: not a limit or a target.
func actual(attribute string) bool { return attribute == "" || attribute == "Actual" }

// setting is a value that a command sets, and what the charge point said to it.
type setting struct {
	variable variable.Variable
	status   string // "" when it said nothing
}

// settings are what ChangeConfiguration or SetVariables was to set.
func settings(asked command.Command, outcome command.Outcome) []setting {
	switch asked.Action {
	case "ChangeConfiguration":
		change := read[changeConfiguration](asked.Payload)
		return []setting{{variable.Variable{Variable: variable.Name{Name: change.Key}, Value: change.Value, ReceivedAt: outcome.At}, status(outcome)}}
	case "SetVariables":
		words := make(map[string]string)
		for _, result := range read[setVariablesResult](outcome.Result).Results {
			if actual(result.Attribute) {
				words[variable.Variable{Component: result.Component, Variable: result.Variable}.Key()] = result.Status
			}
		}
		var set []setting
		for _, data := range read[setVariablesRequest](asked.Payload).Data {
			if actual(data.Attribute) {
				v := variable.Variable{Component: data.Component, Variable: data.Variable, Value: data.Value, ReceivedAt: outcome.At}
				set = append(set, setting{v, words[v.Key()]})
			}
		}
		return set
	}
	return nil
}

// settingOf is the one of those settings that has a name, compared without case.
func settingOf(all []setting, names ...string) (setting, bool) {
	for _, s := range all {
		for _, name := range names {
			if strings.EqualFold(s.variable.Variable.Name, name) {
				return s, true
			}
		}
	}
	return setting{}, false
}
