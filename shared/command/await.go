package command

import (
	"context"
	"log/slog"
	"time"
)

// answerInJournal is how long an answer may take from the journal to its command: a record is tried five times, six timeouts of the
// processor after each other, which are 29 s at most. Afterwards it lies in the dead letter queue.
const answerInJournal = 15 * time.Minute

// unread is how much longer the answer to a sent command may come out of the journal; 0 if none is there, or it takes too long.
func (c Command) unread(now time.Time) time.Duration {
	if c.AnsweredAt.IsZero() {
		return 0
	}
	return min(max(c.AnsweredAt.Add(answerInJournal).Sub(now), 0), longestDelay)
}

// await leaves a command, whose time is over, to its answer, and comes again should that not be read. The charge point has answered,
// and takes the next.
func (d *Dispatcher) await(ctx context.Context, timer Timer, rest time.Duration) error {
	slog.WarnContext(ctx, "command waits for its answer, which is in the journal", "chargePointId", timer.ChargePointID, "messageId", timer.CommandID)
	if err := d.Timers.After(ctx, rest, timer); err != nil {
		return err
	}
	return d.next(ctx, timer.ChargePointID, timer.CommandID)
}

// overdue says why a command is given up at its deadline.
func overdue(c Command) string {
	if c.AnsweredAt.IsZero() {
		return "no answer before the deadline"
	}
	return "the charge point answered, but its answer could not be processed"
}
