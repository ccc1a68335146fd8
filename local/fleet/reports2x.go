package fleet

import (
	"slices"
	"strings"
)

// perReport is ItemsPerMessage of DeviceDataCtrlr.
const perReport = 50

func getBaseReport(s *Station, r struct {
	RequestID int    `json:"requestId"`
	Base      string `json:"reportBase"`
}) (any, func()) {
	return s.report(r.RequestID, func(one setting) bool { return r.Base != "ConfigurationInventory" || !one.readOnly })
}

func getReport(s *Station, r struct {
	RequestID int      `json:"requestId"`
	Criteria  []string `json:"componentCriteria"`
	Variables []struct {
		Component component2x `json:"component"`
		Variable  *variable2x `json:"variable"`
	} `json:"componentVariable"`
}) (any, func()) {
	if r.Criteria != nil && !slices.Contains(r.Criteria, "Available") && !slices.Contains(r.Criteria, "Enabled") && !slices.Contains(r.Criteria, "Active") {
		return status("EmptyResultSet"), nil // Problem: nothing is broken
	}
	return s.report(r.RequestID, func(one setting) bool {
		if r.Variables == nil {
			return true
		}
		for _, wanted := range r.Variables {
			component, variable, _ := strings.Cut(one.name, "/")
			if wanted.Component.Name == component && (wanted.Variable == nil || wanted.Variable.Name == variable) {
				return true
			}
		}
		return false
	})
}

// report sends the variables that are wanted, in parts.
func (s *Station) report(requestID int, wanted func(setting) bool) (any, func()) {
	var data []object
	for _, one := range s.settings.all() {
		if wanted(one) {
			data = append(data, reportData(s, one))
		}
	}
	if data == nil {
		return status("EmptyResultSet"), nil
	}
	return status(accepted), func() {
		parts := slices.Collect(slices.Chunk(data, perReport))
		for i, part := range parts {
			payload := object{"requestId": requestID, "generatedAt": timestamp(s.now()), "seqNo": i, "reportData": part}
			if i < len(parts)-1 {
				payload["tbc"] = true
			}
			s.tell(say("NotifyReport", payload))
		}
	}
}

func reportData(s *Station, one setting) object {
	component, variable, _ := strings.Cut(one.name, "/")
	attribute := object{"mutability": "ReadWrite"}
	switch {
	case one.readOnly:
		attribute["mutability"] = "ReadOnly"
	case one.writeOnly:
		attribute["mutability"] = "WriteOnly"
	}
	if !one.writeOnly {
		attribute["value"] = value2x(s, one)
	}
	kind := "string"
	switch {
	case one.number:
		kind = "integer"
	case one.value == "true" || one.value == "false":
		kind = "boolean"
	}
	return object{
		"component": component2x{Name: component}, "variable": variable2x{Name: variable}, "variableAttribute": []object{attribute},
		"variableCharacteristics": object{"dataType": kind, "supportsMonitoring": false},
	}
}

func customerInformation(s *Station, r struct {
	RequestID int  `json:"requestId"`
	Report    bool `json:"report"`
}) (any, func()) {
	if !r.Report {
		return status(accepted), nil
	}
	return status(accepted), func() {
		s.tell(say("NotifyCustomerInformation", object{
			"requestId": r.RequestID, "generatedAt": timestamp(s.now()), "seqNo": 0, "data": "Nothing is kept about this customer.",
		}))
	}
}
