package fault

import "runtime/debug"

// Recovered runs do and makes a fault.Internal, with the stack, of its panic. Messages of several charge
// points share one process, which an unforeseen one must not take down.
func Recovered(do func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = New(Internal, "panic: %v\n%s", cause, debug.Stack())
		}
	}()
	return do()
}
