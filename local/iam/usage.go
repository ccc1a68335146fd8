package iam

import (
	"cmp"
	"slices"
	"sync"
)

// A Grant is one action that a function's role allows on one resource, both as the policy writes them.
type Grant struct {
	Function string
	Action   string
	Resource string
}

// usage remembers which grants of roles allowed a call.
type usage struct {
	mu   sync.Mutex
	used map[Grant]bool // every grant of every role that was assumed; whether it was used
}

// expect adds the grants of a role that a function assumes.
func (u *usage) expect(function string, policies []Policy) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for grant := range grantsOf(function, policies) {
		if !u.used[grant] {
			u.used[grant] = false
		}
	}
}

// use marks what allows a request.
func (u *usage) use(function string, policies []Policy, request Request) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for grant, statement := range grantsOf(function, policies) {
		if !u.used[grant] && matchFold(grant.Action, request.Action) && Match(grant.Resource, request.Resource) && statement.matches(request) {
			u.used[grant] = true
		}
	}
}

// grantsOf takes the statements of policies apart. Those that grant by exclusion (NotAction, NotResource) are no grants
// that could be taken away one by one.
func grantsOf(function string, policies []Policy) func(yield func(Grant, Statement) bool) {
	return func(yield func(Grant, Statement) bool) {
		for _, policy := range policies {
			for _, statement := range policy.Statements {
				if statement.Effect != "Allow" {
					continue
				}
				for _, action := range statement.Action {
					for _, resource := range statement.Resource {
						if !yield(Grant{function, action, resource}, statement) {
							return
						}
					}
				}
			}
		}
	}
}

// Used notes that AWS itself did something in the role of a function, such as reading a queue.
func (d *Directory) Used(function string, role Role, action, resource string) {
	d.usage.use(function, role.Policies, Request{Action: action, Resource: resource})
}

// Unused returns the grants of functions' roles that have allowed nothing so far, in the order of functions.
func (d *Directory) Unused() []Grant {
	d.usage.mu.Lock()
	defer d.usage.mu.Unlock()
	var unused []Grant
	for grant, used := range d.usage.used {
		if !used {
			unused = append(unused, grant)
		}
	}
	slices.SortFunc(unused, func(a, b Grant) int {
		return cmp.Or(cmp.Compare(a.Function, b.Function), cmp.Compare(a.Resource, b.Resource), cmp.Compare(a.Action, b.Action))
	})
	return unused
}
