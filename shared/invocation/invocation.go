// Package invocation is the way of a Lambda function's invocations: it takes them from Lambda and tells what became of them (Serve), and
// divides the time of one, whose context ends only when Lambda kills the process: too late to answer, to note what failed, or to hand work back.
package invocation

import (
	"context"
	"time"
)

// EndingBefore returns a context that ends a margin before the invocation does, and must be cancelled.
// Without a deadline, as in tests, it has none either.
func EndingBefore(ctx context.Context, margin time.Duration) (context.Context, context.CancelFunc) {
	deadline, bounded := ctx.Deadline()
	if !bounded {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, deadline.Add(-margin))
}
