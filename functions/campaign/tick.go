package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/serverless-ocpp/backend/shared/campaign"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/invocation"
)

// The chain of ticks. Ticks are numbered, and each is followed by the next before it does its work, so a chain that has begun
// goes on until the campaign is finished, wherever a process dies:
//
//	read ──> set the next tick ──> take this one, and the right to work ──> work ──> save, and give the right back
//
// A tick is taken once (campaign.Store.Begin): further copies of it, also those that the step before made when it was
// repeated, end there. Work is done by one tick at a time. If its process dies, later ticks pass the chain on
// until its right lapses, and then go on from what it saved last; each step of the work may be repeated.

// rightToWork is how long a tick has it: longer than its invocation may take, so that it lapses only when its process is
// dead, however the function's timeout is set.
func rightToWork(ctx context.Context) time.Duration {
	const (
		skew      = 5 * time.Second  // by which two machines may differ about the time, far more than they do
		unbounded = 30 * time.Second // without a deadline, as in tests
	)
	if deadline, bounded := ctx.Deadline(); bounded {
		return time.Until(deadline) + timeToReturn + skew
	}
	return unbounded
}

// timeToSave is what is left of an invocation for saving, when work ends.
const timeToSave = 4 * time.Second

// tick does what a tick asks for; again tells that the queue hands it out anew.
func (h *Handler) tick(ctx context.Context, tick campaign.Tick, again bool) error {
	c, err := h.Campaigns.Get(ctx, tick.CampaignID)
	if fault.Is(err, fault.NotFound) && (tick.Tick > campaign.FirstTick || again) {
		slog.WarnContext(ctx, "tick of a campaign that is not known (any more)", "campaignId", tick.CampaignID)
		return nil // its record was deleted, or whoever made it died before it was stored
	}
	if err != nil || c.Phase == campaign.Finished || tick.Tick < c.Tick {
		return err
	}
	next := campaign.Tick{CampaignID: c.ID, Tick: tick.Tick + 1}
	if err := h.Ticks.After(ctx, c.Interval(h.Now()), next); err != nil {
		return err
	}
	now := h.Now()
	c, err = h.Campaigns.Begin(ctx, c.ID, tick.Tick, now, now.Add(rightToWork(ctx)))
	if fault.Is(err, fault.Stale) {
		return nil // another copy was faster
	}
	if err != nil || c.Worker != tick.Tick {
		return err
	}
	if err := h.work(ctx, &c); err != nil { // the next tick tries again what is not done
		slog.ErrorContext(ctx, "the tick could not do all of its work", "campaignId", c.ID, "phase", string(c.Phase), "error", err)
	}
	return h.Campaigns.Save(ctx, c)
}

// work does a piece of what the campaign's phase asks for, and moves it on by what is done.
func (h *Handler) work(ctx context.Context, c *campaign.Campaign) error {
	ctx, cancel := invocation.EndingBefore(ctx, timeToSave)
	defer cancel()
	switch before := c.PhaseAt(); before {
	case campaign.Selecting:
		return h.selectMembers(ctx, c)
	case campaign.Ordering:
		return h.orderMembers(ctx, c)
	case campaign.Stopping:
		if c.Phase != campaign.Stopping {
			c.Phase, c.Cursor = campaign.Stopping, ""
		}
		return h.stopMembers(ctx, c)
	case campaign.Waiting, campaign.RunningOut:
		return h.lookAtMembers(ctx, c)
	case campaign.Finished:
		return nil
	}
	return fault.New(fault.Internal, "campaign %s has the phase %q, which this program does not know", c.ID, c.Phase)
}

// atOnce bounds how many members are worked on at the same time: enough that a batch takes a second.
const atOnce = 10

// forEach does something with each of the items, several at a time, and returns an error of theirs, if there is one. A panic
// is an error.
func forEach[Item any](items []Item, do func(i int, item Item) error) (failure error) {
	var (
		wait sync.WaitGroup
		mu   sync.Mutex
		free = make(chan struct{}, atOnce)
	)
	for i, item := range items {
		free <- struct{}{}
		wait.Go(func() {
			defer func() { <-free }()
			if err := fault.Recovered(func() error { return do(i, item) }); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failure = err
			}
		})
	}
	wait.Wait()
	return failure
}
