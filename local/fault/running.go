package fault

import (
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// running is a plan since it was set.
type running struct {
	seed  uint64
	since time.Time
	rules []*counted
}

// counted is a rule with its generator and its counts.
type counted struct {
	Rule
	point   Point
	pattern string

	mu              sync.Mutex
	dice            *rand.Rand
	asked, injected int
}

// newRunning compiles a plan that was checked.
func newRunning(plan Plan, now time.Time) *running {
	r := &running{seed: plan.Seed, since: now}
	for i, rule := range plan.Rules {
		c := &counted{Rule: rule, dice: rand.New(rand.NewPCG(plan.Seed, uint64(i)))}
		found, pattern := placesOf(rule.Target)
		c.pattern = pattern
		for _, p := range found {
			for _, kind := range p.kinds {
				if kind == rule.Kind {
					c.point = p.point
				}
			}
		}
		r.rules = append(r.rules, c)
	}
	return r
}

// fires returns the first rule that fires, or nil.
func (r *running) fires(point Point, about About) *Rule {
	elapsed := time.Since(r.since)
	for _, rule := range r.rules {
		if rule.point == point && rule.active(elapsed) && rule.means(about) && rule.decide() {
			return &rule.Rule
		}
	}
	return nil
}

// active tells whether a rule's time has come.
func (c *counted) active(elapsed time.Duration) bool {
	elapsed -= time.Duration(c.After)
	if elapsed < 0 {
		return false
	}
	if c.Repeat > 0 {
		elapsed %= time.Duration(c.Repeat)
	}
	return c.For == 0 || elapsed < time.Duration(c.For)
}

// means tells whether it is about what the rule names. Nobody can be killed for a call that no function makes.
func (c *counted) means(about About) bool {
	kills := c.point == Call && (c.Kind == KillBefore || c.Kind == KillAfter)
	switch {
	case !matches(c.pattern, about.Name),
		!matches(c.Function, about.Function),
		c.Resource != "" && !slices.ContainsFunc(about.Resources, func(resource string) bool { return matches(c.Resource, resource) }),
		kills && about.Function == "":
		return false
	}
	return c.Nth == 0 || about.Nth == c.Nth
}

// decide draws, and counts.
func (c *counted) decide() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked++
	fires := true
	switch {
	case c.Every > 0:
		fires = c.asked%c.Every == 0
	case c.Probability == Never:
		fires = false
	case c.Probability != 0:
		fires = c.dice.Float64() < float64(c.Probability)
	}
	if !fires || c.Count > 0 && c.injected >= c.Count {
		return false
	}
	c.injected++
	return true
}

func (r *running) state() State {
	state := State{Rules: []Count{}}
	if r == nil {
		return state
	}
	state.Seed, state.Since = r.seed, r.since
	for _, rule := range r.rules {
		rule.mu.Lock()
		state.Rules = append(state.Rules, Count{rule.Rule, rule.asked, rule.injected})
		rule.mu.Unlock()
	}
	return state
}
