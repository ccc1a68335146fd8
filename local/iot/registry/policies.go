package registry

import (
	"maps"
	"slices"

	"github.com/serverless-ocpp/backend/local/iot/fault"
)

// Policy returns the JSON document of an IoT policy, or ResourceNotFoundException.
func (r *Registry) Policy(name string) (string, error) {
	document, found := r.policies[name]
	if !found {
		return "", fault.NotFound("Policy %s not found in account", name)
	}
	return document, nil
}

// PolicyNames returns the names of all IoT policies in order.
func (r *Registry) PolicyNames() []string {
	return slices.Sorted(maps.Keys(r.policies))
}
