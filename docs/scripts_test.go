package docs

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The lists of health-check.sh are those of the stack.
func TestHealthCheckLooksAtEverything(t *testing.T) {
	script, stack := read(t, "../scripts/health-check.sh"), template(t)
	list := func(name string) []string {
		found := regexp.MustCompile(`(?m)^` + name + `="(.*)"$`).FindStringSubmatch(script)
		if found == nil {
			t.Fatalf("health-check.sh has no list %s", name)
		}
		return strings.Fields(found[1])
	}
	functions := stack.names("AWS::Lambda::Function")
	delete(functions, "CustomResources") // runs in deployments only
	for what, check := range map[string]struct {
		listed []string
		has    map[string]bool
	}{
		"functions": {list("functions"), functions},
		"tables":    {list("tables"), stack.names("AWS::DynamoDB::Table")},
		"queues":    {append(list("queues"), list("dead_letter_queues")...), stack.names("AWS::SQS::Queue")},
	} {
		if got, want := slices.Sorted(slices.Values(check.listed)), slices.Sorted(maps.Keys(check.has)); !slices.Equal(got, want) {
			t.Errorf("health-check.sh looks at the %s %v, the stack has %v", what, got, want)
		}
	}
}

// What belongs to a connection alone stays out of an export: imported, it would be a session that nobody has.
func TestExportLeavesSessionsOut(t *testing.T) {
	script, source := read(t, "../scripts/export.sh"), read(t, "../shared/dynamo/chargepoints.go")
	lists := regexp.MustCompile(`(?:session|call)Attributes += \[\]string\{(.*)\}`).FindAllStringSubmatch(source, -1)
	if len(lists) != 2 {
		t.Fatalf("%d lists of attributes, want those of the session and of the call", len(lists))
	}
	for _, list := range lists {
		for name := range strings.SplitSeq(list[1], ", ") {
			if !strings.Contains(script, name) {
				t.Errorf("export.sh does not leave out %s", name)
			}
		}
	}
}
