package template

import (
	"os"
	"testing"
)

// TestSnapshot reads the template that is deployed with every view there is.
func TestSnapshot(t *testing.T) {
	document, err := os.ReadFile("../../stack/testdata/AwsOcppGatewayStack.template.json")
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := Parse(document, Options{StackName: "AwsOcppGatewayStack", Region: "us-east-1", AccountID: "000000000000"})
	if err != nil {
		t.Fatal(err)
	}
	calls, err := parsed.CustomCalls()
	if err != nil {
		t.Fatal(err)
	}
	for _, call := range calls {
		parsed.Supply(call.LogicalID, map[string]string{"RandomPassword": "secret"})
	}
	functions, err := parsed.Functions()
	if err != nil {
		t.Fatal(err)
	}
	for _, function := range functions {
		role, err := parsed.Role(function.RoleARN)
		if err != nil || len(role.Policies) == 0 {
			t.Errorf("%s: role %+v, %v", function.Name, role, err)
		}
		if function.Handler == "" {
			t.Errorf("%s has no handler, so nobody knows its binary", function.Name)
		}
	}
	if _, ok, err := parsed.Distribution(); !ok || err != nil {
		t.Errorf("distribution: %t, %v", ok, err)
	}
	apis, err := parsed.APIs("HTTP")
	if err != nil {
		t.Fatal(err)
	}
	for _, route := range apis[0].Routes {
		if limited := route.RateLimit == 100 && route.BurstLimit == 200; limited != (route.Authorization == "NONE") {
			t.Errorf("route %s, authorized by %s, takes %g requests a second and %d at once", route.Key, route.Authorization, route.RateLimit, route.BurstLimit)
		}
	}
	views := map[string]func() (int, error){
		"functions":   count(parsed.Functions),
		"tables":      count(parsed.Tables),
		"queues":      count(parsed.Queues),
		"mappings":    count(parsed.EventSourceMappings),
		"rules":       count(parsed.Rules),
		"schedules":   count(parsed.Schedules),
		"policies":    count(parsed.IoTPolicies),
		"permissions": count(parsed.Permissions),
		"WebSocket":   count(func() ([]API, error) { return parsed.APIs("WEBSOCKET") }),
		"HTTP":        count(func() ([]API, error) { return parsed.APIs("HTTP") }),
		"outputs":     func() (int, error) { outputs, err := parsed.Outputs(); return len(outputs), err },
	}
	for name, view := range views {
		if n, err := view(); n == 0 || err != nil {
			t.Errorf("%s: %d, %v", name, n, err)
		}
	}
}

func count[T any](view func() ([]T, error)) func() (int, error) {
	return func() (int, error) { list, err := view(); return len(list), err }
}
