package expression

import "strings"

// Update is a parsed UpdateExpression.
type Update struct{ actions []action }

// BoundUpdate is an Update with names and values.
type BoundUpdate struct{ actions []action }

// action changes one attribute, or one value within one.
type action struct {
	section string // SET, REMOVE, ADD or DELETE
	path    Path
	value   operand // none for REMOVE
}

type (
	// sum is left + right or left - right.
	sum struct {
		operator    string
		left, right operand
	}
	// setCall is if_not_exists or list_append.
	setCall struct {
		function  string
		arguments []operand
	}
)

// ParseUpdate reads an update.
func ParseUpdate(text string) (*Update, error) {
	p, err := newParser(text, "SET", "REMOVE", "ADD", "DELETE")
	if err != nil {
		return nil, err
	}
	var update Update
	seen := map[string]bool{}
	for len(seen) == 0 || p.peek().kind != tokenEnd {
		t := p.peek()
		section := strings.ToUpper(t.text)
		switch section {
		case "SET", "REMOVE", "ADD", "DELETE":
			p.take()
		default:
			return nil, p.unexpected()
		}
		if seen[section] {
			p.faults.add(faultSection, "The %q section can only be used once in an update expression;", section)
		}
		seen[section] = true
		for {
			a, err := p.action(section)
			if err != nil {
				return nil, err
			}
			update.actions = append(update.actions, a)
			if !p.takeIf(",") {
				break
			}
		}
	}
	return &update, p.end()
}

func (p *parser) action(section string) (a action, err error) {
	a.section = section
	if a.path, err = p.path(); err != nil {
		return a, err
	}
	switch section {
	case "SET":
		if err = p.expect("="); err == nil {
			a.value, err = p.setValue()
		}
	case "ADD", "DELETE":
		if t := p.peek(); t.kind != tokenValue {
			return a, p.unexpected()
		}
		a.value = placeholder(p.take().text)
	}
	return a, err
}

// setValue reads an operand, or two with + or - between them.
func (p *parser) setValue() (operand, error) {
	left, err := p.setOperand()
	if err != nil {
		return nil, err
	}
	operator := p.peek().text
	if !p.takeIf("+") && !p.takeIf("-") {
		return left, nil
	}
	right, err := p.setOperand()
	return sum{operator, left, right}, err
}

func (p *parser) setOperand() (operand, error) {
	switch t := p.peek(); {
	case t.kind == tokenValue:
		p.take()
		return placeholder(t.text), nil
	case t.is("("):
		if err := p.enter(); err != nil {
			return nil, err
		}
		defer p.leave()
		p.take()
		inner, err := p.setValue()
		if err != nil {
			return nil, err
		}
		return inner, p.expect(")")
	case t.kind == tokenWord && p.tokens[p.at+1].is("("):
		name := p.take().text
		if name != "if_not_exists" && name != "list_append" {
			p.faults.add(faultFunction, "Invalid function name; function: %s", name)
		}
		arguments, err := p.arguments(p.setOperand)
		return setCall{name, arguments}, err
	}
	path, err := p.path()
	return path, err
}

// Bind replaces placeholders by names and values and checks the types of what is in the expression.
func (u *Update) Bind(b *Bindings) (*BoundUpdate, error) {
	var found faults
	bound := &BoundUpdate{make([]action, len(u.actions))}
	paths := make([]Path, len(u.actions))
	for i, a := range u.actions {
		paths[i] = b.path(a.path, &found)
		bound.actions[i] = action{section: a.section, path: paths[i]}
		if a.value == nil {
			continue
		}
		value := a.value.bindOperand(b, &found)
		bound.actions[i].value = value
		if value, is := value.(constant); is && value.Value != nil {
			checkOperand(a.section, value.Type(), &found)
		}
	}
	checkPaths(paths, &found)
	return bound, found.first()
}

// spelt are the types in the messages about ADD and DELETE.
var spelt = map[string]string{"S": "STRING", "N": "NUMBER", "B": "BINARY", "NULL": "NULL", "BOOL": "BOOLEAN", "L": "LIST", "M": "MAP"}

// checkOperand: ADD takes numbers and sets, DELETE sets.
func checkOperand(section, operandType string, found *faults) {
	name, isNoSet := spelt[operandType]
	if isNoSet && (section == "DELETE" || section == "ADD" && operandType != "N") {
		found.add(faultOperand, "Incorrect operand type for operator or function; operator: %s, operand type: %s", section, name)
	}
}

func (s sum) bindOperand(b *Bindings, found *faults) operand {
	bound := sum{s.operator, s.left.bindOperand(b, found), s.right.bindOperand(b, found)}
	checkConstants(s.operator, "N", []operand{bound.left, bound.right}, found)
	return bound
}

func (c setCall) bindOperand(b *Bindings, found *faults) operand {
	bound := setCall{c.function, make([]operand, len(c.arguments))}
	for i, argument := range c.arguments {
		bound.arguments[i] = argument.bindOperand(b, found)
	}
	if n := len(c.arguments); n != 2 {
		found.add(faultArguments, "Incorrect number of operands for operator or function; operator or function: %s, number of operands: %d", c.function, n)
		return bound
	}
	if c.function == "list_append" {
		checkConstants(c.function, "L", bound.arguments, found)
	} else if _, is := bound.arguments[0].(Path); !is {
		found.add(faultArguments, "Operator or function requires a document path; operator or function: %s", c.function)
	}
	return bound
}

// checkConstants refuses constants of other types than the one that is wanted.
func checkConstants(function, wanted string, operands []operand, found *faults) {
	for _, o := range operands {
		if value, is := o.(constant); is && value.Value != nil && value.Type() != wanted {
			found.add(faultArguments, "Incorrect operand type for operator or function; operator or function: %s, operand type: %s", function, value.Type())
		}
	}
}

// Paths are those of everything that the update changes.
func (u *BoundUpdate) Paths() []Path {
	paths := make([]Path, len(u.actions))
	for i, a := range u.actions {
		paths[i] = a.path
	}
	return paths
}

// Uses calls visit with each path, of what is changed and of what is read.
func (u *BoundUpdate) Uses(visit func(Path)) {
	for _, a := range u.actions {
		visit(a.path)
		pathsOf(visit, a.value)
	}
}

// Types calls visit with each attribute whose type after the update can be told from the expression, and with that type.
func (u *BoundUpdate) Types(visit func(name, valueType string)) {
	for _, a := range u.actions {
		if a.value == nil || len(a.path) > 1 {
			continue
		}
		if t := resultType(a.value); t != "" {
			visit(a.path[0].Name, t)
		}
	}
}

// resultType is the type that a value can only have, "" when that depends on the item.
func resultType(o operand) string {
	switch o := o.(type) {
	case constant:
		return o.Type()
	case sum:
		return "N"
	case setCall:
		if o.function == "list_append" {
			return "L"
		}
		return resultType(o.arguments[1]) // the type that the attribute has, if it is used as it is meant to be
	}
	return ""
}
