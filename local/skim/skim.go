// Package skim finds single members in JSON without decoding the rest: who only counts, or asks a policy, needs two words of a
// document that somebody else decodes anyway. It does not check what it passes over. What is no JSON yields members up to some
// place, or none.
package skim

import (
	"bytes"
	"encoding/json"
	"iter"
	"unicode/utf8"
)

// Members yields the names and values of an object, in their order; of what is no object nothing.
func Members(object []byte) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		rest, ok := opened(object, '{')
		for ok && len(rest) > 0 && rest[0] == '"' {
			var name, value []byte
			if name, rest, ok = next(rest); !ok || len(rest) == 0 || rest[0] != ':' {
				return
			}
			if value, rest, ok = next(space(rest[1:])); !ok || !yield(Text(name), value) {
				return
			}
			rest, ok = following(rest)
		}
	}
}

// Elements yields the elements of an array, in their order; of what is no array nothing.
func Elements(array []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		rest, ok := opened(array, '[')
		for ok && len(rest) > 0 && rest[0] != ']' {
			var value []byte
			if value, rest, ok = next(rest); !ok || !yield(value) {
				return
			}
			rest, ok = following(rest)
		}
	}
}

// Text is what a string says; "" for every other value.
func Text(value []byte) string {
	if len(value) < 2 || value[0] != '"' {
		return ""
	}
	if bytes.IndexByte(value, '\\') < 0 && utf8.Valid(value) {
		return string(value[1 : len(value)-1])
	}
	var text string
	if json.Unmarshal(value, &text) != nil {
		return ""
	}
	return text
}

// opened is what follows the bracket that a value begins with.
func opened(value []byte, bracket byte) (rest []byte, ok bool) {
	value = space(value)
	if len(value) == 0 || value[0] != bracket {
		return nil, false
	}
	return space(value[1:]), true
}

// following is what follows the comma behind a value; without a comma nothing does.
func following(rest []byte) ([]byte, bool) {
	if len(rest) == 0 || rest[0] != ',' {
		return nil, false
	}
	return space(rest[1:]), true
}

// next takes the first value off, and the space behind it.
func next(json []byte) (value, rest []byte, ok bool) {
	end := length(json)
	if end <= 0 {
		return nil, nil, false
	}
	return json[:end:end], space(json[end:]), true
}

// length is how long the value is that json begins with; 0 when it has no end.
func length(json []byte) int {
	if len(json) == 0 {
		return 0
	}
	switch json[0] {
	case '"':
		return textLength(json)
	case '{', '[':
		return bracketsLength(json)
	}
	if end := bytes.IndexAny(json, ",:]} \t\r\n"); end >= 0 {
		return end
	}
	return len(json)
}

func textLength(json []byte) int {
	for at := 1; ; {
		quote := bytes.IndexByte(json[at:], '"')
		if quote < 0 {
			return 0
		}
		at += quote
		backslashes := 0
		for json[at-1-backslashes] == '\\' {
			backslashes++
		}
		at++
		if backslashes%2 == 0 {
			return at
		}
	}
}

func bracketsLength(json []byte) int {
	depth := 0
	for at := 0; at < len(json); at++ {
		switch json[at] {
		case '"':
			text := textLength(json[at:])
			if text == 0 {
				return 0
			}
			at += text - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return at + 1
			}
		}
	}
	return 0
}

func space(json []byte) []byte {
	for len(json) > 0 && (json[0] == ' ' || json[0] == '\n' || json[0] == '\t' || json[0] == '\r') {
		json = json[1:]
	}
	return json
}
