package iot

import (
	"log/slog"
	"net/http"

	"github.com/serverless-ocpp/backend/local/iot/fault"
	"github.com/serverless-ocpp/backend/local/iot/registry"
)

// control is the control plane. https://docs.aws.amazon.com/iot/latest/apireference/API_Operations_AWS_IoT.html
type control struct {
	registry *registry.Registry
	endpoint string
}

func newControl(things *registry.Registry, endpoint string, log *slog.Logger) *API {
	c := control{things, endpoint}
	thing, thingType, policy := named("thing/", "thingName"), named("thingtype/", "thingTypeName"), named("policy/", "policyName")
	return &API{
		routes: []route{
			{"POST", "/things/{thingName}", "CreateThing", thing, c.createThing},
			{"GET", "/things/{thingName}", "DescribeThing", thing, c.describeThing},
			{"PATCH", "/things/{thingName}", "UpdateThing", thing, c.updateThing},
			{"DELETE", "/things/{thingName}", "DeleteThing", thing, c.deleteThing},
			{"GET", "/things", "ListThings", everything, c.listThings},
			{"POST", "/thing-types/{thingTypeName}", "CreateThingType", thingType, c.createThingType},
			{"GET", "/thing-types/{thingTypeName}", "DescribeThingType", thingType, c.describeThingType},
			{"GET", "/event-configurations", "DescribeEventConfigurations", everything, c.describeEvents},
			{"PATCH", "/event-configurations", "UpdateEventConfigurations", everything, c.updateEvents},
			{"GET", "/endpoint", "DescribeEndpoint", everything, c.describeEndpoint},
			{"GET", "/policies/{policyName}", "GetPolicy", policy, c.getPolicy},
			{"GET", "/policies", "ListPolicies", everything, c.listPolicies},
		},
		arn: things.ARN,
		denial: func(message string) *fault.Error {
			return &fault.Error{Code: "AccessDeniedException", Status: http.StatusForbidden, Message: message}
		},
		log: log,
	}
}

// named returns the resource of an operation on one named thing.
func named(kind, part string) func(map[string]string, *http.Request) string {
	return func(names map[string]string, _ *http.Request) string { return kind + names[part] }
}

// everything is the resource of operations that IAM cannot limit to one.
func everything(map[string]string, *http.Request) string { return "*" }

type eventConfigurations struct {
	EventConfigurations map[string]struct{ Enabled bool } `json:"eventConfigurations"`
}

func (c control) describeEvents(request) (any, error) {
	answer := eventConfigurations{make(map[string]struct{ Enabled bool })}
	for name, enabled := range c.registry.Events() {
		answer.EventConfigurations[name] = struct{ Enabled bool }{enabled}
	}
	return answer, nil
}

func (c control) updateEvents(r request) (any, error) {
	var asked eventConfigurations
	if err := r.decode(&asked); err != nil {
		return nil, err
	}
	change := make(map[string]bool, len(asked.EventConfigurations))
	for name, configuration := range asked.EventConfigurations {
		change[name] = configuration.Enabled
	}
	return struct{}{}, c.registry.SetEvents(change)
}

func (c control) describeEndpoint(r request) (any, error) {
	switch kind := r.URL.Query().Get("endpointType"); kind {
	case "", "iot:Data", "iot:Data-ATS":
		return map[string]string{"endpointAddress": c.endpoint}, nil
	default:
		return nil, fault.Invalid("endpointType %s is not available here; iot:Data-ATS and iot:Data are", kind)
	}
}

// An IoT policy here has one version, that of the template, which has no date.
const onlyVersion = "1"

func (c control) getPolicy(r request) (any, error) {
	name := r.names["policyName"]
	document, err := c.registry.Policy(name)
	if err != nil {
		return nil, err
	}
	return map[string]string{
		"policyName":       name,
		"policyArn":        c.registry.ARN("policy/" + name),
		"policyDocument":   document,
		"defaultVersionId": onlyVersion,
	}, nil
}

func (c control) listPolicies(request) (any, error) {
	policies := []map[string]string{}
	for _, name := range c.registry.PolicyNames() {
		policies = append(policies, map[string]string{"policyName": name, "policyArn": c.registry.ARN("policy/" + name)})
	}
	return map[string]any{"policies": policies}, nil
}
