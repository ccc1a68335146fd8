// Package expression writes the expressions of DynamoDB. It has what the tables need of the SDK's package of that name, for a
// third of what that spends.
package expression

import "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

// Operand is an attribute, a value, or a function of them. Like a Condition it writes itself.
type Operand func(*Writer)

// Name is the attribute of that name; a dot is a part of it.
func Name(attribute string) Operand { return func(w *Writer) { w.name(attribute) } }

// Value is a value.
func Value(v types.AttributeValue) Operand { return func(w *Writer) { w.value(v) } }

// IfNotExists is the attribute, or otherwise of an item that lacks it.
func (o Operand) IfNotExists(otherwise Operand) Operand {
	return func(w *Writer) { w.function("if_not_exists", o, otherwise) }
}

// Condition on an item. A comparison with an attribute that the item lacks does not hold, except NotEqual.
type Condition func(*Writer)

func (o Operand) Equal(other Operand) Condition         { return o.compared(" = ", other) }
func (o Operand) NotEqual(other Operand) Condition      { return o.compared(" <> ", other) }
func (o Operand) LessThan(other Operand) Condition      { return o.compared(" < ", other) }
func (o Operand) LessThanEqual(other Operand) Condition { return o.compared(" <= ", other) }

func (o Operand) compared(how string, other Operand) Condition {
	return func(w *Writer) {
		o(w)
		w.text(how)
		other(w)
	}
}

// In holds if the operand is equal to one of the others.
func (o Operand) In(others ...Operand) Condition {
	return func(w *Writer) {
		o(w)
		w.function(" IN ", others...)
	}
}

// BeginsWith holds if the operand is a text that begins so.
func (o Operand) BeginsWith(prefix Operand) Condition {
	return func(w *Writer) { w.function("begins_with", o, prefix) }
}

// Exists holds if the item has the attribute.
func Exists(attribute Operand) Condition {
	return func(w *Writer) { w.function("attribute_exists", attribute) }
}

// NotExists holds if the item lacks the attribute.
func NotExists(attribute Operand) Condition {
	return func(w *Writer) { w.function("attribute_not_exists", attribute) }
}

// And holds if all conditions do.
func (c Condition) And(others ...Condition) Condition { return c.joined(") AND (", others) }

// Or holds if one of the conditions does.
func (c Condition) Or(others ...Condition) Condition { return c.joined(") OR (", others) }

func (c Condition) joined(by string, others []Condition) Condition {
	return func(w *Writer) {
		w.text("(")
		c(w)
		for _, other := range others {
			w.text(by)
			other(w)
		}
		w.text(")")
	}
}
