package awsapi

import (
	"cmp"
	"encoding/json"
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

// Calls counts calls that were let through. The zero value is ready to use, by many goroutines.
type Calls struct {
	mu     sync.Mutex
	counts map[Call]int
}

// Add counts one call of an IAM action such as "sqs:SendMessage".
func (c *Calls) Add(action, function string) {
	service, verb, _ := strings.Cut(action, ":")
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.counts == nil {
		c.counts = map[Call]int{}
	}
	c.counts[Call{service, verb, function}]++
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
