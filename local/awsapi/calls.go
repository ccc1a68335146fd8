package awsapi

import (
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// A Call is one kind of call that was made: an API action by a function, or by whoever is no function ("").
type Call struct {
	Service  string `json:"service"`
	Action   string `json:"action"`
	Function string `json:"function,omitempty"`
}

// Calls counts calls that were let through, and remembers what was denied. The zero value is ready to use, by many
// goroutines.
type Calls struct {
	mu      sync.Mutex
	counts  map[Call]int
	denials map[Call]error
}

// Add counts one call of an IAM action such as "sqs:SendMessage".
func (c *Calls) Add(action, function string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.counts == nil {
		c.counts = map[Call]int{}
	}
	c.counts[callOf(action, function)]++
}

// Deny remembers that a call was denied. Of each kind of call the first is kept: one missing grant is one finding,
// however many resources it is missing for.
func (c *Calls) Deny(action, function string, reason error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.denials == nil {
		c.denials = map[Call]error{}
	}
	if call := callOf(action, function); c.denials[call] == nil {
		c.denials[call] = reason
	}
}

// Denials returns an error that holds what was denied so far, nil when nothing was.
func (c *Calls) Denials() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	reasons := slices.Collect(maps.Values(c.denials))
	slices.SortFunc(reasons, func(a, b error) int { return cmp.Compare(a.Error(), b.Error()) })
	return errors.Join(reasons...)
}

func callOf(action, function string) Call {
	service, verb, _ := strings.Cut(action, ":")
	return Call{service, verb, function}
}

// Snapshot returns the counts so far.
func (c *Calls) Snapshot() map[Call]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.counts)
}

// ServeHTTP answers with the counts as a JSON list, ordered by function, service and action.
func (c *Calls) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	type line struct {
		Call
		Count int `json:"count"`
	}
	lines := []line{}
	for call, count := range c.Snapshot() {
		lines = append(lines, line{call, count})
	}
	slices.SortFunc(lines, func(a, b line) int {
		return cmp.Or(cmp.Compare(a.Function, b.Function), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Action, b.Action))
	})
	w.Header().Set("Content-Type", "application/json")
	// An error here is a client that went away; nobody is left to tell.
	_ = json.NewEncoder(w).Encode(lines)
}
