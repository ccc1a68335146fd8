// Package campaign is the vocabulary of campaigns: one request to many charge points, said to a few of them a second,
// and its fate in one place. It knows no AWS; who keeps campaigns is behind the contracts in contracts.go.
package campaign

import (
	"time"

	"github.com/google/uuid"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/secret"
)

// Campaign is what was asked for, which never changes, and how far it is.
type Campaign struct {
	ID        string
	Name      string
	CreatedAt time.Time

	Selection
	Order
	PerMinute int           // members that are ordered in a minute, at most
	Expiry    time.Duration // of each command, from its own order
	Timeout   time.Duration // of each command, from sending to the answer
	DryRun    bool          // nothing is sent or noted: members end as Planned, or as Failed with the reason

	Progress
}

// Progress changes from tick to tick.
type Progress struct {
	Phase   Phase
	Tick    int       // number of the tick that is due
	Worker  int       // number of the tick that works at the moment; 0: none
	Cursor  string    // where this phase goes on
	Members int       // selected so far
	PacedAt time.Time // the members that were ordered used up the time until then (see Due)

	StartedAt  time.Time // of the first order
	OrderedAt  time.Time // of the last
	FinishedAt time.Time
	StoppedAt  time.Time // when somebody asked for the end
	Problem    string    // why it ended before anything was ordered
}

// Phase of a campaign:
//
//	selecting ────> ordering ────> waiting ────> finished
//	    │               │             │             ^
//	    └───── stop ────┴──────┬──────┘             │
//	                           v                    │
//	                       stopping ──> runningOut ─┘
//
// selecting also ends as finished, with a Problem, when too many charge points match.
type Phase string

const (
	Selecting  Phase = "selecting"
	Ordering   Phase = "ordering"
	Waiting    Phase = "waiting"    // all are ordered, some are not final
	Stopping   Phase = "stopping"   // what waits is being cancelled
	RunningOut Phase = "runningOut" // what had been sent when it was stopped is not final
	Finished   Phase = "finished"
)

// PhaseAt is the phase that the next tick works in: a stop counts from the moment that somebody asked for it.
func (c Campaign) PhaseAt() Phase {
	if c.StoppedAt.IsZero() {
		return c.Phase
	}
	switch c.Phase {
	case Selecting, Ordering, Waiting:
		return Stopping
	case Stopping, RunningOut, Finished:
		return c.Phase
	}
	return c.Phase
}

// Finish ends the campaign; problem says why, if nobody was ordered. Secrets in what was ordered (of a network profile, say) are
// not needed any more, and masked.
func (c *Campaign) Finish(at time.Time, problem string) {
	c.Phase, c.Cursor, c.FinishedAt, c.Problem = Finished, "", at, problem
	c.Request, c.Payload = secret.Masked(c.Request), secret.Masked(c.Payload)
}

// Forgotten is when its record and those of its members may be deleted: long after the last command can be final,
// and long enough for whoever reports once a quarter.
func (c Campaign) Forgotten() time.Time { return c.CreatedAt.Add(90 * 24 * time.Hour) }

// Limits of a campaign.
const (
	// MaxMembers is what totals can be counted of while somebody waits: 5 MB of rows. Larger fleets take several
	// campaigns, say one for each model.
	MaxMembers = 20_000
	// MaxListed charge points of the longest id fit into a body of 64 KB.
	MaxListed = 1000
	maxName   = 100 // characters, for one line on a screen

	DefaultPerMinute = 60
	// MaxPerMinute is 100 a second, which one invocation orders in about that time. It is far below what an account may
	// send (API Gateway, 10,000 requests a second), and leaves the rest of it to the charge points.
	MaxPerMinute = 6000

	DefaultExpiry = 24 * time.Hour
	// MaxExpiry is a week: an order that is older surprises whoever stands at the charge point.
	MaxExpiry = 7 * 24 * time.Hour
)

// Check returns a fault.Invalid that names the member of the request that is wrong. It does not look at the Order;
// see Order.Check.
func (c Campaign) Check() error {
	switch {
	case len([]rune(c.Name)) > maxName:
		return fault.New(fault.Invalid, "'name' must have %d characters at most", maxName)
	case c.PerMinute < 1 || c.PerMinute > MaxPerMinute:
		return fault.New(fault.Invalid, "'perMinute' must be from 1 to %d", MaxPerMinute)
	case c.Expiry < time.Second || c.Expiry > MaxExpiry:
		return fault.New(fault.Invalid, "'expiresInSeconds' must be from 1 to %d", int(MaxExpiry.Seconds()))
	}
	return c.Selection.Check()
}

// NewID makes a campaign id: a UUID of version 7, so that campaigns sort by time.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }
