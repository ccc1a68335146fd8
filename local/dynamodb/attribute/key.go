package attribute

import "strings"

// Sortable returns bytes that sort as DynamoDB sorts the value as a key: text and bytes by their bytes, numbers by what they are
// worth. ok is false for types that cannot be keys.
func Sortable(v Value) (key string, ok bool) {
	switch v := v.(type) {
	case String:
		return string(v), true
	case Binary:
		return string(v), true
	case Number:
		return sortableNumber(v), true
	}
	return "", false
}

// First bytes of sortable numbers, by sign.
const (
	signNegative = 'a'
	signZero     = 'b'
	signPositive = 'c'
)

// sortableNumber is the sign, the exponent of the first digit and the digits. For negative numbers these are mirrored, and a last
// byte above all digits makes the shorter, which is the greater, sort behind.
func sortableNumber(n Number) string {
	d := n.parts()
	if d.digits == "" {
		return string(rune(signZero))
	}
	key := make([]byte, 0, len(d.digits)+3)
	exponent := byte(d.exponent - minExponent) // 0 to 255
	if !d.negative {
		key = append(key, signPositive, exponent)
		return string(append(key, d.digits...))
	}
	key = append(key, signNegative, 255-exponent)
	for i := range len(d.digits) {
		key = append(key, '0'+'9'-d.digits[i])
	}
	return string(append(key, '~'))
}

// Joined joins sortable keys so that the whole sorts by the first, then the second and so on, whatever bytes they hold: a zero
// byte becomes 0 255, and the end of each part is 0 1.
func Joined(parts ...string) string {
	size := 0
	for _, part := range parts {
		size += len(part) + 2
	}
	joined := make([]byte, 0, size)
	for _, part := range parts {
		for {
			zero := strings.IndexByte(part, 0)
			if zero < 0 {
				break
			}
			joined = append(append(joined, part[:zero]...), 0, 255)
			part = part[zero+1:]
		}
		joined = append(append(joined, part...), 0, 1)
	}
	return string(joined)
}

// Prefix is what Joined keys begin with whose next part begins with prefix.
func Prefix(joined, prefix string) string {
	escaped := Joined(prefix)
	return joined + escaped[:len(escaped)-2]
}

// After is the least key above all that begin with prefix; "" when there is none.
func After(prefix string) string {
	for i := len(prefix) - 1; i >= 0; i-- {
		if prefix[i] < 255 {
			return prefix[:i] + string([]byte{prefix[i] + 1})
		}
	}
	return ""
}
