package expression

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/serverless-ocpp/backend/local/dynamodb/attribute"
)

// Holds says whether the condition holds for an item; nil is one without attributes.
func (c *BoundCondition) Holds(item attribute.Map) bool { return c.root.holds(item) }

func (c and) holds(item attribute.Map) bool { return c.left.holds(item) && c.right.holds(item) }
func (c or) holds(item attribute.Map) bool  { return c.left.holds(item) || c.right.holds(item) }
func (c not) holds(item attribute.Map) bool { return !c.inner.holds(item) }

// holds of a comparison with something that the item does not have is false, except that it differs.
func (c comparison) holds(item attribute.Map) bool {
	left, right := valueOf(c.left, item), valueOf(c.right, item)
	switch c.operator {
	case "=":
		return same(left, right)
	case "<>":
		return !same(left, right)
	}
	order, comparable := attribute.Compare(left, right)
	if !comparable {
		return false
	}
	switch c.operator {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}

// same is equality of two values that are there.
func same(a, b attribute.Value) bool { return a != nil && b != nil && attribute.Equal(a, b) }

func (c between) holds(item attribute.Map) bool {
	value := valueOf(c.value, item)
	low, comparable := attribute.Compare(value, valueOf(c.low, item))
	high, alsoComparable := attribute.Compare(value, valueOf(c.high, item))
	return comparable && alsoComparable && low >= 0 && high <= 0
}

func (c in) holds(item attribute.Map) bool {
	value := valueOf(c.value, item)
	return slices.ContainsFunc(c.list, func(element operand) bool { return same(value, valueOf(element, item)) })
}

func (c call) holds(item attribute.Map) bool {
	value := valueOf(c.arguments[0], item)
	switch c.function {
	case "attribute_exists":
		return value != nil
	case "attribute_not_exists":
		return value == nil
	}
	second := valueOf(c.arguments[1], item)
	if value == nil || second == nil {
		return false
	}
	switch c.function {
	case "attribute_type":
		return attribute.String(value.Type()) == second
	case "begins_with":
		return beginsWith(value, second)
	}
	return contains(value, second)
}

func beginsWith(value, prefix attribute.Value) bool {
	switch value := value.(type) {
	case attribute.String:
		prefix, is := prefix.(attribute.String)
		return is && strings.HasPrefix(string(value), string(prefix))
	case attribute.Binary:
		prefix, is := prefix.(attribute.Binary)
		return is && strings.HasPrefix(string(value), string(prefix))
	}
	return false
}

// contains says whether text or bytes hold a part, or a set or list an element.
func contains(value, part attribute.Value) bool {
	switch value := value.(type) {
	case attribute.String:
		part, is := part.(attribute.String)
		return is && strings.Contains(string(value), string(part))
	case attribute.Binary:
		part, is := part.(attribute.Binary)
		return is && strings.Contains(string(value), string(part))
	case attribute.StringSet:
		part, is := part.(attribute.String)
		return is && slices.Contains(value, string(part))
	case attribute.NumberSet:
		part, is := part.(attribute.Number)
		return is && slices.Contains(value, part)
	case attribute.BinarySet:
		part, is := part.(attribute.Binary)
		return is && slices.Contains(value, string(part))
	case attribute.List:
		return slices.ContainsFunc(value, func(element attribute.Value) bool { return attribute.Equal(element, part) })
	}
	return false
}

// valueOf returns the value of a bound operand of a condition, nil when there is none.
func valueOf(o operand, item attribute.Map) attribute.Value {
	switch o := o.(type) {
	case constant:
		return o.Value
	case Path:
		return o.Get(item)
	case call:
		return size(valueOf(o.arguments[0], item))
	}
	return nil
}

// size is UTF-16 units of text, bytes of bytes, elements of everything else.
func size(v attribute.Value) attribute.Value {
	size := 0
	switch v := v.(type) {
	case attribute.String:
		for _, r := range string(v) {
			size += utf16.RuneLen(r)
		}
	case attribute.Binary:
		size = len(v)
	case attribute.StringSet:
		size = len(v)
	case attribute.NumberSet:
		size = len(v)
	case attribute.BinarySet:
		size = len(v)
	case attribute.List:
		size = len(v)
	case attribute.Map:
		size = len(v)
	default:
		return nil
	}
	return attribute.Number(strconv.Itoa(size))
}
