// Package iam is the stand-in's Identity and Access Management: it issues credentials per role, verifies Signature
// Version 4 of every call that uses them, and evaluates the roles' policies, so that a grant that is missing in the
// template fails on one machine and not first in an account.
package iam

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// A Policy is a policy document, as it stands in a template or in AWS.
type Policy struct {
	Statements []Statement
}

// A Statement allows or denies actions on resources. Exactly one of Action and NotAction, and exactly one of Resource
// and NotResource, is set.
type Statement struct {
	Sid         string
	Effect      string
	Action      Patterns
	NotAction   Patterns
	Resource    Patterns
	NotResource Patterns
	Condition   map[string]map[string]Patterns
}

// Patterns is a list of strings that may hold the wildcards * and ?. In JSON it is one string or a list of them.
type Patterns []string

// UnmarshalJSON accepts what AWS accepts: a string, a boolean or number (conditions), or a list of these.
func (p *Patterns) UnmarshalJSON(data []byte) error {
	var list []json.RawMessage
	if json.Unmarshal(data, &list) != nil {
		list = []json.RawMessage{data}
	}
	*p = make(Patterns, 0, len(list))
	for _, raw := range list {
		var text string
		if json.Unmarshal(raw, &text) == nil {
			*p = append(*p, text)
			continue
		}
		var scalar any
		if err := json.Unmarshal(raw, &scalar); err != nil {
			return err
		}
		switch scalar.(type) {
		case bool, float64:
			*p = append(*p, string(raw))
		default:
			return fmt.Errorf("%s is neither a string nor a list of strings", raw)
		}
	}
	return nil
}

// UnmarshalJSON reads a document and refuses what this package could not evaluate as AWS does: an ignored condition
// would grant more, or less, than the deployed stack.
func (p *Policy) UnmarshalJSON(data []byte) error {
	var document struct {
		Statement json.RawMessage
	}
	if err := json.Unmarshal(data, &document); err != nil {
		return err
	}
	list := document.Statement
	if bytes.HasPrefix(list, []byte("{")) { // a single statement needs no list
		list = slices.Concat([]byte("["), list, []byte("]"))
	}
	var statements []Statement
	if err := json.Unmarshal(list, &statements); err != nil {
		return fmt.Errorf("policy statements: %w", err)
	}
	for i, statement := range statements {
		if err := statement.check(); err != nil {
			return fmt.Errorf("policy statement %d: %w", i+1, err)
		}
	}
	p.Statements = statements
	return nil
}

func (s Statement) check() error {
	switch {
	case s.Effect != "Allow" && s.Effect != "Deny":
		return fmt.Errorf("effect %q is neither Allow nor Deny", s.Effect)
	case (len(s.Action) == 0) == (len(s.NotAction) == 0):
		return errors.New("exactly one of Action and NotAction must be given")
	case (len(s.Resource) == 0) == (len(s.NotResource) == 0):
		return errors.New("exactly one of Resource and NotResource must be given")
	}
	for operator := range s.Condition {
		if _, err := parseOperator(operator); err != nil {
			return err
		}
	}
	return nil
}

// A Request is what a policy is asked about: one action on one resource. Context holds the condition keys that are
// known, such as aws:RequestedRegion.
type Request struct {
	Action   string
	Resource string
	Context  map[string][]string
}

// A Decision is the outcome of an evaluation.
type Decision int

// ImplicitDeny: no statement allows it. ExplicitDeny: a Deny statement matches, whatever else allows it.
const (
	ImplicitDeny Decision = iota
	ExplicitDeny
	Allowed
)

// Evaluate applies AWS's rule: a matching Deny wins, else one matching Allow is needed.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
func Evaluate(policies []Policy, request Request) Decision {
	decision := ImplicitDeny
	for _, policy := range policies {
		for _, statement := range policy.Statements {
			if !statement.matches(request) {
				continue
			}
			if statement.Effect == "Deny" {
				return ExplicitDeny
			}
			decision = Allowed
		}
	}
	return decision
}

func (s Statement) matches(request Request) bool {
	if len(s.Action) > 0 && !s.Action.matchFold(request.Action) || len(s.NotAction) > 0 && s.NotAction.matchFold(request.Action) {
		return false
	}
	if len(s.Resource) > 0 && !s.Resource.match(request.Resource) || len(s.NotResource) > 0 && s.NotResource.match(request.Resource) {
		return false
	}
	for name, keys := range s.Condition {
		operator, err := parseOperator(name)
		if err != nil {
			return false // unreachable for a checked policy; one built by hand must not grant by accident
		}
		for key, wanted := range keys {
			if !operator.holds(wanted, request.value(key)) {
				return false
			}
		}
	}
	return true
}

func (p Patterns) match(value string) bool {
	return slices.ContainsFunc(p, func(pattern string) bool { return Match(pattern, value) })
}

// matchFold is for actions, whose case AWS ignores.
func (p Patterns) matchFold(value string) bool {
	return slices.ContainsFunc(p, func(pattern string) bool { return matchFold(pattern, value) })
}
