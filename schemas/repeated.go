package schemas

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// repeated finds the fields that an object has twice. RFC 8259 section 4 leaves open which of the two counts, so two readers of
// such a payload may read two messages: this package, what decodes it after, whoever gets a copy. data is valid JSON, or empty.
func repeated(data []byte) []Violation {
	r := reader{data: data}
	r.value()
	return r.found
}

// reader walks through valid JSON.
type reader struct {
	data  []byte
	at    int
	path  []string // to the value that it stands at
	found []Violation
}

func (r *reader) value() {
	switch r.next() {
	case '{':
		r.object()
	case '[':
		r.array()
	case '"':
		r.text()
	default:
		for r.at < len(r.data) && strings.IndexByte(",]} \t\r\n", r.data[r.at]) < 0 {
			r.at++
		}
	}
}

func (r *reader) object() {
	names := map[string]int{}
	for r.at++; r.next() != '}'; {
		if r.data[r.at] == ',' {
			r.at++
			continue
		}
		name := r.name()
		r.next()
		r.at++ // the colon
		r.path = append(r.path, name)
		if names[name]++; names[name] == 2 {
			r.found = append(r.found, Violation{Kind: Repeated, Path: pointer(r.path), Message: "is given twice"})
		}
		r.value()
		r.path = r.path[:len(r.path)-1]
	}
	r.at++
}

func (r *reader) array() {
	r.at++
	for i := 0; r.next() != ']'; {
		if r.data[r.at] == ',' {
			r.at++
			i++
			continue
		}
		r.path = append(r.path, strconv.Itoa(i))
		r.value()
		r.path = r.path[:len(r.path)-1]
	}
	r.at++
}

// name reads a name as a decoder does: each character may be written in two ways, and what is none is U+FFFD.
func (r *reader) name() string {
	quoted := r.text()
	if !slices.Contains(quoted, '\\') && utf8.Valid(quoted) {
		return string(quoted[1 : len(quoted)-1])
	}
	var name string
	if json.Unmarshal(quoted, &name) != nil {
		return string(quoted) // the payload would not be JSON
	}
	return name
}

func (r *reader) text() (quoted []byte) {
	begin := r.at
	for r.at++; r.data[r.at] != '"'; r.at++ {
		if r.data[r.at] == '\\' {
			r.at++
		}
	}
	r.at++
	return r.data[begin:r.at]
}

// next passes over white space, and returns what comes then, 0 at the end.
func (r *reader) next() byte {
	for ; r.at < len(r.data); r.at++ {
		if c := r.data[r.at]; strings.IndexByte(" \t\r\n", c) < 0 {
			return c
		}
	}
	return 0
}

// pointer writes a path of names that the peer chose as JSON pointer.
func pointer(names []string) string {
	var path strings.Builder
	for _, name := range names {
		path.WriteString("/" + pointerEscaper.Replace(shorten(name)))
	}
	return path.String()
}
