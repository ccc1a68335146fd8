package operation

import (
	"context"
	"fmt"
	"slices"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Report has the charge point report its device model (OCPP 2.x part 2 use cases B07 GetBaseReport and B08 GetReport):
// what it tells afterwards, in parts, is kept with its variables. In 1.6 it reads all configuration keys
// (GetConfiguration), which come with the command's result.
type Report struct {
	// Base is "full" for everything, "configuration" for what can be set, or "summary" (2.x) for what is out of order.
	// Left out: full, unless components or criteria are given.
	Base string `json:"base" enum:"full,configuration,summary"`
	// Components (2.x) narrows the report to components, or to variables of them, instead of a base.
	Components []VariableName `json:"components"`
	// Criteria (2.x) narrows it to components that are "active", "available", "enabled" or have a "problem", instead of a base.
	Criteria []string `json:"criteria"`

	requestID int
}

var (
	reportBases = map[string]string{"": "FullInventory", "full": "FullInventory", "configuration": "ConfigurationInventory", "summary": "SummaryInventory"}
	// criteria is ComponentCriterionEnumType.
	criteria = map[string]string{"active": "Active", "available": "Available", "enabled": "Enabled", "problem": "Problem"}
)

// Prepare implements Prepared. The number that the reports will name is chosen here.
func (r *Report) Prepare(_ context.Context, _ Desk, target Target) error {
	if target.Version != ocppj.V16 {
		r.requestID = newNumber()
	}
	return nil
}

// Calls implements Operation.
func (r *Report) Calls(version ocppj.Version) ([]Call, error) {
	base, err := word(version, "base", r.Base, reportBases)
	if err != nil {
		return nil, err
	}
	narrowed := len(r.Components)+len(r.Criteria) > 0
	switch {
	case narrowed && version == ocppj.V16:
		return nil, fault.New(fault.Invalid, "'components' and 'criteria' must be left out: %s has no device model; the operation variables/get reads some keys", version)
	case narrowed && r.Base != "":
		return nil, fault.New(fault.Invalid, "'base' must be left out where 'components' or 'criteria' are given")
	case narrowed:
		return r.getReport(version)
	case version == ocppj.V16 && r.Base == "summary":
		return nil, fault.New(fault.Invalid, "'base' must be full or configuration: %s has no summary", version)
	case version == ocppj.V16:
		return []Call{{"GetConfiguration", struct{}{}}}, nil
	}
	return []Call{{"GetBaseReport", map[string]any{"requestId": r.requestID, "reportBase": base}}}, nil
}

func (r *Report) getReport(version ocppj.Version) ([]Call, error) {
	payload := map[string]any{"requestId": r.requestID}
	if len(r.Criteria) > 0 {
		words := make([]string, len(r.Criteria))
		for i, criterion := range r.Criteria {
			var err error
			if words[i], err = word(version, fmt.Sprintf("criteria[%d]", i), criterion, criteria); err != nil {
				return nil, err
			}
			if slices.Contains(words[:i], words[i]) {
				return nil, fault.New(fault.Invalid, "'criteria' must name %s once", criterion)
			}
		}
		payload["componentCriteria"] = words
	}
	if len(r.Components) > 0 {
		wanted := make([]map[string]any, len(r.Components))
		for i, name := range r.Components {
			component, variable, err := name.in2x(fmt.Sprintf("components[%d]", i))
			if err != nil {
				return nil, err
			}
			wanted[i] = map[string]any{"component": component}
			if variable != nil {
				wanted[i]["variable"] = variable
			}
		}
		payload["componentVariable"] = wanted
	}
	return []Call{{"GetReport", payload}}, nil
}

// Said implements Telling.
func (r *Report) Said() Said { return Said{RequestID: r.requestID} }
