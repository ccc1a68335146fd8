package iam

import (
	"fmt"
	"slices"
	"strings"
)

// An operator is a condition operator taken apart, for example ForAnyValue:StringNotLikeIfExists.
type operator struct {
	quantifier string // "", "ForAnyValue" or "ForAllValues"
	test       func(wanted, actual string) bool
	negated    bool
	ifExists   bool
	null       bool
}

// parseOperator knows the operators on strings, ARNs and booleans, and Null.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func parseOperator(name string) (operator, error) {
	var op operator
	rest := name
	if quantifier, bare, found := strings.Cut(name, ":"); found {
		if quantifier != "ForAnyValue" && quantifier != "ForAllValues" {
			return op, fmt.Errorf("condition operator %q is not one the stand-in can evaluate", name)
		}
		op.quantifier, rest = quantifier, bare
	}
	rest, op.ifExists = strings.CutSuffix(rest, "IfExists")
	switch rest {
	case "StringEquals", "StringNotEquals":
		op.test = func(wanted, actual string) bool { return wanted == actual }
	case "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "Bool":
		op.test = strings.EqualFold
	case "StringLike", "StringNotLike", "ArnLike", "ArnEquals", "ArnNotLike", "ArnNotEquals":
		op.test = Match
	case "Null":
		op.null = true
	default:
		return op, fmt.Errorf("condition operator %q is not one the stand-in can evaluate; it knows the String…, Arn…, Bool and Null operators", name)
	}
	op.negated = strings.Contains(rest, "Not")
	return op, nil
}

// holds reports whether the condition is met by the request's values of its key.
func (op operator) holds(wanted Patterns, actual []string) bool {
	if op.null {
		absent := len(actual) == 0
		return slices.ContainsFunc(wanted, func(text string) bool { return strings.EqualFold(text, "true") == absent })
	}
	if len(actual) == 0 {
		// AWS: a missing key fails a positive operator and satisfies a negated one; ForAllValues holds of nothing.
		return op.ifExists || op.negated || op.quantifier == "ForAllValues"
	}
	meets := func(value string) bool {
		any := slices.ContainsFunc(wanted, func(want string) bool { return op.test(want, value) })
		return any != op.negated
	}
	if op.quantifier == "ForAnyValue" {
		return slices.ContainsFunc(actual, meets)
	}
	return !slices.ContainsFunc(actual, func(value string) bool { return !meets(value) })
}

// value finds a condition key, whose case AWS ignores.
func (r Request) value(key string) []string {
	for name, values := range r.Context {
		if strings.EqualFold(name, key) {
			return values
		}
	}
	return nil
}
