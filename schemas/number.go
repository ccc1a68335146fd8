package schemas

import (
	"encoding/json"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// maxDigits bounds how long a number may be, and how far its exponent may move the point: the largest floating-point number of
// 64 bits has 309 digits before the point, the smallest 324 after it.
//
// The validator calculates with fractions of any size. Without this bound, the nine bytes of 1e1000000 would cost it
// milliseconds, and an exponent of one more digit would make it panic.
const maxDigits = 330

// bounded reports whether every number in a decoded payload fits a floating-point number of 64 bits.
func bounded(value any) bool {
	switch value := value.(type) {
	case json.Number:
		return fits(string(value))
	case map[string]any:
		for _, field := range value {
			if !bounded(field) {
				return false
			}
		}
	case []any:
		for _, element := range value {
			if !bounded(element) {
				return false
			}
		}
	}
	return true
}

func fits(number string) bool {
	if len(number) > maxDigits {
		return false
	}
	if e := strings.IndexAny(number, "eE"); e >= 0 {
		exponent, err := strconv.Atoi(number[e+1:])
		if err != nil || exponent < -maxDigits || exponent > maxDigits {
			return false
		}
	}
	_, err := strconv.ParseFloat(number, 64)
	return err == nil
}

// isInt64 is the format of integers: without fraction or exponent, in 64 bits.
func isInt64(value any) bool {
	number, ok := value.(json.Number)
	if !ok {
		return true // that is for the type to say
	}
	_, err := strconv.ParseInt(string(number), 10, 64)
	return err == nil
}

// hasFraction reports whether number has a fraction or exponent, be it of value zero.
func hasFraction(number json.Number) bool { return strings.ContainsAny(string(number), ".eE") }

// nearlyMultiple allows for what binary floating point makes of decimal steps: 3 × 0.1 is sent as 0.30000000000000004.
func nearlyMultiple(number json.Number, step *big.Rat) bool {
	value, err := number.Float64()
	if err != nil {
		return false
	}
	quotient := value / float(step)
	return math.Abs(quotient-math.Round(quotient)) < 1e-6
}

func float(r *big.Rat) float64 {
	f, _ := r.Float64() // limits of OCPP are short decimals; that the nearest float is not exact does not matter
	return f
}
