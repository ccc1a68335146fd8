package fleet

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// component2x and variable2x are ComponentType and VariableType; they are sent back as they came.
type component2x struct {
	Name     string          `json:"name"`
	Instance string          `json:"instance,omitempty"`
	EVSE     json.RawMessage `json:"evse,omitempty"`
}

type variable2x struct {
	Name     string `json:"name"`
	Instance string `json:"instance,omitempty"`
}

// addressed is a variable as commands name it.
type addressed struct {
	Attribute string      `json:"attributeType"`
	Component component2x `json:"component"`
	Variable  variable2x  `json:"variable"`
	Value     string      `json:"attributeValue"`
}

// result begins the result for a variable.
func (a addressed) result(word string) object {
	result := object{"attributeStatus": word, "component": a.Component, "variable": a.Variable}
	if a.Attribute != "" {
		result["attributeType"] = a.Attribute
	}
	return result
}

// find returns the setting that is addressed, or the status that tells what is unknown.
func (a addressed) find(s *Station) (setting, string) {
	if a.Attribute != "" && a.Attribute != "Actual" {
		return setting{}, "NotSupportedAttributeType"
	}
	one, ok := s.settings.find(a.Component.Name + "/" + a.Variable.Name)
	if ok {
		return one, accepted
	}
	known := slices.ContainsFunc(s.settings.factory, func(one setting) bool { return strings.HasPrefix(one.name, a.Component.Name+"/") })
	if known {
		return setting{}, "UnknownVariable"
	}
	return setting{}, "UnknownComponent"
}

func getVariables(s *Station, r struct {
	Data []addressed `json:"getVariableData"`
}) (any, func()) {
	var results []object
	for _, wanted := range r.Data {
		one, word := wanted.find(s)
		if one.writeOnly {
			word = rejected
		}
		result := wanted.result(word)
		if word == accepted {
			result["attributeValue"] = value2x(s, one)
		}
		results = append(results, result)
	}
	return object{"getVariableResult": results}, nil
}

// value2x is the present value: some variables tell what the station has.
func value2x(s *Station, one setting) string {
	switch one.name {
	case "ClockCtrlr/DateTime":
		return timestamp(s.now())
	case "LocalAuthListCtrlr/Entries":
		return strconv.Itoa(len(s.local.words))
	case "SecurityCtrlr/CertificateEntries":
		return strconv.Itoa(len(s.notes.certificates))
	case "SmartChargingCtrlr/Entries":
		return strconv.Itoa(len(s.profiles.list))
	}
	return one.value
}

func setVariables(s *Station, r struct {
	Data []addressed `json:"setVariableData"`
}) (any, func()) {
	var (
		results []object
		todo    []func()
	)
	for _, wanted := range r.Data {
		one, word := wanted.find(s)
		if word == accepted {
			result, after := s.change(one.name, wanted.Value)
			switch result {
			case changedAfterReboot:
				word = "RebootRequired"
			case notChanged, noSuchSetting:
				word = rejected
			case changedNow:
			}
			if after != nil {
				todo = append(todo, after)
			}
		}
		results = append(results, wanted.result(word))
	}
	return object{"setVariableResult": results}, func() {
		for _, after := range todo {
			after()
		}
	}
}
