package rules

// statement is a parsed SELECT.
type statement struct {
	value  bool   // SELECT VALUE: the one item is the output, instead of a member of it
	items  []item // what is selected
	filter string // FROM
	where  expression
}

// item is an expression and the name its value gets in the output. The name is empty for a bare *, whose members
// go into the output themselves.
type item struct {
	expression expression
	name       string
}

// expression is a node of the syntax tree; eval.go gives it its meaning.
type expression interface {
	eval(*context) value
}

type (
	// payload is *: the whole message.
	payload struct{}
	// original is the * of encode(*, …): the bytes that were published, JSON or not.
	original struct{}
	// property is a member of the message, or of the value of the expression before the dot.
	property struct {
		of   expression // nil: the message
		name string
	}
	literal struct{ value value }
	// list is [a, b].
	list struct{ items []expression }
	// object is {'name': a}.
	object struct {
		names  []string
		values []expression
	}
	// call is a function with its arguments.
	call struct {
		function  function
		arguments []expression
	}
	// not is NOT a.
	not struct{ operand expression }
	// negative is -a.
	negative struct{ operand expression }
	// binary is a operator b: AND OR = <> < <= > >= + - * / %.
	binary struct {
		operator    string
		left, right expression
	}
)
