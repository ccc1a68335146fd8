package ocppj

// maxDepth bounds the nesting of a frame. The deepest message of any version nests below 20 levels; what goes
// beyond is a bomb for whoever decodes the payload recursively.
const maxDepth = 64

// maxElements is one more than the longest frame has, so that surplus elements are seen without being kept.
const maxElements = 6

// elements are the raw members of a frame's outer array, in order.
type elements struct {
	list  [maxElements][]byte
	count int  // of all complete elements, also those beyond list
	deep  bool // the nesting exceeds maxDepth; what follows was not read
}

// at returns element i, or nil when the frame ended before it was complete.
func (e *elements) at(i int) []byte {
	if i < min(e.count, maxElements) {
		return e.list[i]
	}
	return nil
}

// split finds the complete elements of the outer array without judging what is inside them: data may be no JSON
// at all, and split then returns what stands before the damage. That is how the id of a broken message is recovered.
func split(data []byte) (e elements) {
	i := skipSpace(data, 0)
	if i == len(data) || data[i] != '[' {
		return e
	}
	start := i + 1
	for depth := 1; start < len(data); {
		i++
		if i >= len(data) {
			return e
		}
		switch data[i] {
		case '"':
			if i = stringEnd(data, i); i < 0 {
				return e
			}
		case '[', '{':
			if depth++; depth > maxDepth {
				e.deep = true
				return e
			}
		case ']', '}':
			if depth--; depth == 0 {
				if element := trimSpace(data[start:i]); e.count > 0 || len(element) > 0 {
					e.add(element)
				}
				return e
			}
		case ',':
			if depth == 1 {
				e.add(trimSpace(data[start:i]))
				start = i + 1
			}
		}
	}
	return e
}

func (e *elements) add(element []byte) {
	if e.count < maxElements {
		e.list[e.count] = element
	}
	e.count++
}

// stringEnd returns the index of the quote that closes the string opened at index open, -1 if none does.
func stringEnd(data []byte, open int) int {
	for i := open + 1; i < len(data); i++ {
		switch data[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}

func skipSpace(data []byte, i int) int {
	for i < len(data) && isSpace(data[i]) {
		i++
	}
	return i
}

func trimSpace(data []byte) []byte {
	data = data[skipSpace(data, 0):]
	for len(data) > 0 && isSpace(data[len(data)-1]) {
		data = data[:len(data)-1]
	}
	return data
}

// isSpace reports white space as JSON defines it, which is less than Unicode does.
func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
