package iam

import "strings"

// Match reports whether value has the form of pattern, in which * stands for any run of characters (also none, also
// with slashes and colons) and ? for exactly one.
func Match(pattern, value string) bool {
	// Greedy with one step back: on a mismatch the last * takes one character more. Linear in practice, and never
	// exponential as a recursive matcher is.
	p, v := 0, 0
	star, resume := -1, 0
	for v < len(value) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, resume = p, v
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == value[v]):
			p++
			v++
		case star >= 0:
			resume++
			p, v = star+1, resume
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

func matchFold(pattern, value string) bool {
	return Match(strings.ToLower(pattern), strings.ToLower(value))
}
