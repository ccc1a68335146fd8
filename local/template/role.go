package template

import (
	"fmt"
	"slices"

	"github.com/serverless-ocpp/backend/local/iam"
)

// Role returns the role of an ARN with every policy that the template attaches to it. Managed policies are not known:
// the stack names what it grants.
func (t *Template) Role(arn string) (iam.Role, error) {
	for _, r := range t.ofType("AWS::IAM::Role") {
		own, err := t.fill(r, kinds[r.Type].attributes["Arn"])
		if err != nil {
			return iam.Role{}, err
		}
		if own == arn {
			return t.role(r, arn)
		}
	}
	return iam.Role{}, fmt.Errorf("the template has no role %s", arn)
}

func (t *Template) role(r *resource, arn string) (iam.Role, error) {
	name, err := t.physicalName(r)
	if err != nil {
		return iam.Role{}, err
	}
	var properties struct {
		ManagedPolicyArns []string
		Policies          []struct{ PolicyDocument iam.Policy }
	}
	if err := t.decode(r, &properties); err != nil {
		return iam.Role{}, err
	}
	if len(properties.ManagedPolicyArns) > 0 {
		return iam.Role{}, fmt.Errorf("resource %s (%s): the stand-in does not know what the managed policy %s grants; name the actions in the stack", r.logicalID, r.Type, properties.ManagedPolicyArns[0])
	}
	role := iam.Role{Name: name, ARN: arn}
	for _, inline := range properties.Policies {
		role.Policies = append(role.Policies, inline.PolicyDocument)
	}
	for _, attached := range t.ofType("AWS::IAM::Policy") {
		var policy struct {
			PolicyDocument iam.Policy
			Roles          []string
		}
		if err := t.decode(attached, &policy); err != nil {
			return iam.Role{}, err
		}
		if slices.Contains(policy.Roles, name) {
			role.Policies = append(role.Policies, policy.PolicyDocument)
		}
	}
	return role, nil
}
