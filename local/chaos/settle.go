package chaos

import (
	"context"
	"fmt"
	"time"
)

// A condition tells what is still under way; "" is nothing.
type condition func(ctx context.Context) (left string, err error)

// settle waits until all conditions hold, for as long as the experiment's limit. It tells what is left.
func (e *experiment) settle(ctx context.Context, conditions ...condition) (left string, err error) {
	deadline := time.Now().Add(e.config.Settle)
	for {
		if left, err = first(ctx, conditions); err != nil || left == "" || time.Now().After(deadline) {
			return left, err
		}
		select {
		case <-ctx.Done():
			return left, ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

func first(ctx context.Context, conditions []condition) (left string, err error) {
	for _, condition := range conditions {
		if left, err = condition(ctx); err != nil || left != "" {
			return left, err
		}
	}
	return "", nil
}

// away tells how many charge points are not connected.
func (e *experiment) away(context.Context) (string, error) {
	if offline := e.witness.offline(); len(offline) > 0 {
		return fmt.Sprintf("%d charge points are not connected", len(offline)), nil
	}
	return "", nil
}

// queued tells of more messages than most that wait, or are being handled. A timer that is delayed is no work yet, and mostly none at
// all.
func (s *system) queued(most int) condition {
	return func(ctx context.Context) (string, error) {
		queues, err := s.left(ctx)
		if err != nil {
			return "", err
		}
		for queue, n := range queues {
			if n > most {
				return fmt.Sprintf("%d messages in %s", n, queue), nil
			}
		}
		return "", nil
	}
}

// held tells of turns that are not given back.
func (s *system) held(ctx context.Context) (string, error) {
	held := 0
	err := s.scan(ctx, "ChargePointTable", func(r row) {
		if r.text("callId") != "" {
			held++
		}
	})
	if err == nil && held > 0 {
		return fmt.Sprintf("%d charge points have a command outstanding", held), nil
	}
	return "", err
}

// undecided tells of commands that are not final.
func (s *system) undecided(ctx context.Context) (string, error) {
	open := 0
	err := s.scan(ctx, "CommandTable", func(r row) {
		if state := r.text("state"); state == "queued" || state == "sent" {
			open++
		}
	})
	if err == nil && open > 0 {
		return fmt.Sprintf("%d commands are open", open), nil
	}
	return "", err
}

// untold tells of commands of which the listener knows no end. When the function dies that ended one, its timer tells, half a minute later.
func (e *experiment) untold(ctx context.Context) (string, error) {
	if !e.listens() {
		return "", nil
	}
	untold := 0
	err := e.operator.scan(ctx, "CommandTable", func(r row) {
		if !e.listener.knows(r.text("commandId")) {
			untold++
		}
	})
	if err == nil && untold > 0 {
		return fmt.Sprintf("of %d commands nobody was told the end", untold), nil
	}
	return "", err
}
