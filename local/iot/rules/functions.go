package rules

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
)

// function is one of https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html
type function struct {
	least, most int // arguments
	eval        func(c *context, arguments []value) value
}

// functions by their names in lower case; AWS does not tell cases apart.
var functions = map[string]function{
	"accountid":   {0, 0, func(c *context, _ []value) value { return c.account }},
	"clientid":    {0, 0, func(c *context, _ []value) value { return c.clientID }},
	"newuuid":     {0, 0, func(*context, []value) value { return uuid.NewString() }},
	"timestamp":   {0, 0, func(c *context, _ []value) value { return number64(c.now.UnixMilli()) }},
	"topic":       {0, 1, topic},
	"get":         {2, 2, func(_ *context, a []value) value { return get(a[0], a[1]) }},
	"isnull":      {1, 1, func(_ *context, a []value) value { return a[0] == nil }},
	"isundefined": {1, 1, func(_ *context, a []value) value { return isUndefined(a[0]) }},
	"encode":      {2, 2, encodeFunction},
	"decode":      {2, 2, decodeFunction},
	"concat":      {1, 20, func(_ *context, a []value) value { return concatenate(a...) }},
	"lower":       {1, 1, ofString(func(s string) value { return strings.ToLower(s) })},
	"upper":       {1, 1, ofString(func(s string) value { return strings.ToUpper(s) })},
	"trim":        {1, 1, ofString(func(s string) value { return strings.TrimSpace(s) })},
	"length":      {1, 1, ofString(func(s string) value { return number64(int64(utf8.RuneCountInString(s))) })},
	"startswith":  {2, 2, ofStrings(func(a, b string) value { return strings.HasPrefix(a, b) })},
	"endswith":    {2, 2, ofStrings(func(a, b string) value { return strings.HasSuffix(a, b) })},
	"indexof":     {2, 2, ofStrings(indexOf)},
}

func number64(n int64) value { return json.Number(strconv.FormatInt(n, 10)) }

func ofString(f func(string) value) func(*context, []value) value {
	return func(_ *context, arguments []value) value {
		if s, ok := toString(arguments[0]); ok {
			return f(s)
		}
		return undefined{}
	}
}

func ofStrings(f func(a, b string) value) func(*context, []value) value {
	return func(_ *context, arguments []value) value {
		a, okA := toString(arguments[0])
		b, okB := toString(arguments[1])
		if !okA || !okB {
			return undefined{}
		}
		return f(a, b)
	}
}

// indexOf counts characters from 0; -1 is no such text.
func indexOf(in, what string) value {
	at := strings.Index(in, what)
	if at < 0 {
		return number64(-1)
	}
	return number64(int64(utf8.RuneCountInString(in[:at])))
}

// topic returns the topic, or its level of that number, the first being 1.
func topic(c *context, arguments []value) value {
	if len(arguments) == 0 {
		return c.topic
	}
	levels := strings.Split(c.topic, "/")
	n, ok := toInt(arguments[0])
	if !ok || n < 1 || n > len(levels) {
		return undefined{}
	}
	return levels[n-1]
}

// get returns an item of an array or a character of a string by its number from 0, or a member of an object.
func get(from, key value) value {
	if members, isObject := from.(map[string]any); isObject {
		name, isText := key.(string)
		if v, has := members[name]; isText && has {
			return v
		}
		return undefined{}
	}
	n, ok := toInt(key)
	if !ok || n < 0 {
		return undefined{}
	}
	switch from := from.(type) {
	case []any:
		if n < len(from) {
			return from[n]
		}
	case string:
		if characters := []rune(from); n < len(characters) {
			return string(characters[n])
		}
	}
	return undefined{}
}

const base64Scheme = "base64" // the only one AWS has

func encodeFunction(c *context, arguments []value) value {
	if arguments[1] != base64Scheme {
		return undefined{}
	}
	if binary, isRaw := arguments[0].(raw); isRaw {
		return base64.StdEncoding.EncodeToString(binary)
	}
	s, ok := toString(arguments[0])
	if !ok {
		return undefined{}
	}
	return base64.StdEncoding.EncodeToString([]byte(s))
}

// decodeFunction returns what was encoded, as a JSON value if it is a document; Null if it was not encoded.
func decodeFunction(_ *context, arguments []value) value {
	encoded, isText := arguments[0].(string)
	if !isText || arguments[1] != base64Scheme {
		return nil
	}
	decoded, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return nil // Null is AWS's answer to what cannot be decoded
	}
	if v, isDocument := decode(decoded); isDocument {
		return v
	}
	return string(decoded)
}
