package expression

import "github.com/serverless-ocpp/backend/local/dynamodb/attribute"

// KeyCondition is what a KeyConditionExpression demands of one attribute.
type KeyCondition struct {
	Name     string
	Operator string            // = < <= > >= BETWEEN begins_with
	Values   []attribute.Value // two for BETWEEN, else one
}

// KeyConditions takes a KeyConditionExpression apart: one or two conditions joined by AND. The error's text stands alone.
func (c *BoundCondition) KeyConditions() ([]KeyCondition, error) {
	var conditions []KeyCondition
	if err := keyConditions(c.root, &conditions); err != nil {
		return nil, err
	}
	if len(conditions) > 2 {
		return nil, fault("Conditions can be of length 1 or 2 only")
	}
	return conditions, nil
}

func keyConditions(c condition, all *[]KeyCondition) error {
	switch c := c.(type) {
	case and:
		if err := keyConditions(c.left, all); err != nil {
			return err
		}
		return keyConditions(c.right, all)
	case or:
		return notInKeys("OR")
	case not:
		return notInKeys("NOT")
	case in:
		return notInKeys("IN")
	case call:
		if c.function != "begins_with" {
			return notInKeys(c.function)
		}
		return keyCondition(c.function, c.arguments, all)
	case between:
		return keyCondition("BETWEEN", []operand{c.value, c.low, c.high}, all)
	case comparison:
		if c.operator == "<>" {
			return notInKeys("<>")
		}
		if _, constantFirst := c.left.(constant); constantFirst {
			return keyCondition(mirrored[c.operator], []operand{c.right, c.left}, all)
		}
		return keyCondition(c.operator, []operand{c.left, c.right}, all)
	}
	return nil
}

// mirrored are the operators that say the same with the operands exchanged.
var mirrored = map[string]string{"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

func notInKeys(operator string) error {
	return fault("Invalid operator used in KeyConditionExpression: %s", operator)
}

func keyCondition(operator string, operands []operand, all *[]KeyCondition) error {
	for _, o := range operands {
		if _, isSize := o.(call); isSize {
			return fault("KeyConditionExpressions cannot contain nested operations")
		}
	}
	path, isPath := operands[0].(Path)
	if !isPath && (operator == "BETWEEN" || operator == "begins_with") {
		return fault("Invalid condition in KeyConditionExpression: %s operator must have the key attribute as its first operand", operator)
	}
	if !isPath {
		return fault("Invalid condition in KeyConditionExpression: No key attribute specified")
	}
	condition := KeyCondition{Name: path[0].Name, Operator: operator}
	for _, o := range operands[1:] {
		value, isConstant := o.(constant)
		if !isConstant {
			return fault("Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition")
		}
		condition.Values = append(condition.Values, value.Value)
	}
	if len(path) > 1 {
		return fault("KeyConditionExpressions cannot have conditions on nested attributes")
	}
	for _, earlier := range *all {
		if earlier.Name == condition.Name {
			return fault("KeyConditionExpressions must only contain one condition per key")
		}
	}
	*all = append(*all, condition)
	return nil
}
