package rules

import (
	"encoding/json"
	"math/big"
	"time"
)

// context is what a statement is evaluated on.
type context struct {
	topic    string
	original []byte
	payload  value // what original says in JSON, or raw
	clientID string
	account  string
	now      time.Time
}

func (payload) eval(c *context) value { return c.payload }

func (original) eval(c *context) value { return raw(c.original) }

func (p property) eval(c *context) value {
	of := c.payload
	if p.of != nil {
		of = p.of.eval(c)
	}
	members, isObject := of.(map[string]any)
	if !isObject {
		return undefined{}
	}
	v, has := members[p.name]
	if !has {
		return undefined{}
	}
	return v
}

func (l literal) eval(*context) value { return l.value }

func (l list) eval(c *context) value {
	items := make([]any, 0, len(l.items))
	for _, e := range l.items {
		if v := e.eval(c); !isUndefined(v) {
			items = append(items, v)
		}
	}
	return items
}

func (o object) eval(c *context) value {
	members := make(map[string]any, len(o.names))
	for i, name := range o.names {
		if v := o.values[i].eval(c); !isUndefined(v) {
			members[name] = v
		}
	}
	return members
}

func (f call) eval(c *context) value {
	arguments := make([]value, len(f.arguments))
	for i, e := range f.arguments {
		arguments[i] = e.eval(c)
	}
	return f.function.eval(c, arguments)
}

func (n not) eval(c *context) value {
	if b, ok := toBool(n.operand.eval(c)); ok {
		return !b
	}
	return undefined{}
}

func (n negative) eval(c *context) value {
	if number, ok := toDecimal(n.operand.eval(c)); ok {
		return fromRat(number.Neg(number))
	}
	return undefined{}
}

// Operators: https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-operators.html
func (b binary) eval(c *context) value {
	left, right := b.left.eval(c), b.right.eval(c)
	switch b.operator {
	case "AND", "OR":
		l, okL := toBool(left)
		r, okR := toBool(right)
		if !okL || !okR {
			return undefined{}
		}
		if b.operator == "AND" {
			return l && r
		}
		return l || r
	case "=", "<>":
		if isUndefined(left) || isUndefined(right) {
			return undefined{}
		}
		return equal(left, right) == (b.operator == "=")
	case "<", "<=", ">", ">=":
		return compare(b.operator, left, right)
	default:
		return calculate(b.operator, left, right)
	}
}

func compare(operator string, left, right value) value {
	l, okL := toDecimal(left)
	r, okR := toDecimal(right)
	if !okL || !okR {
		return undefined{}
	}
	switch order := l.Cmp(r); operator {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	default: // ">="
		return order >= 0
	}
}

func calculate(operator string, left, right value) value {
	_, leftIsText := left.(string)
	_, rightIsText := right.(string)
	if operator == "+" && (leftIsText || rightIsText) {
		return concatenate(left, right)
	}
	l, okL := toDecimal(left)
	r, okR := toDecimal(right)
	if !okL || !okR {
		return undefined{}
	}
	result := new(big.Rat)
	switch operator {
	case "+":
		return fromRat(result.Add(l, r))
	case "-":
		return fromRat(result.Sub(l, r))
	case "*":
		return fromRat(result.Mul(l, r))
	}
	if r.Sign() == 0 {
		return undefined{}
	}
	quotient := result.Quo(l, r)
	whole := new(big.Rat).SetInt(new(big.Int).Quo(quotient.Num(), quotient.Denom()))
	switch {
	case operator == "%":
		return fromRat(l.Sub(l, whole.Mul(whole, r)))
	case l.IsInt() && r.IsInt() && !leftIsText && !rightIsText: // Int / Int is an Int
		return fromRat(whole)
	default:
		return fromRat(quotient)
	}
}

func concatenate(values ...value) value {
	var joined string
	for _, v := range values {
		s, ok := toString(v)
		if !ok {
			return undefined{}
		}
		joined += s
	}
	return joined
}

func isUndefined(v value) bool {
	_, is := v.(undefined)
	return is
}

// equal compares values of the same type; of different types they are never equal.
func equal(left, right value) bool {
	switch l := left.(type) {
	case json.Number:
		r, sameType := right.(json.Number)
		if !sameType {
			return false
		}
		a, okA := toDecimal(l)
		b, okB := toDecimal(r)
		return okA && okB && a.Cmp(b) == 0
	case []any:
		r, sameType := right.([]any)
		if !sameType || len(l) != len(r) {
			return false
		}
		for i := range l {
			if !equal(l[i], r[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		r, sameType := right.(map[string]any)
		if !sameType || len(l) != len(r) {
			return false
		}
		for name, v := range l {
			other, has := r[name]
			if !has || !equal(v, other) {
				return false
			}
		}
		return true
	case string, bool, nil:
		switch right.(type) {
		case string, bool, nil:
			return left == right
		}
	}
	return false // raw is equal to nothing
}
