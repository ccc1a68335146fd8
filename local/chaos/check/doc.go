// Package check compares what charge points were told with what the system knows. It is pure: two data structures go in, the
// losses come out. What a fault may have hidden from both sides (a message that was never answered, say) may be stored or not;
// what was acknowledged must be stored, and what nobody said must not.
//
//	findings := check.Compare(told, known)
package check
