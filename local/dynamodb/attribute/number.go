package attribute

import (
	"math/big"
	"strings"
)

// Number is a decimal number in the one form that DynamoDB answers with: no exponent, no superfluous zeros, "-0" being "0".
type Number string

// Limits of numbers, from "Naming rules and data types" of the developer guide.
const (
	maxDigits   = 38
	maxExponent = 125  // of the first digit: 9.99E+125
	minExponent = -130 // 1E-130
)

// decimal is a number taken apart: 0.digits × 10^(exponent+1), so that exponent is that of the first digit. Digits begin and
// end with another digit than 0; zero has none.
type decimal struct {
	negative bool
	digits   string
	exponent int
}

// ParseNumber reads a number as clients write it, such as "1.50e3".
func ParseNumber(text string) (Number, error) {
	if isPlainInteger(text) {
		return Number(text), nil
	}
	d, ok := takeApart(text)
	if !ok {
		if text == "" {
			return "", Invalid("The parameter cannot be converted to a numeric value")
		}
		return "", Invalid("The parameter cannot be converted to a numeric value: %s", text)
	}
	return d.number()
}

// isPlainInteger says whether text is a small integer in its final form, as nearly all numbers are.
func isPlainInteger(text string) bool {
	digits := strings.TrimPrefix(text, "-")
	if len(digits) == 0 || len(digits) > 18 || digits[0] == '0' && text != "0" {
		return false
	}
	return onlyDigits(digits)
}

func onlyDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return true
}

// takeApart reads [+-]digits[.digits][e[+-]digits], with digits on at least one side of the point.
func takeApart(text string) (d decimal, ok bool) {
	if text == "" {
		return d, false
	}
	if text[0] == '-' || text[0] == '+' {
		d.negative, text = text[0] == '-', text[1:]
	}
	exponent := 0
	if at := strings.IndexAny(text, "eE"); at >= 0 {
		if exponent, ok = parseExponent(text[at+1:]); !ok {
			return d, false
		}
		text = text[:at]
	}
	whole, fraction, _ := strings.Cut(text, ".")
	if whole == "" && fraction == "" || !onlyDigits(whole) || !onlyDigits(fraction) {
		return d, false
	}
	all := whole + fraction
	d.digits = strings.TrimLeft(all, "0")
	d.exponent = exponent + len(whole) - 1 - (len(all) - len(d.digits))
	d.digits = strings.TrimRight(d.digits, "0")
	if d.digits == "" {
		return decimal{}, true
	}
	return d, true
}

// parseExponent reads an integer. One with more than six digits is read as its first six: it is out of range anyway.
func parseExponent(text string) (exponent int, ok bool) {
	digits := strings.TrimLeft(text, "+-")
	if len(text)-len(digits) > 1 || digits == "" || !onlyDigits(digits) {
		return 0, false
	}
	significant := strings.TrimLeft(digits, "0")
	for _, c := range significant[:min(len(significant), 6)] {
		exponent = exponent*10 + int(c-'0')
	}
	if text[0] == '-' {
		exponent = -exponent
	}
	return exponent, true
}

// number puts a decimal together, or says which limit it breaks.
func (d decimal) number() (Number, error) {
	switch {
	case d.digits == "":
		return "0", nil
	case d.exponent > maxExponent:
		return "", Invalid("Number overflow. Attempting to store a number with magnitude larger than supported range")
	case d.exponent < minExponent:
		return "", Invalid("Number underflow. Attempting to store a number with magnitude smaller than supported range")
	case len(d.digits) > maxDigits:
		return "", Invalid("Attempting to store more than 38 significant digits in a Number")
	}
	var b strings.Builder
	if d.negative {
		b.WriteByte('-')
	}
	switch places := d.exponent + 1; {
	case places <= 0:
		b.WriteString("0.")
		b.WriteString(strings.Repeat("0", -places))
		b.WriteString(d.digits)
	case places >= len(d.digits):
		b.WriteString(d.digits)
		b.WriteString(strings.Repeat("0", places-len(d.digits)))
	default:
		b.WriteString(d.digits[:places])
		b.WriteByte('.')
		b.WriteString(d.digits[places:])
	}
	return Number(b.String()), nil
}

// parts takes a Number apart, which is always possible.
func (n Number) parts() decimal {
	d, _ := takeApart(string(n))
	return d
}

// Compare returns -1, 0 or 1 as n is less than, equal to or greater than other.
func (n Number) Compare(other Number) int {
	if n == other {
		return 0
	}
	return strings.Compare(sortableNumber(n), sortableNumber(other))
}

// Plus returns n + other, exactly; the error is one of the limits of numbers.
func (n Number) Plus(other Number) (Number, error) { return combine(n, other, (*big.Int).Add) }

// Minus returns n - other, exactly; the error is one of the limits of numbers.
func (n Number) Minus(other Number) (Number, error) { return combine(n, other, (*big.Int).Sub) }

func combine(n, other Number, operation func(z, x, y *big.Int) *big.Int) (Number, error) {
	a, b := n.parts(), other.parts()
	// Both as integers, in units of the last digit of either.
	unit := min(a.lastPlace(), b.lastPlace())
	sum := operation(new(big.Int), a.integer(unit), b.integer(unit))
	text := sum.String()
	d := decimal{negative: sum.Sign() < 0}
	text = strings.TrimPrefix(text, "-")
	d.exponent = unit + len(text) - 1
	d.digits = strings.TrimRight(text, "0")
	return d.number()
}

// lastPlace is the exponent of the last digit.
func (d decimal) lastPlace() int {
	if d.digits == "" {
		return 0
	}
	return d.exponent - len(d.digits) + 1
}

// integer is the number in units of 10^unit, of which it is a multiple.
func (d decimal) integer(unit int) *big.Int {
	if d.digits == "" {
		return new(big.Int)
	}
	text := d.digits + strings.Repeat("0", d.lastPlace()-unit)
	i, _ := new(big.Int).SetString(text, 10) // digits are an integer
	if d.negative {
		i.Neg(i)
	}
	return i
}
