package registry

import (
	"regexp"

	"github.com/serverless-ocpp/backend/local/iot/fault"
)

// Forms and limits of https://docs.aws.amazon.com/iot/latest/apireference/API_CreateThing.html and
// https://docs.aws.amazon.com/general/latest/gr/iot-core.html#thing-limits
var (
	nameForm           = regexp.MustCompile(`^[a-zA-Z0-9:_-]{1,128}$`)
	attributeNameForm  = regexp.MustCompile(`^[a-zA-Z0-9_.,@/:#-]{1,128}$`)
	attributeValueForm = regexp.MustCompile(`^[a-zA-Z0-9_.,@/:#=\[\]-]{0,800}$`)
)

const (
	maxAttributesWithoutType = 3
	maxAttributesWithType    = 50
)

func checkName(member, name string) error {
	if nameForm.MatchString(name) {
		return nil
	}
	if len(name) > 128 {
		return fault.Invalid("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: "+
			"Member must have length less than or equal to 128", name, member)
	}
	return fault.Invalid("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: "+
		"Member must satisfy regular expression pattern: [a-zA-Z0-9:_-]+", name, member)
}

func checkAttributes(thing Thing) error {
	limit := maxAttributesWithoutType
	if thing.TypeName != "" {
		limit = maxAttributesWithType
	}
	if len(thing.Attributes) > limit {
		return fault.Invalid("Thing %s has %d attributes; %d are allowed (%d without a thing type)",
			thing.Name, len(thing.Attributes), limit, maxAttributesWithoutType)
	}
	for name, value := range thing.Attributes {
		if !attributeNameForm.MatchString(name) {
			return fault.Invalid("Attribute name %q must satisfy regular expression pattern: [a-zA-Z0-9_.,@/:#-]+", name)
		}
		if !attributeValueForm.MatchString(value) {
			return fault.Invalid("Value of attribute %s must satisfy regular expression pattern: [a-zA-Z0-9_.,@/:#=\\[\\]-]*", name)
		}
	}
	return nil
}

func (r *Registry) checkType(name string) error {
	if name == "" {
		return nil
	}
	if _, found := lookup(r, r.types, name); !found {
		return fault.NotFound("Thing type %s not found in account", name)
	}
	return nil
}
