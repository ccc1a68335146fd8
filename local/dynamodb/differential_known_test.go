package dynamodb

import "strings"

// knownDifference is one between this DynamoDB and dynalite that is known, and why it is.
type knownDifference struct {
	what    string
	applies func(request object, own, other said) bool
}

// knownDifferences are in favour of what DynamoDB documents or was seen to do, unless they say otherwise.
var knownDifferences = []knownDifference{
	{"a syntax error is DynamoDB's text here, that of a parser generator there", func(_ object, own, other said) bool {
		return has(other, "Syntax error") && (has(own, "Syntax error") || has(own, "reserved keyword"))
	}},
	{"NOT NOT is read as the grammar says, and not as an error", func(request object, _, other said) bool {
		return has(other, "Syntax error") && anyExpression(request, "NOT NOT")
	}},
	{"a constant that has no order is refused by < <= > >= BETWEEN", func(_ object, own, _ said) bool {
		for _, operator := range []string{"<", "<=", ">", ">=", "BETWEEN"} {
			if has(own, "Incorrect operand type for operator or function; operator or function: "+operator+", operand type: ") {
				return true
			}
		}
		return false
	}},
	{"a result with more than 38 digits is refused", func(_ object, own, _ said) bool {
		return has(own, "Attempting to store more than 38 significant digits in a Number")
	}},
	{"of several conflicts of paths the first is told, not the last", func(_ object, own, other said) bool {
		return has(own, "Two document paths conflict") && has(other, "Two document paths conflict")
	}},
	{"of two faults of an update the other is told", func(_ object, own, other said) bool {
		return has(own, "invalid for update") && has(other, "secondary index key to unsupported type")
	}},
	{"an empty key value is told in DynamoDB's present words", func(_ object, own, other said) bool {
		return has(own, "cannot contain an empty string value") && has(other, "cannot contain an empty string value")
	}},
}

func has(s said, text string) bool { return strings.Contains(s.message, text) }

// anyExpression says whether text is anywhere in the expressions of a request.
func anyExpression(request object, text string) bool {
	for name, value := range request {
		if expression, is := value.(string); is && strings.HasSuffix(name, "Expression") && strings.Contains(expression, text) {
			return true
		}
	}
	return false
}
