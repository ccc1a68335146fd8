package docs

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// documents are all that people read, by their paths from here.
var documents = []string{
	"../README.md", "../CONTRIBUTING.md", "../scripts/README.md", "api-reference.md", "architecture.md", "conformance.md", "console.md",
	"deployment.md", "events.md", "faults.md", "monitoring.md", "scaling.md", "security.md", "troubleshooting.md",
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// snapshot is the template of the default stack.
type snapshot struct {
	Resources map[string]struct {
		Type       string
		Properties map[string]any
	}
	Outputs map[string]any
}

func template(t *testing.T) snapshot {
	t.Helper()
	var s snapshot
	if err := json.Unmarshal([]byte(read(t, "../stack/testdata/AwsOcppGatewayStack.template.json")), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

const stackName = "AwsOcppGatewayStack"

// names are the physical names of the resources of a type, all types if it is "", without the stack's name.
func (s snapshot) names(resourceType string) map[string]bool {
	found := make(map[string]bool)
	for _, r := range s.Resources {
		if resourceType != "" && r.Type != resourceType {
			continue
		}
		for _, property := range []string{"FunctionName", "TableName", "QueueName", "AlarmName", "TopicName", "PolicyName", "RuleName", "LogGroupName", "Name", "DashboardName"} {
			name, ok := r.Properties[property].(string)
			if !ok {
				continue
			}
			name = name[strings.LastIndex(name, "/")+1:]
			found[strings.TrimLeft(strings.TrimPrefix(name, stackName), "-_")] = true
		}
	}
	return found
}

var ofTheStack = regexp.MustCompile(stackName + `[-_]([A-Za-z][A-Za-z-]*(?:\.fifo)?)`)

// What the documents call by a name of the stack's exists. The beginning of a name will do, for commands that list.
func TestDocumentsNameWhatTheStackHas(t *testing.T) {
	names := template(t).names("")
	// Other stacks; parts that CloudFormation does not name so; the file of support-bundle.sh; the canary's Thing.
	for _, other := range []string{"Dev", "Staging", "Prod", "Edge", "support-", "Canary"} {
		names[other] = true
	}
	for _, name := range documents {
		for _, found := range ofTheStack.FindAllStringSubmatch(read(t, name), -1) {
			begins := func(known string) bool { return strings.HasPrefix(known, strings.TrimSuffix(found[1], "-")) }
			if !slices.ContainsFunc(slices.Collect(maps.Keys(names)), begins) {
				t.Errorf("%s: the stack has no %s", name, found[0])
			}
		}
	}
}

// rows are the parts between backquotes of the first cells of the table under a heading.
func rows(t *testing.T, document, under string) []string {
	t.Helper()
	_, section, found := strings.Cut(document, "\n## "+under+"\n")
	if !found {
		t.Fatalf("there is no heading %q", under)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	var all []string
	for line := range strings.Lines(section) {
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		for i, part := range strings.Split(strings.Split(line, "|")[1], "`") {
			if i%2 == 1 {
				all = append(all, part)
			}
		}
	}
	slices.Sort(all)
	return all
}

func TestMonitoringNamesEveryMetric(t *testing.T) {
	constant := regexp.MustCompile(`(?m)^\t\w+ +Name = "(\w+)"`)
	var want []string
	for _, found := range constant.FindAllStringSubmatch(read(t, "../shared/metric/metric.go"), -1) {
		want = append(want, found[1])
	}
	slices.Sort(want)
	if got := rows(t, read(t, "monitoring.md"), "Metrics"); !slices.Equal(got, want) {
		t.Errorf("monitoring.md has %v, shared/metric %v", got, want)
	}
}

func TestMonitoringNamesEveryAlarmAndQuery(t *testing.T) {
	stack, document := template(t), read(t, "monitoring.md")
	var want []string
	functions := stack.names("AWS::Lambda::Function")
	for name := range stack.names("AWS::CloudWatch::Alarm") {
		name = strings.TrimPrefix(name, "OCPP-")
		for _, each := range []string{"Errors-", "Throttles-"} {
			if rest, of := strings.CutPrefix(name, each); of && functions[rest] {
				name = each + "<function>"
			}
		}
		if !slices.Contains(want, name) {
			want = append(want, name)
		}
	}
	slices.Sort(want)
	if got := rows(t, document, "Alarms"); !slices.Equal(got, want) {
		t.Errorf("monitoring.md has the alarms %v, the stack %v", got, want)
	}
	if dashboards := stack.names("AWS::CloudWatch::Dashboard"); !dashboards["OCPP-Gateway"] || !strings.Contains(document, "\n`OCPP-Gateway` ") {
		t.Errorf("monitoring.md calls the dashboard OCPP-Gateway, the stack %v", dashboards)
	}
	queries := slices.Sorted(maps.Keys(stack.names("AWS::Logs::QueryDefinition")))
	if got := rows(t, document, "Logs Insights"); !slices.Equal(got, queries) {
		t.Errorf("monitoring.md has the queries %v, the stack %v", got, queries)
	}
}

// The description of an alarm leads to what is to be done.
func TestAlarmsLeadToTheGuide(t *testing.T) {
	guide := anchors(read(t, "troubleshooting.md"))
	pointer := regexp.MustCompile(`docs/troubleshooting\.md#([a-z0-9-]+)`)
	for id, r := range template(t).Resources {
		if r.Type != "AWS::CloudWatch::Alarm" {
			continue
		}
		found := pointer.FindStringSubmatch(fmt.Sprint(r.Properties["AlarmDescription"]))
		if found == nil || !guide[found[1]] {
			t.Errorf("alarm %s: %v leads to no heading of the guide", id, r.Properties["AlarmDescription"])
		}
	}
}

// iamPrefix is what IAM calls a service, where CloudFormation calls it otherwise than in capitals.
var iamPrefix = map[string]string{"apigatewayv2": "apigateway", "certificatemanager": "acm"}

// The policy for CloudFormation's role has actions of every service of which the stack has resources.
func TestDeploymentPolicyCoversTheStack(t *testing.T) {
	_, section, _ := strings.Cut(read(t, "deployment.md"), "\n## Required IAM permissions\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var policies []string
	for _, fenced := range regexp.MustCompile("(?s)```json\n(.*?)```").FindAllStringSubmatch(section, -1) {
		policies = append(policies, fenced[1])
	}
	if len(policies) != 2 {
		t.Fatalf("%d policies, want those of the deployer and of CloudFormation", len(policies))
	}
	granted := make(map[string]bool)
	for _, document := range policies {
		var policy struct {
			Statement []struct{ Action any }
		}
		if err := json.Unmarshal([]byte(document), &policy); err != nil {
			t.Fatalf("%v in %s", err, document)
		}
		for _, statement := range policy.Statement {
			for _, action := range regexp.MustCompile(`([a-z0-9]+):`).FindAllStringSubmatch(fmt.Sprint(statement.Action), -1) {
				granted[action[1]] = true
			}
		}
	}
	for id, r := range template(t).Resources {
		parts := strings.Split(strings.ToLower(r.Type), "::")
		if parts[0] == "custom" {
			continue // a function of the stack, invoked by CloudFormation
		}
		service := parts[1]
		if prefix, other := iamPrefix[service]; other {
			service = prefix
		}
		if !granted[service] {
			t.Errorf("%s (%s): the policy has no action of %s", id, r.Type, service)
		}
	}
}

func TestContextValuesAreProperties(t *testing.T) {
	var source strings.Builder
	files, err := filepath.Glob("../stack/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		source.WriteString(read(t, file))
	}
	for _, name := range documents {
		for _, found := range regexp.MustCompile(`--context ([A-Za-z]+)=`).FindAllStringSubmatch(read(t, name), -1) {
			if found[1] != "name" && !strings.Contains(source.String(), `("`+found[1]+`"`) {
				t.Errorf("%s: the stack has no property %s", name, found[1])
			}
		}
	}
}

// Every row about a limit in scaling.md names at least one test, and the tests that it names exist.
func TestScalingNamesTestsThatExist(t *testing.T) {
	_, section, _ := strings.Cut(read(t, "scaling.md"), "\n## Limits, and what happens at each\n")
	section, _, _ = strings.Cut(section, "\n## ")
	named := regexp.MustCompile("`([a-z0-9/_]+_test\\.go)` (Test\\w+)")
	limits := 0
	for line := range strings.Lines(section) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| limit |") {
			continue
		}
		limits++
		tests := named.FindAllStringSubmatch(line, -1)
		if len(tests) == 0 {
			t.Errorf("scaling.md: no test is named in %.60s…", line)
		}
		for _, found := range tests {
			if !strings.Contains(read(t, filepath.Join("..", found[1])), "\nfunc "+found[2]+"(t *testing.T) {") {
				t.Errorf("scaling.md: %s has no %s", found[1], found[2])
			}
		}
	}
	if limits < 25 {
		t.Errorf("%d limits are told: is their form another?", limits)
	}
}
