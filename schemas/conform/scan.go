package conform

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth bounds the nesting that is read here; frames have at most as many levels.
const maxDepth = 64

// maxDigits bounds numbers to those that float64 tells apart from each other, and int64 holds.
const maxDigits = 15

// Takes reports that data is JSON that certainly conforms to the rule. False says nothing.
func (r *Rule) Takes(data []byte) bool {
	s := scanner{data: data}
	s.space()
	if r == nil || !s.value(r, 0) {
		return false
	}
	s.space()
	return s.at == len(data)
}

// scanner reads forward. Each of its methods reports whether what it stands at is as wanted, and then stands behind it.
type scanner struct {
	data []byte
	at   int
}

func (s *scanner) value(r *Rule, depth int) bool {
	if s.at >= len(s.data) || depth > maxDepth {
		return false
	}
	switch c := s.data[s.at]; {
	case c == '{':
		return (r.kind == object || r.kind == anything) && s.object(r, depth)
	case c == '[':
		return (r.kind == array || r.kind == anything) && s.array(r, depth)
	case c == '"':
		body, escapes, ok := s.text()
		return ok && (r.kind == anything || r.kind == text && r.takesText(body, escapes))
	case c == '-' || c >= '0' && c <= '9':
		literal, whole, ok := s.number()
		return ok && (r.kind == anything || r.kind == number && r.takesNumber(literal) || r.kind == integer && whole && r.takesNumber(literal))
	case c == 't':
		return (r.kind == boolean || r.kind == anything) && s.word("true")
	case c == 'f':
		return (r.kind == boolean || r.kind == anything) && s.word("false")
	case c == 'n':
		return r.kind == anything && s.word("null")
	}
	return false
}

// whatever is the rule of a value that a schema does not describe.
var whatever = &Rule{kind: anything}

func (s *scanner) object(r *Rule, depth int) bool {
	var seen uint64   // the bits of its fields
	var others strays // the names of fields that are not described
	s.at++
	s.space()
	if s.byte('}') {
		return r.required == 0
	}
	for {
		name, escapes, ok := s.text()
		if !ok || escapes > 0 {
			return false
		}
		f, described := r.fields[string(name)]
		switch {
		case described && seen&f.bit == 0:
			seen |= f.bit
		case !described && (r.kind == anything || r.open) && others.add(name):
			f.rule = whatever
		default:
			return false
		}
		s.space()
		if !s.byte(':') {
			return false
		}
		s.space()
		if !s.value(f.rule, depth+1) {
			return false
		}
		s.space()
		if s.byte('}') {
			return r.required&^seen == 0
		}
		if !s.byte(',') {
			return false
		}
		s.space()
	}
}

// strays are the first names of an object, kept without allocating.
type strays struct {
	names [8][]byte
	count int
}

// add reports whether the name is another than all before, and there was room for it.
func (s *strays) add(name []byte) bool {
	for _, before := range s.names[:s.count] {
		if string(before) == string(name) {
			return false
		}
	}
	if s.count == len(s.names) {
		return false
	}
	s.names[s.count] = name
	s.count++
	return true
}

func (s *scanner) array(r *Rule, depth int) bool {
	items, limited := r.items, r.kind == array
	if !limited {
		items = whatever
	}
	s.at++
	s.space()
	count := 0
	for !s.byte(']') {
		if count > 0 {
			if !s.byte(',') {
				return false
			}
			s.space()
		}
		if !s.value(items, depth+1) {
			return false
		}
		count++
		s.space()
	}
	return !limited || count >= r.minItems && (r.maxItems < 0 || count <= r.maxItems)
}

// text reads a string, and returns what stands between its quotes, in which escapes characters are written as two. One with \u is
// not taken.
func (s *scanner) text() (body []byte, escapes int, ok bool) {
	if !s.byte('"') {
		return nil, 0, false
	}
	begin, plain := s.at, true
	for ; s.at < len(s.data); s.at++ {
		switch c := s.data[s.at]; {
		case c == '"':
			body = s.data[begin:s.at]
			s.at++
			return body, escapes, plain || utf8.Valid(body)
		case c == '\\':
			s.at++
			if s.at == len(s.data) || strings.IndexByte(`"\/bfnrt`, s.data[s.at]) < 0 {
				return nil, 0, false
			}
			escapes++
		case c < ' ':
			return nil, 0, false
		case c >= utf8.RuneSelf:
			plain = false
		}
	}
	return nil, 0, false
}

// takesText knows words and formats without escapes alone.
func (r *Rule) takesText(body []byte, escapes int) bool {
	if escapes > 0 && (r.enum != nil || r.format != free) {
		return false
	}
	if r.maxLength >= 0 && len(body)-escapes > r.maxLength && utf8.RuneCount(body)-escapes > r.maxLength {
		return false
	}
	return (r.enum == nil || r.enum[string(body)]) && r.format.takes(body)
}

// number reads digits with at most one point between them, no exponent.
func (s *scanner) number() (literal []byte, whole, ok bool) {
	begin := s.at
	s.byte('-')
	first := s.at
	s.digits()
	digits := s.at - first
	if digits == 0 || digits > 1 && s.data[first] == '0' {
		return nil, false, false
	}
	whole = true
	if s.byte('.') {
		whole = false
		fraction := s.at
		s.digits()
		if s.at == fraction {
			return nil, false, false
		}
		digits += s.at - fraction
	}
	if s.at < len(s.data) && (s.data[s.at] == 'e' || s.data[s.at] == 'E') || digits > maxDigits {
		return nil, false, false
	}
	return s.data[begin:s.at], whole, true
}

func (s *scanner) digits() {
	for s.at < len(s.data) && s.data[s.at] >= '0' && s.data[s.at] <= '9' {
		s.at++
	}
}

func (r *Rule) takesNumber(literal []byte) bool {
	if r.min == nil && r.max == nil {
		return true
	}
	value, err := strconv.ParseFloat(string(literal), 64)
	return err == nil && (r.min == nil || value >= *r.min) && (r.max == nil || value <= *r.max)
}

func (s *scanner) word(word string) bool {
	end := s.at + len(word)
	if end > len(s.data) || string(s.data[s.at:end]) != word {
		return false
	}
	s.at = end
	return true
}

// byte reads c if that comes next.
func (s *scanner) byte(c byte) bool {
	if s.at >= len(s.data) || s.data[s.at] != c {
		return false
	}
	s.at++
	return true
}

// space passes over white space as JSON defines it.
func (s *scanner) space() {
	for s.at < len(s.data) {
		switch s.data[s.at] {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return
		}
	}
}
