package iam

import (
	"maps"
	"slices"
	"sync"
)

// decisions remembers what the policies of one caller allow: they do not change, and a function makes the same calls over and
// over. Only what is allowed is kept; what is denied is found out anew, with its reason. A nil decisions remembers nothing.
type decisions struct {
	mu      sync.RWMutex
	allowed map[question][]conditions
}

// question is a request without its conditions.
type question struct{ action, resource string }

// conditions are the condition keys of a request.
type conditions = map[string][]string

// mostDecisions bounds what is kept. Connections have ids of their own, so that there is no end to resources.
const mostDecisions = 10_000

// allows reports whether the same request, conditions included, was allowed before.
func (d *decisions) allows(request Request) bool {
	if d == nil {
		return false
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	return slices.ContainsFunc(d.allowed[question{request.Action, request.Resource}], func(known conditions) bool {
		return maps.EqualFunc(known, request.Context, slices.Equal[[]string])
	})
}

// allow remembers a request that is allowed. The caller does not change its conditions any more.
func (d *decisions) allow(request Request) {
	if d == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.allowed == nil || len(d.allowed) >= mostDecisions {
		d.allowed = map[question][]conditions{}
	}
	of := question{request.Action, request.Resource}
	if known := d.allowed[of]; len(known) < mostVariants {
		d.allowed[of] = append(known, request.Context)
	}
}

// mostVariants is how many conditions are kept with one question: an SDK has few user agents.
const mostVariants = 8
