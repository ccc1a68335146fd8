package template

import "fmt"

// condition evaluates a named condition; "" is true.
func (t *Template) condition(name string) (bool, error) {
	if name == "" {
		return true, nil
	}
	expression, ok := t.conditions[name]
	if !ok {
		return false, fmt.Errorf("the template has no condition %s", name)
	}
	met, err := t.evaluate(expression)
	if err != nil {
		return false, fmt.Errorf("condition %s: %w", name, err)
	}
	return met, nil
}

func (t *Template) evaluate(expression any) (bool, error) {
	object, ok := expression.(map[string]any)
	if !ok || len(object) != 1 {
		return false, fmt.Errorf("%v is not a condition function", expression)
	}
	for name, argument := range object {
		if name == "Condition" {
			reference, ok := argument.(string)
			if !ok {
				return false, fmt.Errorf("%v is not the name of a condition", argument)
			}
			return t.condition(reference)
		}
		operands, ok := argument.([]any)
		if !ok {
			return false, fmt.Errorf("the operands of %s are no list", name)
		}
		switch name {
		case "Fn::Equals":
			return t.equals(operands)
		case "Fn::Not":
			if len(operands) != 1 {
				return false, fmt.Errorf("Fn::Not has %d operands, want 1", len(operands))
			}
			met, err := t.evaluate(operands[0])
			return !met, err
		case "Fn::And":
			return t.all(operands, true)
		case "Fn::Or":
			met, err := t.all(operands, false)
			return !met, err
		default:
			return false, fmt.Errorf("the stand-in does not know the condition function %s", name)
		}
	}
	return false, nil
}

// all reports whether every operand evaluates to want.
func (t *Template) all(operands []any, want bool) (bool, error) {
	for _, operand := range operands {
		met, err := t.evaluate(operand)
		if err != nil {
			return false, err
		}
		if met != want {
			return false, nil
		}
	}
	return true, nil
}

func (t *Template) equals(operands []any) (bool, error) {
	if len(operands) != 2 {
		return false, fmt.Errorf("Fn::Equals has %d operands, want 2", len(operands))
	}
	left, err := t.resolveText(operands[0])
	if err != nil {
		return false, err
	}
	right, err := t.resolveText(operands[1])
	return left == right, err
}

// resolveIf takes [condition, value if met, value if not].
func (t *Template) resolveIf(argument any) (any, error) {
	list, ok := argument.([]any)
	if !ok || len(list) != 3 {
		return nil, fmt.Errorf("the argument of Fn::If is %v, not a condition and two values", argument)
	}
	name, ok := list[0].(string)
	if !ok {
		return nil, fmt.Errorf("the first argument of Fn::If is %v, not the name of a condition", list[0])
	}
	met, err := t.condition(name)
	if err != nil {
		return nil, err
	}
	if met {
		return t.resolve(list[1])
	}
	return t.resolve(list[2])
}
