package iam

import "fmt"

// A DeniedError is a call that no policy allows, or one denies. Its text is AWS's own.
type DeniedError struct {
	Principal string
	Action    string
	Resource  string
	Explicit  bool
}

func (e *DeniedError) Error() string {
	reason := fmt.Sprintf("because no identity-based policy allows the %s action", e.Action)
	if e.Explicit {
		reason = "with an explicit deny in an identity-based policy"
	}
	return fmt.Sprintf("User: %s is not authorized to perform: %s on resource: %s %s", e.Principal, e.Action, e.Resource, reason)
}

// Authorize returns a *DeniedError unless the caller may perform the action on every one of the resources. A call that
// names no resource is one on "*".
func (c Caller) Authorize(action string, resources []string, conditions map[string][]string) error {
	if c.administrator {
		return nil
	}
	if len(resources) == 0 {
		resources = []string{"*"}
	}
	for _, resource := range resources {
		request := Request{Action: action, Resource: resource, Context: conditions}
		if c.decided.allows(request) {
			continue
		}
		decision := Evaluate(c.policies, request)
		if decision != Allowed {
			return &DeniedError{Principal: c.ARN, Action: action, Resource: resource, Explicit: decision == ExplicitDeny}
		}
		c.usage.use(c.Function, c.policies, request)
		c.decided.allow(request)
	}
	return nil
}
