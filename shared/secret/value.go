package secret

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

// value is a JSON value and where it stands, so that a part can be replaced and the rest stay as it is.
type value struct {
	start, end int
	text       string   // of a string
	members    []member // of an object, in their order
	elements   []value  // of an array
	nested     bool     // it is an object or an array
}

type member struct {
	name  string // in lower case: a charge point may read members without regard to case
	value value
}

// scalar tells a value that is no object or array.
func (v value) scalar() bool { return !v.nested }

// named returns the members of an object by their lower-case name.
func (v value) named(name string) []value {
	var found []value
	for _, m := range v.members {
		if m.name == name {
			found = append(found, m.value)
		}
	}
	return found
}

// parse reads one JSON value.
func parse(document []byte) (value, error) {
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	p := parser{document: document, decoder: decoder}
	return p.value()
}

type parser struct {
	document []byte
	decoder  *json.Decoder
	depth    int
}

// maxDepth bounds the recursion, which a document of brackets alone would make as deep as it is long. Frames of more
// than 64 levels are refused when they come in (shared/ocppj), and payloads that are sent conform to a schema.
const maxDepth = 100

var errTooDeep = errors.New("the document is nested too deeply")

// value reads the next value.
func (p *parser) value() (value, error) {
	if p.depth++; p.depth > maxDepth {
		return value{}, errTooDeep
	}
	defer func() { p.depth-- }()
	before := int(p.decoder.InputOffset())
	token, err := p.decoder.Token()
	if err != nil {
		return value{}, err
	}
	v := value{start: p.next(before)}
	switch token := token.(type) {
	case string:
		v.text = token
	case json.Delim:
		v.nested = true
		err = p.inside(token, &v)
	}
	v.end = int(p.decoder.InputOffset())
	return v, err
}

// inside reads what is in an object or array, and its end.
func (p *parser) inside(open json.Delim, v *value) error {
	for p.decoder.More() {
		if open == '[' {
			element, err := p.value()
			if err != nil {
				return err
			}
			v.elements = append(v.elements, element)
			continue
		}
		name, err := p.value()
		if err != nil {
			return err
		}
		inner, err := p.value()
		if err != nil {
			return err
		}
		v.members = append(v.members, member{strings.ToLower(name.text), inner})
	}
	_, err := p.decoder.Token()
	return err
}

// next is where the value begins that follows an offset.
func (p *parser) next(offset int) int {
	for bytes.IndexByte([]byte(" \t\r\n,:"), p.document[offset]) >= 0 {
		offset++
	}
	return offset
}
