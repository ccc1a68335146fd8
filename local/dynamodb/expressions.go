package dynamodb

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/serverless-ocpp/backend/local/dynamodb/attribute"
	"github.com/serverless-ocpp/backend/local/dynamodb/expression"
)

// expressionInput is what a request says in expressions. Actions check that they get only those that they know.
type expressionInput struct {
	ConditionExpression, FilterExpression, KeyConditionExpression *string
	ProjectionExpression, UpdateExpression                        *string

	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues json.RawMessage

	// The parameters from before there were expressions.
	AttributesToGet, AttributeUpdates, ConditionalOperator, Expected json.RawMessage
	KeyConditions, QueryFilter, ScanFilter                           json.RawMessage
}

// expressions are those of a request, ready to use; nil where there is none.
type expressions struct {
	condition, filter, key *expression.BoundCondition
	projection             *expression.BoundProjection
	update                 *expression.BoundUpdate
}

// bind reads the expressions of a request, of which an action takes those named in known.
func (s *Service) bind(in *expressionInput, known ...string) (*expressions, error) {
	if err := in.refuseLegacy(); err != nil {
		return nil, err
	}
	bindings, err := in.bindings(known)
	if err != nil {
		return nil, err
	}
	var all expressions
	for _, step := range []struct {
		name string
		text *string
		bind func(text string) error
	}{
		{"UpdateExpression", in.UpdateExpression, func(text string) error {
			parsed, err := s.expressions.Update(text)
			if err == nil {
				all.update, err = parsed.Bind(bindings)
			}
			return err
		}},
		{"ConditionExpression", in.ConditionExpression, s.conditionTo(&all.condition, bindings)},
		{"KeyConditionExpression", in.KeyConditionExpression, s.conditionTo(&all.key, bindings)},
		{"FilterExpression", in.FilterExpression, s.conditionTo(&all.filter, bindings)},
		{"ProjectionExpression", in.ProjectionExpression, func(text string) error {
			parsed, err := s.expressions.Projection(text)
			if err == nil {
				all.projection, err = parsed.Bind(bindings)
			}
			return err
		}},
	} {
		if step.text == nil {
			continue
		}
		if err := step.bind(*step.text); err != nil {
			return nil, invalid("Invalid %s: %s", step.name, err)
		}
	}
	return &all, bindings.Unused()
}

func (s *Service) conditionTo(bound **expression.BoundCondition, bindings *expression.Bindings) func(string) error {
	return func(text string) error {
		parsed, err := s.expressions.Condition(text)
		if err == nil {
			*bound, err = parsed.Bind(bindings)
		}
		return err
	}
}

// bindings reads the names and values.
func (in *expressionInput) bindings(known []string) (*expression.Bindings, error) {
	given := map[string]bool{
		"UpdateExpression": in.UpdateExpression != nil, "ConditionExpression": in.ConditionExpression != nil,
		"KeyConditionExpression": in.KeyConditionExpression != nil, "FilterExpression": in.FilterExpression != nil,
		"ProjectionExpression": in.ProjectionExpression != nil,
	}
	anyGiven, valueGiven := false, false
	var valued []string // those that can use values
	for _, name := range known {
		anyGiven = anyGiven || given[name]
		if name != "ProjectionExpression" {
			valued = append(valued, name)
			valueGiven = valueGiven || given[name]
		}
	}
	hasValues := in.ExpressionAttributeValues != nil && string(in.ExpressionAttributeValues) != "null"
	switch {
	case in.ExpressionAttributeNames != nil && !anyGiven:
		return nil, invalid("ExpressionAttributeNames can only be specified when using expressions")
	case hasValues && len(valued) > 0 && !valueGiven:
		verb := "is"
		if len(valued) > 1 {
			verb = "are"
		}
		return nil, invalid("ExpressionAttributeValues can only be specified when using expressions: %s %s null", strings.Join(valued, " and "), verb)
	case in.ExpressionAttributeNames != nil && len(in.ExpressionAttributeNames) == 0:
		return nil, invalid("ExpressionAttributeNames must not be empty")
	}
	values, err := in.values(hasValues)
	if err != nil {
		return nil, err
	}
	return expression.NewBindings(in.ExpressionAttributeNames, values)
}

func (in *expressionInput) values(given bool) (map[string]attribute.Value, error) {
	if !given {
		return nil, nil
	}
	var raw map[string]json.RawMessage
	if err := decode(in.ExpressionAttributeValues, &raw); err != nil {
		return nil, err
	}
	if len(raw) == 0 {
		return nil, invalid("ExpressionAttributeValues must not be empty")
	}
	values := make(map[string]attribute.Value, len(raw))
	for name, field := range raw {
		value, err := attribute.Parse(field)
		if e, ok := errors.AsType[*attribute.InvalidError](err); ok {
			return nil, invalid("ExpressionAttributeValues contains invalid value: %s for key %s", e.Message, name)
		}
		if err != nil {
			return nil, err
		}
		values[name] = value
	}
	return values, nil
}

// refuseLegacy refuses parameters that are not here.
func (in *expressionInput) refuseLegacy() error {
	for _, legacy := range []struct {
		value         json.RawMessage
		name, instead string
	}{
		{in.AttributesToGet, "AttributesToGet", "ProjectionExpression"},
		{in.AttributeUpdates, "AttributeUpdates", "UpdateExpression"},
		{in.ConditionalOperator, "ConditionalOperator", "AND and OR in an expression"},
		{in.Expected, "Expected", "ConditionExpression"},
		{in.KeyConditions, "KeyConditions", "KeyConditionExpression"},
		{in.QueryFilter, "QueryFilter", "FilterExpression"},
		{in.ScanFilter, "ScanFilter", "FilterExpression"},
	} {
		if legacy.value != nil && string(legacy.value) != "null" {
			return invalid("The legacy parameter %s is not supported by this stand-in of DynamoDB: use %s", legacy.name, legacy.instead)
		}
	}
	return nil
}
