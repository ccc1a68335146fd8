package main

import (
	"context"
	"strconv"

	"github.com/serverless-ocpp/backend/shared/campaign"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// selectPage is how many charge points one tick looks at: at a kilobyte each half of what DynamoDB returns at once, and as
// members written within a second.
const selectPage = 500

// selectMembers makes members of the next page of charge points. Nobody is ordered before all are selected: the limit of
// members can be kept, and a campaign that is stopped now has done nothing.
func (h *Handler) selectMembers(ctx context.Context, c *campaign.Campaign) error {
	ids, next, err := h.selection(ctx, *c)
	if err != nil {
		return err
	}
	now := h.Now()
	if err := forEach(ids, func(_ int, id string) error { return h.Members.Select(ctx, c.NewMember(id, now)) }); err != nil {
		return err
	}
	c.Members += len(ids)
	c.Cursor = next
	switch {
	case c.Members > campaign.MaxMembers:
		c.Finish(now, "more than "+strconv.Itoa(campaign.MaxMembers)+" charge points match: nothing was ordered; make several campaigns")
	case next == "" && c.Members == 0:
		c.Finish(now, "no charge point matches")
	case next == "":
		c.Phase = campaign.Ordering
	}
	return nil
}

// selection returns the ids of the next page, and the cursor of the one after it.
func (h *Handler) selection(ctx context.Context, c campaign.Campaign) (ids []string, next string, err error) {
	if c.Where == nil {
		return listed(c)
	}
	page, next, err := h.ChargePoints.List(ctx, nil, c.Cursor, selectPage)
	if err != nil {
		return nil, "", err
	}
	for _, cp := range page {
		if c.Where.Matches(cp) {
			ids = append(ids, cp.ID)
		}
	}
	return ids, next, nil
}

// listed: the cursor of a list is how many of it are members.
func listed(c campaign.Campaign) (ids []string, next string, err error) {
	from := 0
	if c.Cursor != "" {
		if from, err = strconv.Atoi(c.Cursor); err != nil || from > len(c.ChargePointIDs) {
			return nil, "", fault.New(fault.Internal, "campaign %s has the cursor %q, which is no place in its list", c.ID, c.Cursor)
		}
	}
	to := min(from+selectPage, len(c.ChargePointIDs))
	if to < len(c.ChargePointIDs) {
		next = strconv.Itoa(to)
	}
	return c.ChargePointIDs[from:to], next, nil
}
