package campaign

import (
	"context"
	"time"
)

// Store keeps campaigns.
type Store interface {
	// Create stores a new campaign; storing one of the same id again changes nothing and is no error.
	Create(ctx context.Context, c Campaign) error
	// Get reads a campaign, consistently. fault.NotFound if there is none.
	Get(ctx context.Context, id string) (Campaign, error)
	// List returns a page of campaigns, newest first.
	List(ctx context.Context, cursor string, limit int) (campaigns []Campaign, next string, err error)
	// Stop notes that the campaign shall end; repeating it changes nothing. fault.NotFound if there is none,
	// fault.Conflict if it is finished.
	Stop(ctx context.Context, id string, at time.Time) (Campaign, error)
	// Begin takes a tick, so that no other copy of it is followed by another, and the right to work on the campaign until
	// then, unless an earlier tick has it: then the campaign's Worker is another. fault.Stale if the tick was taken.
	Begin(ctx context.Context, id string, tick int, now, until time.Time) (Campaign, error)
	// Save stores the progress, and of a finished campaign its order, and gives the right to work back. fault.Stale if another tick has that right.
	Save(ctx context.Context, c Campaign) error
}

// Members keeps the members of campaigns.
type Members interface {
	// Select stores a new member. One that is there already is left alone.
	Select(ctx context.Context, m Member) error
	// Get reads a member, consistently. fault.NotFound if there is none.
	Get(ctx context.Context, campaignID, chargePointID string) (Member, error)
	// After returns the members whose charge point ids sort after one, in their order, up to a limit of 999.
	After(ctx context.Context, campaignID, chargePointID string, limit int) ([]Member, error)
	// Put stores what became of a member that is not final. done is false if it is, or if it is not there.
	Put(ctx context.Context, m Member) (done bool, err error)
}

// Tick is the body of a message in the Campaigns queue: it makes a campaign go on.
type Tick struct {
	CampaignID string `json:"campaignId"`
	Tick       int    `json:"tick"`
}

// All reads the members of a campaign in the order of their ids.
func All(ctx context.Context, members Members, campaignID string) (all []Member, err error) {
	const page = 900 // of small rows, a quarter of a megabyte
	for after := ""; ; after = all[len(all)-1].ChargePointID {
		more, err := members.After(ctx, campaignID, after, page)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
		if len(more) < page {
			return all, nil
		}
	}
}

// FirstTick is what a campaign begins with. It is put into the queue before the campaign is stored, with a delay of
// FirstDelay: then a campaign that is stored goes on, wherever the process dies.
const (
	FirstTick  = 1
	FirstDelay = 2 * time.Second // a write takes milliseconds
)

// Ticks come once or more often, sometimes late.
type Ticks interface {
	After(ctx context.Context, delay time.Duration, tick Tick) error
}
