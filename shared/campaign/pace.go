package campaign

import "time"

// Times between ticks.
const (
	// orderInterval is what an operator who watches a campaign waits for the next members, when the rate is neither so
	// low nor so high that it matters.
	orderInterval = 5 * time.Second
	selectPause   = time.Second // between two pages of a selection: as soon as a queue message may come again
	firstLook     = 5 * time.Second
	longestLook   = 15 * time.Minute // the longest delay of a queue message
)

// MaxBatch is how many members one tick orders: ten at a time, a tenth of a second each, it takes a second.
const MaxBatch = 100

// Interval is the time from this tick of the campaign to the next.
func (c Campaign) Interval(now time.Time) time.Duration {
	switch c.PhaseAt() {
	case Selecting, Stopping:
		return selectPause
	case Ordering:
		one := perMember(c.PerMinute)
		return max(one, min(orderInterval, MaxBatch*one)) // a queue delays by whole seconds, rounded up
	case Waiting, RunningOut:
		// As long again as it has been waiting: the end is noticed in time, and a day of waiting takes a hundred looks.
		since := c.OrderedAt
		if since.Before(c.StoppedAt) {
			since = c.StoppedAt
		}
		return min(max(now.Sub(since), firstLook), longestLook)
	case Finished:
		return longestLook
	}
	return longestLook
}

func perMember(perMinute int) time.Duration { return time.Minute / time.Duration(perMinute) }

// Due tells how many members may be ordered now, and the PacedAt that this leaves. What a tick does not use of its time is
// kept for the next; but a campaign that stood still for longer does not catch up, for that would break the rate.
func (c Campaign) Due(now time.Time) (members int, pacedAt time.Time) {
	one := perMember(c.PerMinute)
	if c.DryRun {
		return MaxBatch, now // it sends nothing
	}
	paced := c.PacedAt
	if paced.IsZero() {
		paced = now.Add(-one) // the first is due at once
	}
	if longest := 2 * c.Interval(now); now.Sub(paced) > longest {
		paced = now.Add(-longest)
	}
	members = min(int(now.Sub(paced)/one), MaxBatch)
	return members, paced.Add(time.Duration(members) * one)
}

// OrderedBy estimates when the last of so many members will be ordered.
func (c Campaign) OrderedBy(now time.Time, left int) time.Time {
	return now.Add(time.Duration(left) * perMember(c.PerMinute))
}
