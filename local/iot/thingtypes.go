package iot

import (
	"github.com/serverless-ocpp/backend/local/iot/registry"
)

type thingTypeProperties struct {
	ThingTypeDescription string   `json:"thingTypeDescription,omitempty"`
	SearchableAttributes []string `json:"searchableAttributes,omitempty"`
}

func (c control) createThingType(r request) (any, error) {
	var asked struct {
		ThingTypeProperties thingTypeProperties `json:"thingTypeProperties"`
	}
	if err := r.decode(&asked); err != nil {
		return nil, err
	}
	made, err := c.registry.CreateType(r.names["thingTypeName"],
		asked.ThingTypeProperties.ThingTypeDescription, asked.ThingTypeProperties.SearchableAttributes)
	if err != nil {
		return nil, err
	}
	return c.thingType(made), nil
}

func (c control) describeThingType(r request) (any, error) {
	found, err := c.registry.DescribeType(r.names["thingTypeName"])
	if err != nil {
		return nil, err
	}
	answer := c.thingType(found)
	answer["thingTypeProperties"] = thingTypeProperties{found.Description, found.SearchableAttributes}
	answer["thingTypeMetadata"] = map[string]any{
		"deprecated":   false,
		"creationDate": float64(found.Created.UnixMilli()) / 1000, // the protocol's dates are seconds
	}
	return answer, nil
}

func (c control) thingType(t registry.Type) map[string]any {
	return map[string]any{
		"thingTypeName": t.Name,
		"thingTypeArn":  c.registry.ARN("thingtype/" + t.Name),
		"thingTypeId":   t.ID,
	}
}
