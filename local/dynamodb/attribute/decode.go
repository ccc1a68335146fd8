package attribute

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/serverless-ocpp/backend/local/skim"
)

// InvalidError is a value that DynamoDB refuses with a ValidationException of this message.
type InvalidError struct{ Message string }

func (e *InvalidError) Error() string { return e.Message }

// Invalid returns an *InvalidError.
func Invalid(format string, args ...any) error { return &InvalidError{fmt.Sprintf(format, args...)} }

// SerializationError is JSON of another shape than values have.
type SerializationError struct{ Message string }

func (e *SerializationError) Error() string { return e.Message }

// MaximumDepth is how deep lists and maps may lie in each other.
const MaximumDepth = 32

// ParseMap reads attributes as on the wire. data is known to be JSON, or null. The error is an *InvalidError or a *SerializationError.
func ParseMap(data []byte) (Map, error) {
	if string(data) == "null" {
		return Map{}, nil
	}
	if len(data) == 0 || data[0] != '{' {
		return nil, &SerializationError{"Unexpected field type"}
	}
	return parseMap(data, 1)
}

func parseMap(object []byte, depth int) (Map, error) {
	m := Map{}
	for name, field := range skim.Members(object) {
		value, err := parse(field, depth)
		if err != nil {
			return nil, err
		}
		m[name] = value
	}
	return m, nil
}

// Parse reads a value as on the wire. The error is an *InvalidError or a *SerializationError.
func Parse(data []byte) (Value, error) { return parse(data, 1) }

func parse(data []byte, depth int) (Value, error) {
	if depth > MaximumDepth {
		return nil, Invalid("Nesting Levels have exceeded supported limits")
	}
	if v, ok := parseShort(data); ok {
		return v, nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return nil, &SerializationError{"Unexpected value type in payload"}
	}
	var found Value
	count := 0
	for name, field := range fields {
		value, err := parseTyped(name, field, depth)
		if err != nil {
			return nil, err
		}
		if value != nil {
			found = value
			count++
		}
	}
	switch count {
	case 0:
		return nil, Invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
	case 1:
		return found, nil
	}
	return nil, Invalid("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes")
}

// parseTyped reads what stands under a type; nil when that is null or no type.
func parseTyped(name string, field json.RawMessage, depth int) (Value, error) {
	if string(field) == "null" {
		return nil, nil
	}
	switch name {
	case "S":
		text, err := decode[string](field, "String")
		return String(text), err
	case "N":
		text, err := decode[string](field, "String")
		if err != nil {
			return nil, err
		}
		return numberValue(text)
	case "B":
		bytes, err := parseBinary(field)
		return Binary(bytes), err
	case "BOOL":
		b, err := decode[bool](field, "Boolean")
		return Bool(b), err
	case "NULL":
		b, err := decode[bool](field, "Boolean")
		if err == nil && !b {
			err = Invalid("One or more parameter values were invalid: Null attribute value types must have the value of true")
		}
		return Null{}, err
	case "L":
		elements, err := decode[[]json.RawMessage](field, "List")
		if err != nil {
			return nil, err
		}
		list := make(List, len(elements))
		for i, element := range elements {
			if list[i], err = parse(element, depth+1); err != nil {
				return nil, err
			}
		}
		return list, nil
	case "M":
		if field[0] != '{' {
			return nil, &SerializationError{jsonKind(field) + " cannot be converted to Map"}
		}
		return parseMap(field, depth+1)
	case "SS", "NS", "BS":
		return parseSet(name, field)
	}
	return nil, nil
}

func parseSet(name string, field json.RawMessage) (Value, error) {
	elements, err := decode[[]json.RawMessage](field, "List")
	if err != nil {
		return nil, err
	}
	switch name {
	case "SS":
		set, err := parseElements(elements, func(e json.RawMessage) (string, error) { return decode[string](e, "String") })
		if err == nil && len(set) == 0 {
			err = Invalid("One or more parameter values were invalid: An string set  may not be empty")
		}
		if err == nil && hasDuplicates(set) {
			err = Invalid("One or more parameter values were invalid: Input collection %s contains duplicates.", listed(set))
		}
		return StringSet(set), err
	case "NS":
		set, err := parseElements(elements, func(e json.RawMessage) (Number, error) {
			text, err := decode[string](e, "String")
			if err != nil {
				return "", err
			}
			return ParseNumber(text)
		})
		if err == nil && len(set) == 0 {
			err = Invalid("One or more parameter values were invalid: An number set  may not be empty")
		}
		if err == nil && hasDuplicates(set) {
			err = Invalid("Input collection contains duplicates")
		}
		return NumberSet(set), err
	}
	set, err := parseElements(elements, parseBinary)
	if err == nil && len(set) == 0 {
		err = Invalid("One or more parameter values were invalid: Binary sets should not be empty")
	}
	if err == nil && hasDuplicates(set) {
		err = Invalid("One or more parameter values were invalid: Input collection %sof type BS contains duplicates.", listed(encoded(set)))
	}
	return BinarySet(set), err
}

func parseElements[E any](elements []json.RawMessage, parse func(json.RawMessage) (E, error)) ([]E, error) {
	set := make([]E, len(elements))
	for i, element := range elements {
		var err error
		if set[i], err = parse(element); err != nil {
			return nil, err
		}
	}
	return set, nil
}

func hasDuplicates[E ~string](elements []E) bool {
	sorted := slices.Sorted(slices.Values(elements))
	return len(slices.Compact(sorted)) < len(elements)
}

// listed writes elements as DynamoDB's messages do: [a, b].
func listed(elements []string) string {
	text := "["
	for i, element := range elements {
		if i > 0 {
			text += ", "
		}
		text += element
	}
	return text + "]"
}

func encoded(set []string) []string {
	texts := make([]string, len(set))
	for i, bytes := range set {
		texts[i] = base64.StdEncoding.EncodeToString([]byte(bytes))
	}
	return texts
}

func numberValue(text string) (Value, error) {
	n, err := ParseNumber(text)
	if err != nil {
		return nil, err
	}
	return n, nil
}

func parseBinary(field json.RawMessage) (string, error) {
	text, err := decode[string](field, "Blob")
	if err != nil {
		return "", &SerializationError{"only base-64-encoded strings are convertible to bytes"}
	}
	bytes, err := base64.StdEncoding.Strict().DecodeString(text)
	switch {
	case err != nil && len(text)%4 != 0:
		return "", &SerializationError{fmt.Sprintf("Base64 encoded length is expected a multiple of 4 bytes but found: %d", len(text))}
	case err != nil:
		return "", &SerializationError{"Invalid last non-pad Base64 character dectected"} // the spelling is DynamoDB's
	}
	return string(bytes), nil
}

func decode[T any](field json.RawMessage, shape string) (value T, err error) {
	if err := json.Unmarshal(field, &value); err != nil {
		return value, &SerializationError{fmt.Sprintf("%s cannot be converted to %s", jsonKind(field), shape)}
	}
	return value, nil
}

// jsonKind names what a field is, as DynamoDB's parser does.
func jsonKind(field json.RawMessage) string {
	switch field[0] {
	case '"':
		return "STRING_VALUE"
	case 't':
		return "TRUE_VALUE"
	case 'f':
		return "FALSE_VALUE"
	case '{':
		return "START_OBJECT"
	case '[':
		return "START_ARRAY"
	}
	return "NUMBER_VALUE"
}

// parseShort reads the commonest values, {"S":"…"} and {"N":"…"} without spaces, without the detour by a map. data is known to be JSON.
func parseShort(data []byte) (Value, bool) {
	const frame = len(`{"S":""}`)
	if len(data) < frame || string(data[:2]) != `{"` || string(data[3:6]) != `":"` || string(data[len(data)-2:]) != `"}` {
		return nil, false
	}
	text := data[frame-2 : len(data)-2]
	escapes, whole := plain(text)
	switch {
	case !whole:
		return nil, false
	case data[2] == 'S' && escapes:
		text, err := decode[string](data[frame-3:len(data)-1], "String")
		return String(text), err == nil
	case data[2] == 'S':
		return String(text), true
	case data[2] == 'N' && isPlainInteger(string(text)):
		return Number(text), true
	}
	return nil, false
}

// plain tells whether text is the whole of what stands between two quotes, and has escapes.
func plain(text []byte) (escapes, whole bool) {
	for at := 0; at < len(text); at++ {
		switch text[at] {
		case '"':
			return escapes, false
		case '\\':
			escapes = true
			if at++; at == len(text) {
				return escapes, false // what follows is a quote in the text
			}
		}
	}
	return escapes, true
}
