package main

import (
	"context"
	"time"

	"github.com/serverless-ocpp/backend/shared/campaign"
)

// lookBatch is how many members one tick reads the commands of: half a second's work. Nearly all are told by events; this is
// for those whose event was lost, and those that have expired.
const lookBatch = 500

// lookAtMembers looks for the end: it reads all members, and of those that are not final, after the cursor, what became of
// their commands.
func (h *Handler) lookAtMembers(ctx context.Context, c *campaign.Campaign) error {
	members, err := campaign.All(ctx, h.Members, c.ID)
	if err != nil {
		return err
	}
	var open []campaign.Member
	last := later(later(c.CreatedAt, c.OrderedAt), c.StoppedAt)
	for _, m := range members {
		if !m.State.Final() {
			open = append(open, m)
		}
		last = later(last, m.ChangedAt)
	}
	from := 0
	for from < len(open) && open[from].ChargePointID <= c.Cursor {
		from++
	}
	if from == len(open) {
		from = 0 // once around
	}
	turns := open[from:min(from+lookBatch, len(open))]
	ended := make([]bool, len(turns))
	failure := forEach(turns, func(i int, m campaign.Member) error {
		found, err := h.refresh(ctx, m)
		ended[i] = err == nil && found.State.Final()
		return err
	})
	left := len(open)
	for _, end := range ended {
		if end {
			left--
		}
	}
	switch {
	case left == 0 && len(open) > 0:
		c.Finish(h.Now(), "")
	case left == 0:
		c.Finish(last, "")
	default:
		c.Cursor = turns[len(turns)-1].ChargePointID
	}
	return failure
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
