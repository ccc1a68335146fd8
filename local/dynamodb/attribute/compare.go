package attribute

import (
	"slices"
	"strings"
)

// Equal says whether two values are of one type and the same; sets are, in whatever order.
func Equal(a, b Value) bool {
	switch a := a.(type) {
	case List:
		b, ok := b.(List)
		return ok && slices.EqualFunc(a, b, Equal)
	case Map:
		b, ok := b.(Map)
		return ok && a.equal(b)
	case StringSet:
		b, ok := b.(StringSet)
		return ok && sameSet(a, b)
	case NumberSet:
		b, ok := b.(NumberSet)
		return ok && sameSet(a, b)
	case BinarySet:
		b, ok := b.(BinarySet)
		return ok && sameSet(a, b)
	case nil:
		return b == nil
	}
	switch b.(type) {
	case List, Map, StringSet, NumberSet, BinarySet:
		return false // Go cannot compare these with ==
	}
	return a == b
}

func (m Map) equal(other Map) bool {
	if len(m) != len(other) {
		return false
	}
	for name, value := range m {
		if !Equal(value, other[name]) {
			return false
		}
	}
	return true
}

// sameSet relies on the elements of each being different.
func sameSet[E comparable](a, b []E) bool {
	if len(a) != len(b) {
		return false
	}
	for _, element := range a {
		if !slices.Contains(b, element) {
			return false
		}
	}
	return true
}

// Compare returns -1, 0 or 1. ok is false when the types differ or have no order.
func Compare(a, b Value) (order int, ok bool) {
	switch a := a.(type) {
	case String:
		if b, is := b.(String); is {
			return strings.Compare(string(a), string(b)), true
		}
	case Binary:
		if b, is := b.(Binary); is {
			return strings.Compare(string(a), string(b)), true
		}
	case Number:
		if b, is := b.(Number); is {
			return a.Compare(b), true
		}
	}
	return 0, false
}
