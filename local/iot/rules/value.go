package rules

import (
	"bytes"
	"encoding/json"
	"math/big"
	"regexp"
	"strconv"
	"strings"
)

// value is a value of AWS IoT SQL: nil (Null), bool, string, json.Number (Int or Decimal), []any, map[string]any,
// undefined, or raw.
type value = any

// undefined is the value of what is not there, and of a function or operator that cannot work with what it got.
type undefined struct{}

// raw is a payload that is not JSON. Only SELECT * and encode(*, …) can do anything with it.
type raw []byte

// Conversions of https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-data-types.html

var decimalForm = regexp.MustCompile(`^-?\d+(\.\d+)?([eE][-+]?\d+)?$`)

// maxExponent is the magnitude that a Decimal can have.
const maxExponent = 999

// toDecimal converts to a number; ok is false for what would be Undefined.
func toDecimal(v value) (number *big.Rat, ok bool) {
	var digits string
	switch v := v.(type) {
	case json.Number:
		digits = v.String()
	case string:
		digits = v
	default:
		return nil, false
	}
	if !decimalForm.MatchString(digits) {
		return nil, false
	}
	if _, exponent, has := strings.Cut(strings.ToLower(digits), "e"); has {
		if n, err := strconv.Atoi(exponent); err != nil || n > maxExponent || n < -maxExponent {
			return nil, false
		}
	}
	return new(big.Rat).SetString(digits)
}

// toInt converts to an index: a string is truncated, a Decimal rounded to the nearest Int.
func toInt(v value) (n int, ok bool) {
	number, ok := toDecimal(v)
	if !ok {
		return 0, false
	}
	if _, isString := v.(string); !isString {
		half := big.NewRat(1, 2)
		if number.Sign() < 0 {
			half.Neg(half)
		}
		number = new(big.Rat).Add(number, half)
	}
	whole := new(big.Int).Quo(number.Num(), number.Denom())
	if !whole.IsInt64() {
		return 0, false
	}
	return int(whole.Int64()), true
}

func toBool(v value) (b, ok bool) {
	switch v := v.(type) {
	case bool:
		return v, true
	case string:
		if strings.EqualFold(v, "true") || strings.EqualFold(v, "false") {
			return strings.EqualFold(v, "true"), true
		}
	}
	return false, false
}

func toString(v value) (s string, ok bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case json.Number:
		return v.String(), true
	case []any, map[string]any:
		encoded, err := encode(v)
		return string(encoded), err == nil
	}
	return "", false
}

// fromRat writes a number with the 34 digits that a Decimal has.
func fromRat(number *big.Rat) value {
	if number.IsInt() {
		return json.Number(number.Num().String())
	}
	digits := strings.TrimRight(number.FloatString(34), "0")
	return json.Number(strings.TrimSuffix(digits, "."))
}

// decode reads a JSON document and keeps its numbers as they are written. ok is false if it is none.
func decode(document []byte) (v value, ok bool) {
	if !json.Valid(document) {
		return nil, false
	}
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	err := decoder.Decode(&v)
	return v, err == nil
}

func encode(v value) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return bytes.TrimRight(buffer.Bytes(), "\n"), err
}
