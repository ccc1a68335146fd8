package rules

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// parser reads a statement from left to right; it fails with the first token that it cannot place.
type parser struct {
	tokens []token // the last one is endOfText
}

// parse reads a SELECT statement.
func parse(sql string) (statement, error) {
	tokens, err := lex(sql)
	if err != nil {
		return statement{}, err
	}
	p := &parser{tokens}
	s, err := p.statement()
	if err != nil {
		return statement{}, err
	}
	if end := p.peek(); end.kind != endOfText {
		return statement{}, fmt.Errorf("%s is not understood", end)
	}
	return s, nil
}

func (p *parser) peek() token { return p.tokens[0] }

func (p *parser) next() token {
	t := p.tokens[0]
	if t.kind != endOfText {
		p.tokens = p.tokens[1:]
	}
	return t
}

// take skips the next token if it is that symbol or keyword.
func (p *parser) take(what string) bool {
	if !p.peek().is(what) {
		return false
	}
	p.next()
	return true
}

func (p *parser) expect(what string) error {
	if t := p.peek(); !p.take(what) {
		return fmt.Errorf("%s where %s is expected", t, what)
	}
	return nil
}

func (p *parser) statement() (s statement, err error) {
	if err := p.expect("SELECT"); err != nil {
		return s, err
	}
	s.value = p.takeValueKeyword()
	for {
		it, err := p.item(s.value)
		if err != nil {
			return s, err
		}
		s.items = append(s.items, it)
		if !p.take(",") {
			break
		}
	}
	if s.value && len(s.items) > 1 {
		return s, fmt.Errorf("SELECT VALUE takes one item")
	}
	if err := p.expect("FROM"); err != nil {
		return s, err
	}
	from := p.next()
	if from.kind != text {
		return s, fmt.Errorf("%s where a topic filter in single quotes is expected", from)
	}
	if s.filter = from.text; !validFilter(s.filter) {
		return s, fmt.Errorf("'%s' is not a topic filter", s.filter)
	}
	if p.take("WHERE") {
		s.where, err = p.expression()
	}
	return s, err
}

// takeValueKeyword skips VALUE in SELECT VALUE x, but not a property that is called value.
func (p *parser) takeValueKeyword() bool {
	if !p.peek().is("VALUE") {
		return false
	}
	after := p.tokens[1]
	begins := after.kind == text || after.kind == number || after.is("(") || after.is("[") || after.is("{") ||
		(after.kind == word && !after.is("AS") && !after.is("FROM")) ||
		(after.is("*") && p.tokens[2].is("FROM"))
	return begins && p.take("VALUE")
}

func (p *parser) item(isOutput bool) (item, error) {
	first := p.peek()
	e, err := p.expression()
	if err != nil {
		return item{}, err
	}
	if p.take("AS") {
		alias := p.next()
		if alias.kind != word && alias.kind != text {
			return item{}, fmt.Errorf("%s where a name is expected after AS", alias)
		}
		return item{e, alias.text}, nil
	}
	switch e := e.(type) {
	case payload:
		return item{e, ""}, nil
	case property:
		return item{e, e.name}, nil
	}
	if isOutput {
		return item{e, ""}, nil
	}
	return item{}, fmt.Errorf("the item that begins with %s has no name: give it one with AS", first)
}

// operators in the order of their precedence, the loosest first. NOT stands between AND and the comparisons.
var operators = [][]string{
	{"OR"},
	{"AND"},
	{"=", "<>", "<", "<=", ">", ">="},
	{"+", "-"},
	{"*", "/", "%"},
}

const comparisons = 2 // the level of operators that NOT applies to

func (p *parser) expression() (expression, error) { return p.level(0) }

func (p *parser) level(n int) (expression, error) {
	if n == len(operators) {
		return p.unary()
	}
	if n == comparisons && p.take("NOT") {
		operand, err := p.level(n)
		return not{operand}, err
	}
	left, err := p.level(n + 1)
	if err != nil {
		return nil, err
	}
	for {
		i := slices.IndexFunc(operators[n], p.peek().is)
		if i < 0 {
			return left, nil
		}
		p.next()
		operand := n + 1
		if n+1 == comparisons { // a AND NOT b
			operand = comparisons
		}
		right, err := p.level(operand)
		if err != nil {
			return nil, err
		}
		left = binary{operators[n][i], left, right}
	}
}

func (p *parser) unary() (expression, error) {
	if p.take("-") {
		operand, err := p.unary()
		return negative{operand}, err
	}
	e, err := p.primary()
	for err == nil && p.take(".") {
		name := p.next()
		if name.kind != word && name.kind != text {
			return nil, fmt.Errorf("%s where a property is expected after the dot", name)
		}
		e = property{e, name.text}
	}
	return e, err
}

// reserved words cannot be properties; the last four belong to SQL that this engine has not.
var reserved = []string{"SELECT", "FROM", "WHERE", "AS", "AND", "OR", "NOT", "CASE", "IN", "EXISTS", "WHEN"}

func (p *parser) primary() (expression, error) {
	t := p.next()
	switch {
	case t.kind == text:
		return literal{t.text}, nil
	case t.kind == number:
		return literal{json.Number(t.text)}, nil
	case t.is("*"):
		return payload{}, nil
	case t.is("("):
		if p.peek().is("SELECT") {
			return nil, fmt.Errorf("a nested SELECT, %s, is not supported here", p.peek())
		}
		e, err := p.expression()
		if err != nil {
			return nil, err
		}
		return e, p.expect(")")
	case t.is("["):
		items, err := p.list("]")
		return list{items}, err
	case t.is("{"):
		return p.object()
	case t.is("TRUE"):
		return literal{true}, nil
	case t.is("FALSE"):
		return literal{false}, nil
	case t.is("NULL"):
		return literal{nil}, nil
	case t.kind != word || slices.ContainsFunc(reserved, t.is):
		return nil, fmt.Errorf("%s where an expression is expected", t)
	case p.take("("):
		return p.call(t)
	}
	return property{nil, t.text}, nil
}

func (p *parser) call(name token) (expression, error) {
	arguments, err := p.list(")")
	if err != nil {
		return nil, err
	}
	f, known := functions[strings.ToLower(name.text)]
	if !known {
		return nil, fmt.Errorf("the function %s is not supported here", name)
	}
	if len(arguments) < f.least || len(arguments) > f.most {
		return nil, fmt.Errorf("%s has %d arguments, which is not what it takes", name, len(arguments))
	}
	if name.is("encode") && arguments[0] == (payload{}) {
		arguments[0] = original{}
	}
	return call{f, arguments}, nil
}

// list reads expressions with commas between them up to the closing bracket.
func (p *parser) list(closing string) ([]expression, error) {
	var items []expression
	if p.take(closing) {
		return items, nil
	}
	for {
		e, err := p.expression()
		if err != nil {
			return nil, err
		}
		items = append(items, e)
		if !p.take(",") {
			return items, p.expect(closing)
		}
	}
}

func (p *parser) object() (expression, error) {
	var o object
	if p.take("}") {
		return o, nil
	}
	for {
		name := p.next()
		if name.kind != text {
			return nil, fmt.Errorf("%s where a member's name in quotes is expected", name)
		}
		if err := p.expect(":"); err != nil {
			return nil, err
		}
		e, err := p.expression()
		if err != nil {
			return nil, err
		}
		o.names, o.values = append(o.names, name.text), append(o.values, e)
		if !p.take(",") {
			return o, p.expect("}")
		}
	}
}

// validFilter tells if # and + stand alone in their levels, # in the last one.
func validFilter(filter string) bool {
	levels := strings.Split(filter, "/")
	for i, level := range levels {
		wildcard := strings.ContainsAny(level, "+#")
		if wildcard && (len(level) > 1 || (level == "#" && i < len(levels)-1)) {
			return false
		}
	}
	return filter != ""
}
