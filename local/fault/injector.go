package fault

import (
	"log/slog"
	"slices"
	"sync/atomic"
	"time"
)

// An Injector holds the plan of one stand-in and answers its parts. A nil Injector injects nothing. Its methods may be called by
// any number of goroutines.
type Injector struct {
	log     *slog.Logger
	running atomic.Pointer[running]
}

// New returns an injector without a plan. Faults are logged at DEBUG; nil means slog.Default().
func New(log *slog.Logger) *Injector {
	if log == nil {
		log = slog.Default()
	}
	return &Injector{log: log}
}

// Set replaces the plan, and all counts begin anew. An error says what is wrong with the new one, and the old one stays.
func (i *Injector) Set(plan Plan) error {
	if err := plan.Check(); err != nil {
		return err
	}
	i.running.Store(newRunning(plan, time.Now()))
	i.log.Info("faults are injected", "seed", plan.Seed, "rules", len(plan.Rules))
	return nil
}

// Clear ends all faults and returns what has happened. What has begun, such as a delay, still ends as it was meant to.
func (i *Injector) Clear() State {
	last := i.running.Swap(nil)
	if last != nil {
		i.log.Info("faults are no longer injected")
	}
	return last.state()
}

// Active reports whether there is a plan.
func (i *Injector) Active() bool { return i != nil && i.running.Load() != nil }

// At returns the fault to inject, or the zero Fault.
func (i *Injector) At(point Point, about About) Fault {
	if i == nil {
		return Fault{}
	}
	now := i.running.Load()
	if now == nil {
		return Fault{}
	}
	rule := now.fires(point, about)
	if rule == nil {
		return Fault{}
	}
	i.log.Debug("fault injected", "rule", rule.Name, "kind", rule.Kind, "target", rule.Target,
		"name", about.Name, "function", about.Function, "resources", about.Resources)
	return Fault{Kind: rule.Kind, Delay: time.Duration(rule.Delay), Code: rule.Code}
}

// A State is a plan and what has come of it.
type State struct {
	Seed  uint64    `json:"seed"`
	Since time.Time `json:"since,omitzero"` // when the plan was set; zero without one
	Rules []Count   `json:"rules"`
}

// A Count is a rule with how often it was asked, when everything but its frequency fitted, and how often it fired.
type Count struct {
	Rule
	Asked    int `json:"asked"`
	Injected int `json:"injected"`
}

// Injected is how many faults there were of some kinds, or of all kinds.
func (s State) Injected(kinds ...Kind) (total int) {
	for _, rule := range s.Rules {
		if len(kinds) == 0 || slices.Contains(kinds, rule.Kind) {
			total += rule.Injected
		}
	}
	return total
}

// State returns the plan and its counts.
func (i *Injector) State() State {
	if i == nil {
		return State{Rules: []Count{}}
	}
	return i.running.Load().state()
}
