package template

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// A CustomCall is an SDK call that a custom resource of type Custom::AWS makes when it is created. Its answer is given
// back with Supply before anything that refers to it is read.
type CustomCall struct {
	LogicalID  string
	Service    string // as the CDK has it, e.g. "Iot", "SecretsManager"
	Action     string // e.g. "updateEventConfigurations"
	Parameters map[string]any
}

const sdkCall = "Custom::AWS"

// CustomCalls returns the calls of the stack's custom resources. A custom resource of another type is an error.
func (t *Template) CustomCalls() ([]CustomCall, error) {
	var calls []CustomCall
	for _, id := range slices.Sorted(maps.Keys(t.resources)) {
		r := t.resources[id]
		if !r.custom() {
			continue
		}
		if r.Type != sdkCall {
			return nil, fmt.Errorf("resource %s (%s): of custom resources the stand-in knows %s only", id, r.Type, sdkCall)
		}
		create, err := t.resolveText(r.Properties["Create"])
		if err != nil {
			return nil, fmt.Errorf("resource %s (%s): Create: %w", id, r.Type, err)
		}
		var call struct {
			Service    string         `json:"service"`
			Action     string         `json:"action"`
			Parameters map[string]any `json:"parameters"`
		}
		if err := json.Unmarshal([]byte(create), &call); err != nil {
			return nil, fmt.Errorf("resource %s (%s): Create is no SDK call in JSON: %w", id, r.Type, err)
		}
		calls = append(calls, CustomCall{LogicalID: id, Service: call.Service, Action: call.Action, Parameters: call.Parameters})
	}
	return calls, nil
}

// Supply gives the attributes that a custom resource's call answered with, for Fn::GetAtt.
func (t *Template) Supply(logicalID string, attributes map[string]string) {
	t.supplied[logicalID] = attributes
}

// customProviders are the logical ids of the functions that CloudFormation invokes for custom resources: CDK's own.
func (t *Template) customProviders() map[string]bool {
	providers := map[string]bool{}
	for _, r := range t.resources {
		if !r.custom() {
			continue
		}
		if token, ok := r.Properties["ServiceToken"].(map[string]any); ok {
			if list, ok := token["Fn::GetAtt"].([]any); ok && len(list) == 2 {
				if id, ok := list[0].(string); ok {
					providers[id] = true
				}
			}
		}
	}
	return providers
}
