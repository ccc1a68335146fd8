package expression

import (
	"slices"
	"strings"

	"github.com/serverless-ocpp/backend/local/dynamodb/attribute"
)

// Bind replaces placeholders by names and values and checks what the operators can be used with.
func (c *Condition) Bind(b *Bindings) (*BoundCondition, error) {
	root, err := c.root.bind(b)
	if err != nil {
		return nil, err
	}
	return &BoundCondition{root}, nil
}

func (c and) bind(b *Bindings) (condition, error) {
	left, right, err := bindBoth(c.left, c.right, b)
	return and{left, right}, err
}

func (c or) bind(b *Bindings) (condition, error) {
	left, right, err := bindBoth(c.left, c.right, b)
	return or{left, right}, err
}

func bindBoth(left, right condition, b *Bindings) (l, r condition, err error) {
	if l, err = left.bind(b); err != nil {
		return nil, nil, err
	}
	r, err = right.bind(b)
	return l, r, err
}

func (c not) bind(b *Bindings) (condition, error) {
	inner, err := c.inner.bind(b)
	return not{inner}, err
}

func (c comparison) bind(b *Bindings) (condition, error) {
	var found faults
	bound := comparison{c.operator, c.left.bindOperand(b, &found), c.right.bindOperand(b, &found)}
	if err := found.first(); err != nil {
		return nil, err
	}
	if err := distinct(c.operator, bound.left, bound.right); err != nil {
		return nil, err
	}
	if c.operator != "=" && c.operator != "<>" {
		if err := ordered(c.operator, bound.left, bound.right); err != nil {
			return nil, err
		}
	}
	return bound, nil
}

func (c between) bind(b *Bindings) (condition, error) {
	var found faults
	bound := between{c.value.bindOperand(b, &found), c.low.bindOperand(b, &found), c.high.bindOperand(b, &found)}
	if err := found.first(); err != nil {
		return nil, err
	}
	if err := ordered("BETWEEN", bound.value, bound.low, bound.high); err != nil {
		return nil, err
	}
	low, isLow := bound.low.(constant)
	high, isHigh := bound.high.(constant)
	if !isLow || !isHigh {
		return bound, nil
	}
	problem := ""
	if low.Type() != high.Type() {
		problem = "same data type for lower and upper bounds"
	} else if order, _ := attribute.Compare(low.Value, high.Value); order > 0 {
		problem = "upper bound to be greater than or equal to lower bound"
	}
	if problem == "" {
		return bound, nil
	}
	return nil, fault("The BETWEEN operator requires %s; lower bound operand: AttributeValue: %s, upper bound operand: AttributeValue: %s",
		problem, written(low.Value), written(high.Value))
}

// written is a value in DynamoDB's messages: {S:text}.
func written(v attribute.Value) string {
	return strings.ReplaceAll(string(attribute.AppendJSON(nil, v)), `"`, "")
}

func (c in) bind(b *Bindings) (condition, error) {
	if len(c.list) > maximumIn {
		return nil, fault("Invalid number of operands for operator or function; operator or function: IN, number of operands: %d", len(c.list)+1)
	}
	var found faults
	bound := in{c.value.bindOperand(b, &found), make([]operand, len(c.list))}
	for i, element := range c.list {
		bound.list[i] = element.bindOperand(b, &found)
	}
	return bound, found.first()
}

func (c call) bind(b *Bindings) (condition, error) {
	var found faults
	bound := c.bindOperand(b, &found)
	if err := found.first(); err != nil {
		return nil, err
	}
	return bound.(call), nil
}

func (c call) bindOperand(b *Bindings, found *faults) operand {
	bound := call{c.function, make([]operand, len(c.arguments))}
	for i, argument := range c.arguments {
		bound.arguments[i] = argument.bindOperand(b, found)
	}
	if found.first() == nil {
		bound.check(found)
	}
	return bound
}

// check looks whether a function is called with what it takes.
func (c call) check(found *faults) {
	if n := len(c.arguments); n != functions[c.function] {
		found.add(faultOperand, "Incorrect number of operands for operator or function; operator or function: %s, number of operands: %d", c.function, n)
		return
	}
	if len(c.arguments) == 2 {
		if err := distinct(c.function, c.arguments[0], c.arguments[1]); err != nil {
			found.add(faultOperand, "%s", err)
			return
		}
	}
	switch c.function {
	case "attribute_exists", "attribute_not_exists":
		if _, is := c.arguments[0].(Path); !is {
			found.add(faultArguments, "Operator or function requires a document path; operator or function: %s", c.function)
		}
	case "begins_with":
		for _, argument := range c.arguments {
			if t := typeOf(argument); t != "" && t != "S" && t != "B" {
				c.wrongType(found, t)
			}
		}
	case "attribute_type":
		switch t := typeOf(c.arguments[1]); {
		case t == "":
			c.wrongType(found, "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}")
		case t != "S":
			c.wrongType(found, t)
		default:
			if name := string(valueOf(c.arguments[1], nil).(attribute.String)); !slices.Contains(attribute.Types, name) {
				found.add(faultArguments, "Invalid attribute type name found; type: %s, valid types: {%s}", name, strings.Join(attribute.Types, ","))
			}
		}
	case "size":
		if t := typeOf(c.arguments[0]); t == "N" || t == "BOOL" || t == "NULL" {
			c.wrongType(found, t)
		}
	}
}

func (c call) wrongType(found *faults, operandType string) {
	found.add(faultArguments, "Incorrect operand type for operator or function; operator or function: %s, operand type: %s", c.function, operandType)
}

// typeOf is the type of a constant, N of size, and "" of a path, whose type is that of what an item has there.
func typeOf(o operand) string {
	switch o := o.(type) {
	case constant:
		return o.Type()
	case call:
		return "N"
	}
	return ""
}

// ordered refuses constants of types that have no order.
func ordered(operator string, operands ...operand) error {
	for _, o := range operands {
		if t := typeOf(o); t != "" && t != "S" && t != "N" && t != "B" {
			return fault("Incorrect operand type for operator or function; operator or function: %s, operand type: %s", operator, t)
		}
	}
	return nil
}

// distinct refuses to compare a path with itself.
func distinct(operator string, left, right operand) error {
	l, isPath := left.(Path)
	r, alsoPath := right.(Path)
	if !isPath || !alsoPath || !slices.Equal(l, r) {
		return nil
	}
	return fault("The first operand must be distinct from the remaining operands for this operator or function; operator: %s, first operand: %s", operator, l)
}

func (p Path) bindOperand(b *Bindings, found *faults) operand { return b.path(p, found) }

func (p placeholder) bindOperand(b *Bindings, found *faults) operand {
	return constant{b.value(string(p), found)}
}

func (c constant) bindOperand(*Bindings, *faults) operand { return c }
