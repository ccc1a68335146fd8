package campaign

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/serverless-ocpp/backend/shared/fault"
)

// Summary is how far a campaign is.
type Summary struct {
	Members      int           `json:"members"`                    // selected so far
	Totals       map[State]int `json:"totals"`                     // members by state
	Failures     []Failure     `json:"failures,omitempty"`         // why members failed, the most frequent first
	Rate         float64       `json:"orderedPerMinute,omitempty"` // so far
	EstimatedEnd time.Time     `json:"estimatedEnd,omitzero"`      // when the last member will be ordered; then, when the last command will have ended at the latest
}

// Failure is a kind of reason why no command was made of members.
type Failure struct {
	Code    fault.Code `json:"code"` // such as notFound, offline, invalid or conflict
	Count   int        `json:"count"`
	Example string     `json:"example"` // what one of them failed with
}

// Summarize counts the members of a campaign.
func (c Campaign) Summarize(members []Member, now time.Time) Summary {
	s := Summary{Members: len(members), Totals: map[State]int{}}
	for _, state := range States {
		s.Totals[state] = 0
	}
	failures := map[fault.Code]Failure{}
	var lastEnd time.Time
	for _, m := range members {
		state := c.StateAt(m, now)
		s.Totals[state]++
		switch {
		case state == Failed:
			failure := failures[m.Code]
			failures[m.Code] = Failure{Code: m.Code, Count: failure.Count + 1, Example: m.Error}
		case !state.Final() && m.ExpiresAt.Add(c.Timeout).After(lastEnd):
			lastEnd = m.ExpiresAt.Add(c.Timeout)
		}
	}
	s.Failures = slices.SortedFunc(maps.Values(failures), func(a, b Failure) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Code, b.Code))
	})
	if took := c.OrderedAt.Sub(c.StartedAt); took > 0 {
		// The first member takes none of the time that the others do.
		s.Rate = float64(len(members)-s.Totals[ToOrder]-s.Totals[Failed]-1) / took.Minutes()
	}
	switch left := s.Totals[ToOrder]; {
	case left > 0 && c.Phase == Ordering:
		s.EstimatedEnd = c.OrderedBy(now, left)
	case left == 0 && !lastEnd.IsZero():
		s.EstimatedEnd = lastEnd
	}
	return s
}
