package attribute

import (
	"encoding/base64"
	"strconv"
	"unicode/utf8"
)

// AppendJSON appends a map of attributes as on the wire: {"name":{"S":"text"}}.
func (m Map) AppendJSON(b []byte) []byte {
	b = append(b, '{')
	first := true
	for name, value := range m {
		if !first {
			b = append(b, ',')
		}
		first = false
		b = appendString(b, name)
		b = append(b, ':')
		b = AppendJSON(b, value)
	}
	return append(b, '}')
}

// MarshalJSON makes Map a json.Marshaler.
func (m Map) MarshalJSON() ([]byte, error) { return m.AppendJSON(nil), nil }

// AppendJSON appends a value as on the wire: {"S":"text"}.
func AppendJSON(b []byte, v Value) []byte {
	b = append(b, '{', '"')
	b = append(b, v.Type()...)
	b = append(b, '"', ':')
	switch v := v.(type) {
	case String:
		b = appendString(b, string(v))
	case Number:
		b = appendNumber(b, v)
	case Binary:
		b = appendBinary(b, string(v))
	case Bool:
		b = strconv.AppendBool(b, bool(v))
	case Null:
		b = append(b, "true"...)
	case List:
		b = appendList(b, v, AppendJSON)
	case Map:
		b = v.AppendJSON(b)
	case StringSet:
		b = appendList(b, v, appendString)
	case NumberSet:
		b = appendList(b, v, appendNumber)
	case BinarySet:
		b = appendList(b, v, appendBinary)
	}
	return append(b, '}')
}

func appendList[E any](b []byte, elements []E, appendElement func([]byte, E) []byte) []byte {
	b = append(b, '[')
	for i, element := range elements {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendElement(b, element)
	}
	return append(b, ']')
}

func appendNumber(b []byte, n Number) []byte {
	b = append(b, '"')
	b = append(b, n...)
	return append(b, '"')
}

func appendBinary(b []byte, bytes string) []byte {
	b = append(b, '"')
	b = base64.StdEncoding.AppendEncode(b, []byte(bytes))
	return append(b, '"')
}

// appendString quotes for JSON, which strconv.Quote does not: its \x and \U are no JSON.
func appendString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	plain := 0 // begin of what is to be copied as it is
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				b = append(append(b, s[plain:i]...), "\ufffd"...)
				plain = i + 1
			}
			i += size
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		b = append(b, s[plain:i]...)
		if c == '"' || c == '\\' {
			b = append(b, '\\', c)
		} else {
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		i++
		plain = i
	}
	return append(append(b, s[plain:]...), '"')
}
