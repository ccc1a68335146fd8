package invocation

import "time"

// Now is the time, for everything that is remembered from one invocation to the next. It has no reading of the monotonic clock,
// which time.Now adds and comparisons prefer: between invocations Lambda freezes the process, and that clock may stand still with it.
// What happened ten minutes ago would seem to have happened just now.
func Now() time.Time { return time.Now().Round(0) }
