package expression

import (
	"slices"
	"strconv"
)

// Limits of expressions, from "Quotas: expression parameters" of the developer guide.
const (
	maximumLength = 4096 // bytes
	maximumDepth  = 32   // elements of a path; here also of parentheses, so that no text can exhaust the stack
	maximumIn     = 100  // operands of IN
)

// parser reads one expression. Faults other than of syntax are gathered, because DynamoDB reports them in an order of its own and not
// in that of the text.
type parser struct {
	text   string
	tokens []token
	at     int
	depth  int
	faults faults
	// keywords cannot be names of attributes or functions, in whatever letters.
	keywords []string
}

// faultKind says what is wrong; the least of an expression's faults is reported.
type faultKind int

const (
	faultParentheses faultKind = iota
	faultMisused               // a function where it cannot be
	faultReserved
	faultFunction // an unknown one
	faultSection  // of an update, twice
	faultName     // undefined
	faultValue    // undefined
	faultOverlap
	faultConflict
	faultOperand
	faultArguments
	faultKinds // how many there are
)

type faults [faultKinds]error

func (f *faults) add(kind faultKind, format string, args ...any) {
	if f[kind] == nil {
		f[kind] = fault(format, args...)
	}
}

func (f *faults) first() error {
	for _, err := range f {
		if err != nil {
			return err
		}
	}
	return nil
}

func newParser(text string, keywords ...string) (*parser, error) {
	switch {
	case text == "":
		return nil, fault("The expression can not be empty;")
	case len(text) > maximumLength:
		return nil, fault("Expression size has exceeded the maximum allowed size; expression size: %d", len(text))
	}
	return &parser{text: text, tokens: tokens(text), keywords: keywords}, nil
}

func (p *parser) peek() token { return p.tokens[p.at] }

// take returns the next token and goes on. The end stays.
func (p *parser) take() token {
	t := p.tokens[p.at]
	if p.at < len(p.tokens)-1 {
		p.at++
	}
	return t
}

// takeIf goes on if the next token is that sign.
func (p *parser) takeIf(sign string) bool {
	is := p.peek().is(sign)
	if is {
		p.take()
	}
	return is
}

// takeWord goes on if the next token is that keyword.
func (p *parser) takeWord(keyword string) bool {
	is := p.peek().isWord(keyword)
	if is {
		p.take()
	}
	return is
}

// expect is a syntax error unless the next token is that sign.
func (p *parser) expect(sign string) error {
	if !p.takeIf(sign) {
		return p.unexpected()
	}
	return nil
}

// unexpected is the syntax error at the next token, with what stands around it.
func (p *parser) unexpected() error {
	begin, end := p.tokens[max(p.at-1, 0)].begin, p.tokens[min(p.at+1, len(p.tokens)-1)].end
	return fault("Syntax error; token: %q, near: %q", p.peek().text, p.text[begin:end])
}

// end is a syntax error unless everything has been read, else the first of the other faults.
func (p *parser) end() error {
	if p.peek().kind != tokenEnd {
		return p.unexpected()
	}
	return p.faults.first()
}

// enter counts how deep parentheses lie in each other; leave must follow.
func (p *parser) enter() error {
	if p.depth++; p.depth > maximumDepth {
		return fault("The expression has too many nested parentheses; maximum: %d", maximumDepth)
	}
	return nil
}

func (p *parser) leave() { p.depth-- }

func (p *parser) isKeyword(t token) bool { return slices.ContainsFunc(p.keywords, t.isWord) }

// path reads a document path: name or #name, then any number of .name and [index].
func (p *parser) path() (Path, error) {
	var path Path
	for {
		switch t := p.peek(); t.kind {
		case tokenWord:
			if p.isKeyword(t) {
				return nil, p.unexpected()
			}
			if isReserved(t.text) {
				p.faults.add(faultReserved, "Attribute name is a reserved keyword; reserved keyword: %s", t.text)
			}
			path = append(path, Element{Name: t.text})
		case tokenName:
			path = append(path, Element{Name: t.text, placeholder: true})
		default:
			return nil, p.unexpected()
		}
		p.take()
		for p.takeIf("[") {
			t := p.peek()
			index, err := strconv.Atoi(t.text)
			if t.kind != tokenNumber || err != nil {
				return nil, p.unexpected()
			}
			p.take()
			if err := p.expect("]"); err != nil {
				return nil, err
			}
			path = append(path, Element{Index: index, IsIndex: true})
		}
		if len(path) > maximumDepth {
			return nil, fault("The document path has too many nesting elements; nesting levels: %d", len(path))
		}
		if !p.takeIf(".") {
			return path, nil
		}
	}
}

// arguments reads the operands of a function behind its name.
func (p *parser) arguments(read func() (operand, error)) ([]operand, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	if err := p.expect("("); err != nil {
		return nil, err
	}
	var all []operand
	for {
		argument, err := read()
		if err != nil {
			return nil, err
		}
		all = append(all, argument)
		if !p.takeIf(",") {
			return all, p.expect(")")
		}
	}
}
