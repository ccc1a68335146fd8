package cloud

import (
	"fmt"
	"slices"

	"github.com/serverless-ocpp/backend/local/iam"
	"github.com/serverless-ocpp/backend/local/template"
)

// Who invokes functions, as principals of permissions.
const (
	apiGateway  = "apigateway.amazonaws.com"
	iotCore     = "iot.amazonaws.com"
	eventBridge = "events.amazonaws.com"
)

// permitted reports whether some permission lets a service invoke a function on behalf of a resource.
func permitted(permissions []template.Permission, function, principal, source string) bool {
	return slices.ContainsFunc(permissions, func(p template.Permission) bool {
		return p.Function == function && p.Principal == principal && (p.SourceARN == "" || iam.Match(p.SourceARN, source))
	})
}

// mayDo asks a role's policies about one action, for what AWS itself does in that role.
func mayDo(role iam.Role, action, resource string) error {
	request := iam.Request{Action: action, Resource: resource, Context: map[string][]string{
		"aws:RequestedRegion": {Region},
		"aws:SecureTransport": {"true"},
	}}
	if iam.Evaluate(role.Policies, request) != iam.Allowed {
		return fmt.Errorf("its role %s does not allow %s on %s", role.Name, action, resource)
	}
	return nil
}
