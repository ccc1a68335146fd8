package iot

import (
	"strconv"

	"github.com/serverless-ocpp/backend/local/iot/fault"
	"github.com/serverless-ocpp/backend/local/iot/registry"
)

type attributePayload struct {
	Attributes map[string]string `json:"attributes"`
	Merge      bool              `json:"merge"`
}

func (c control) createThing(r request) (any, error) {
	var asked struct {
		ThingTypeName    string           `json:"thingTypeName"`
		BillingGroupName string           `json:"billingGroupName"`
		AttributePayload attributePayload `json:"attributePayload"`
	}
	if err := r.decode(&asked); err != nil {
		return nil, err
	}
	thing, err := c.registry.Create(r.names["thingName"], registry.ThingConfig{
		TypeName:     asked.ThingTypeName,
		BillingGroup: asked.BillingGroupName,
		Attributes:   asked.AttributePayload.Attributes,
	})
	if err != nil {
		return nil, err
	}
	return map[string]string{
		"thingName": thing.Name,
		"thingArn":  c.registry.ARN("thing/" + thing.Name),
		"thingId":   thing.ID,
	}, nil
}

// thingAnswer is a Thing as DescribeThing gives it; ListThings leaves the client id and the thing id out.
type thingAnswer struct {
	DefaultClientID string            `json:"defaultClientId,omitempty"`
	ThingName       string            `json:"thingName"`
	ThingID         string            `json:"thingId,omitempty"`
	ThingArn        string            `json:"thingArn"`
	ThingTypeName   string            `json:"thingTypeName,omitempty"`
	Attributes      map[string]string `json:"attributes"`
	Version         int64             `json:"version"`
}

func (c control) describeThing(r request) (any, error) {
	thing, err := c.registry.Describe(r.names["thingName"])
	if err != nil {
		return nil, err
	}
	answer := c.listed(thing)
	answer.DefaultClientID, answer.ThingID = thing.Name, thing.ID
	return answer, nil
}

func (c control) listed(thing registry.Thing) thingAnswer {
	return thingAnswer{
		ThingName:     thing.Name,
		ThingArn:      c.registry.ARN("thing/" + thing.Name),
		ThingTypeName: thing.TypeName,
		Attributes:    thing.Attributes,
		Version:       thing.Version,
	}
}

func (c control) updateThing(r request) (any, error) {
	var asked struct {
		ThingTypeName    string           `json:"thingTypeName"`
		RemoveThingType  bool             `json:"removeThingType"`
		ExpectedVersion  int64            `json:"expectedVersion"`
		AttributePayload attributePayload `json:"attributePayload"`
	}
	if err := r.decode(&asked); err != nil {
		return nil, err
	}
	return struct{}{}, c.registry.Update(r.names["thingName"], registry.Change{
		Attributes:      asked.AttributePayload.Attributes,
		Merge:           asked.AttributePayload.Merge,
		TypeName:        asked.ThingTypeName,
		RemoveType:      asked.RemoveThingType,
		ExpectedVersion: asked.ExpectedVersion,
	})
}

func (c control) deleteThing(r request) (any, error) {
	expected, err := r.integer("expectedVersion")
	if err != nil {
		return nil, err
	}
	return struct{}{}, c.registry.Delete(r.names["thingName"], expected)
}

func (c control) listThings(r request) (any, error) {
	asked := r.URL.Query()
	limit, err := r.integer("maxResults")
	if err != nil {
		return nil, err
	}
	if asked.Has("maxResults") && limit < 1 {
		return nil, fault.Invalid("maxResults must be at least 1")
	}
	prefix, err := strconv.ParseBool(asked.Get("usePrefixAttributeValue"))
	if err != nil && asked.Has("usePrefixAttributeValue") {
		return nil, fault.Invalid("usePrefixAttributeValue must be true or false")
	}
	things, next, err := c.registry.List(registry.Query{
		AttributeName:  asked.Get("attributeName"),
		AttributeValue: asked.Get("attributeValue"),
		ValuePrefix:    prefix,
		TypeName:       asked.Get("thingTypeName"),
		Limit:          int(limit),
		Token:          asked.Get("nextToken"),
	})
	if err != nil {
		return nil, err
	}
	answer := struct {
		Things    []thingAnswer `json:"things"`
		NextToken *string       `json:"nextToken"`
	}{Things: make([]thingAnswer, 0, len(things))}
	for _, thing := range things {
		answer.Things = append(answer.Things, c.listed(thing))
	}
	if next != "" {
		answer.NextToken = &next
	}
	return answer, nil
}
