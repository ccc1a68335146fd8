package expression

import "github.com/serverless-ocpp/backend/local/dynamodb/attribute"

// Condition is a parsed ConditionExpression, FilterExpression or KeyConditionExpression.
type Condition struct{ root condition }

// BoundCondition is a Condition with names and values.
type BoundCondition struct{ root condition }

// condition is a node that holds or does not: and, or, not, comparison, between, in, call.
type condition interface {
	bind(*Bindings) (condition, error)
	holds(attribute.Map) bool
}

// operand is a node that has a value: Path, placeholder, constant, call of size; in updates also sum and setCall.
type operand interface {
	bindOperand(*Bindings, *faults) operand
}

type (
	// placeholder is :value before binding, constant after it.
	placeholder string
	constant    struct{ attribute.Value }

	and struct{ left, right condition }
	or  struct{ left, right condition }
	not struct{ inner condition }

	comparison struct {
		operator    string
		left, right operand
	}
	between struct{ value, low, high operand }
	in      struct {
		value operand
		list  []operand
	}
	// call of a function; as an operand it can only be size.
	call struct {
		function  string
		arguments []operand
	}
)

// ParseCondition reads a condition.
func ParseCondition(text string) (*Condition, error) {
	p, err := newParser(text, "AND", "OR", "NOT", "BETWEEN", "IN")
	if err != nil {
		return nil, err
	}
	root, err := p.or()
	if err != nil {
		return nil, err
	}
	return &Condition{root}, p.end()
}

func (p *parser) or() (condition, error) {
	left, err := p.and()
	for err == nil && p.takeWord("OR") {
		var right condition
		right, err = p.and()
		left = or{left, right}
	}
	return left, err
}

func (p *parser) and() (condition, error) {
	left, err := p.not()
	for err == nil && p.takeWord("AND") {
		var right condition
		right, err = p.not()
		left = and{left, right}
	}
	return left, err
}

func (p *parser) not() (condition, error) {
	if !p.takeWord("NOT") {
		return p.simple()
	}
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	inner, err := p.not()
	return not{inner}, err
}

// simple reads a condition without AND, OR, NOT outside parentheses.
func (p *parser) simple() (condition, error) {
	var whole condition // what was in parentheses, when that was no operand
	value, err := p.operandOr(&whole)
	if err != nil || whole != nil {
		return whole, err
	}
	switch t := p.peek(); {
	case t.is("=") || t.is("<>") || t.is("<") || t.is("<=") || t.is(">") || t.is(">="):
		p.take()
		right, err := p.operand()
		return comparison{t.text, p.noCondition(value), p.noCondition(right)}, err
	case p.takeWord("BETWEEN"):
		low, err := p.operand()
		if err != nil {
			return nil, err
		}
		if !p.takeWord("AND") {
			return nil, p.unexpected()
		}
		high, err := p.operand()
		return between{p.noCondition(value), p.noCondition(low), p.noCondition(high)}, err
	case p.takeWord("IN"):
		list, err := p.arguments(p.operand)
		for _, element := range list {
			p.noCondition(element)
		}
		return in{p.noCondition(value), list}, err
	}
	if function, is := value.(call); is {
		if function.function == "size" {
			p.faults.add(faultMisused, "The function is not allowed to be used this way in an expression; function: size")
		}
		return function, nil
	}
	return nil, p.unexpected()
}

// noCondition notes a function as an operand that has no value to compare.
func (p *parser) noCondition(o operand) operand {
	if function, is := o.(call); is && function.function != "size" && functions[function.function] > 0 {
		p.faults.add(faultMisused, "The function is not allowed to be used this way in an expression; function: %s", function.function)
	}
	return o
}

func (p *parser) operand() (operand, error) { return p.operandOr(nil) }

// operandOr reads an operand. In parentheses there may be a condition instead, if whole is not nil: it is put there.
func (p *parser) operandOr(whole *condition) (operand, error) {
	switch t := p.peek(); {
	case t.kind == tokenValue:
		p.take()
		return placeholder(t.text), nil
	case t.is("("):
		return p.parenthesized(whole)
	case t.kind == tokenWord && p.tokens[p.at+1].is("(") && !p.isKeyword(t):
		return p.call()
	}
	path, err := p.path()
	return path, err
}

func (p *parser) parenthesized(whole *condition) (operand, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	p.take()
	begin := p.at
	double := p.peek().is("(")
	var inner operand
	var err error
	if whole == nil || p.closesAfterOperand() {
		inner, err = p.operand()
	} else {
		*whole, err = p.or()
	}
	if err != nil {
		return nil, err
	}
	if double && p.tokens[p.at-1].is(")") && p.matching(begin) == p.at-1 {
		p.faults.add(faultParentheses, "The expression has redundant parentheses;")
	}
	return inner, p.expect(")")
}

// closesAfterOperand says whether what begins here is a single path or value in any number of parentheses, such as a) or (a)).
func (p *parser) closesAfterOperand() bool {
	at := p.at
	for p.tokens[at].is("(") {
		at++
	}
	switch t := p.tokens[at]; {
	case t.isWord("size") && p.tokens[at+1].is("("):
		at = p.matching(at+1) + 1
	case t.kind == tokenValue:
		at++
	default:
		for t := p.tokens[at]; t.kind == tokenWord || t.kind == tokenName || t.kind == tokenNumber || t.is(".") || t.is("[") || t.is("]"); t = p.tokens[at] {
			if at++; at == len(p.tokens) {
				return false
			}
		}
	}
	return at < len(p.tokens) && p.tokens[at].is(")")
}

// matching is the place of the parenthesis that closes the one at that place, or of the end.
func (p *parser) matching(open int) int {
	depth := 0
	for at := open; at < len(p.tokens); at++ {
		switch t := p.tokens[at]; {
		case t.is("("):
			depth++
		case t.is(")"):
			if depth--; depth == 0 {
				return at
			}
		}
	}
	return len(p.tokens) - 1
}

// functions are those of conditions, with how many operands they take.
var functions = map[string]int{
	"attribute_exists": 1, "attribute_not_exists": 1, "attribute_type": 2, "begins_with": 2, "contains": 2, "size": 1,
}

func (p *parser) call() (operand, error) {
	name := p.take().text
	if functions[name] == 0 {
		p.faults.add(faultMisused, "Invalid function name; function: %s", name)
	}
	arguments, err := p.arguments(p.operand)
	for _, argument := range arguments {
		p.noCondition(argument)
	}
	return call{name, arguments}, err
}

// Uses calls visit with each path that a condition looks at.
func (c *BoundCondition) Uses(visit func(Path)) { usesOf(c.root, visit) }

func usesOf(c condition, visit func(Path)) {
	switch c := c.(type) {
	case and:
		usesOf(c.left, visit)
		usesOf(c.right, visit)
	case or:
		usesOf(c.left, visit)
		usesOf(c.right, visit)
	case not:
		usesOf(c.inner, visit)
	case comparison:
		pathsOf(visit, c.left, c.right)
	case between:
		pathsOf(visit, c.value, c.low, c.high)
	case in:
		pathsOf(visit, c.value)
		pathsOf(visit, c.list...)
	case call:
		pathsOf(visit, c.arguments...)
	}
}

func pathsOf(visit func(Path), operands ...operand) {
	for _, o := range operands {
		switch o := o.(type) {
		case Path:
			visit(o)
		case call:
			pathsOf(visit, o.arguments...)
		case setCall:
			pathsOf(visit, o.arguments...)
		case sum:
			pathsOf(visit, o.left, o.right)
		}
	}
}
