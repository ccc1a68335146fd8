// Package expression reads and evaluates DynamoDB's expressions: conditions, filters and key conditions, updates, and projections.
//
// Each goes through three steps, which are pure functions:
//
//	parsed, err := ParseCondition("#s = :on AND n > :least") // the text alone; parsed once and kept
//	bound, err := parsed.Bind(bindings)                      // with the names and values of a request; types are checked
//	held := bound.Holds(item)                                // with an item
//
// Errors are texts as DynamoDB writes them behind "Invalid ConditionExpression: ". The grammar is that of "Using expressions in
// DynamoDB" of the developer guide.
package expression

import "fmt"

// Error is a fault of an expression.
type Error struct{ Message string }

func (e *Error) Error() string { return e.Message }

func fault(format string, args ...any) error { return &Error{fmt.Sprintf(format, args...)} }
