package attribute

// Sizes are in bytes and follow "DynamoDB item sizes and formats" of the developer guide, which gives those of numbers as
// approximate; here they are those that were seen.

// Size is that of an item: names and values.
func (m Map) Size() int {
	size := 0
	for name, value := range m {
		size += len(name) + sizeOf(value)
	}
	return size
}

// overhead is what a list or map takes beside its contents, and elementOverhead what each element takes beside itself.
const (
	overhead        = 3
	elementOverhead = 1
)

func sizeOf(v Value) int {
	switch v := v.(type) {
	case String:
		return len(v)
	case Binary:
		return len(v)
	case Number:
		return v.size()
	case Bool, Null:
		return 1
	case List:
		size := overhead
		for _, element := range v {
			size += elementOverhead + sizeOf(element)
		}
		return size
	case Map:
		return overhead + len(v)*elementOverhead + v.Size()
	case StringSet:
		return sum(v, func(s string) int { return len(s) })
	case BinarySet:
		return sum(v, func(s string) int { return len(s) })
	case NumberSet:
		return sum(v, Number.size)
	}
	return 0
}

func sum[E any](elements []E, size func(E) int) int {
	total := 0
	for _, element := range elements {
		total += size(element)
	}
	return total
}

// size counts two digits as a byte, pairs beginning at even exponents, one byte for the exponent and one for the minus sign.
func (n Number) size() int {
	d := n.parts()
	if d.digits == "" {
		return 1
	}
	size := 1 + (len(d.digits)+1)/2
	if len(d.digits)%2 == 0 && d.exponent%2 == 0 {
		size++
	}
	if d.negative {
		size++
	}
	return size
}
