package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/aws/jsii-runtime-go"
)

// statement is an IAM statement with its actions always as a list.
type statement struct {
	actions  []string
	resource string // as JSON
}

// statements of the inline policies of a role. Nothing else may give it a permission.
func statements(t *testing.T, role templateResource) []statement {
	t.Helper()
	if managed, has := role.properties["ManagedPolicyArns"]; has {
		t.Errorf("it has managed policies besides its grants: %v", managed)
	}
	var found []statement
	for _, policy := range role.properties["Policies"].([]any) {
		document := policy.(map[string]any)["PolicyDocument"].(map[string]any)
		for _, value := range document["Statement"].([]any) {
			s := value.(map[string]any)
			if s["Effect"] != "Allow" || len(s) != 3 {
				t.Errorf("a statement is more than effect, action and resource: %s", indented(s))
			}
			found = append(found, statement{list(s["Action"]), indented(s["Resource"])})
		}
	}
	return found
}

// list of what CloudFormation writes as a text when it is alone.
func list(value any) []string {
	if text, alone := value.(string); alone {
		return []string{text}
	}
	var texts []string
	for _, v := range value.([]any) {
		texts = append(texts, v.(string))
	}
	return texts
}

// roleOf is the role that a function runs in, or by which the IoT rules fill queues.
func roleOf(t *testing.T, s synthesized, holder string) (id string, role templateResource) {
	t.Helper()
	var arn any
	switch holder {
	case "RuleErrors":
		for _, r := range s.template.ofType("AWS::IoT::TopicRule") {
			action := r.properties["TopicRulePayload"].(map[string]any)["ErrorAction"].(map[string]any)
			arn = action["Sqs"].(map[string]any)["RoleArn"]
		}
	case "RuleQueues":
		for _, r := range s.template.ofType("AWS::IoT::TopicRule") {
			action := r.properties["TopicRulePayload"].(map[string]any)["Actions"].([]any)[0].(map[string]any)
			if queue, has := action["Sqs"]; has {
				arn = queue.(map[string]any)["RoleArn"]
			}
		}
	default:
		for _, r := range s.template.ofType("AWS::Lambda::Function") {
			if r.properties["FunctionName"] == *s.name(holder) {
				arn = r.properties["Role"]
			}
		}
	}
	if arn == nil {
		t.Fatalf("the template has no %s", holder)
	}
	id = arn.(map[string]any)["Fn::GetAtt"].([]any)[0].(string)
	return id, s.template.resources()[id]
}

// resolved is what an ARN looks like in the template.
func resolved(t *testing.T, s synthesized, arn *string) string {
	t.Helper()
	text, err := json.Marshal(s.stack.Resolve(jsii.String(*arn)))
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	return indented(value)
}

func TestRolesAllowWhatTheTableSaysAndNothingElse(t *testing.T) {
	for _, s := range []synthesized{byDefault(), other()} {
		rolesAllow(t, s)
	}
}

func rolesAllow(t *testing.T, s synthesized) {
	taken := make(map[string]string)
	for holder := range grants {
		t.Run(holder, func(t *testing.T) {
			allowed := s.backend.grantsOf(holder)
			id, role := roleOf(t, s, holder)
			if first, twice := taken[id]; twice {
				t.Errorf("it shares its role with %s", first)
			}
			taken[id] = holder

			got := statements(t, role)
			if !strings.HasPrefix(holder, "Rule") { // a rule writes no log
				own := got[0]
				got = got[1:]
				checkLogStatement(t, s, holder, own)
			}
			if len(got) != len(allowed) {
				t.Fatalf("its role has %d statements besides the one for its log, the table %d", len(got), len(allowed))
			}
			for i, g := range allowed {
				if !slices.Equal(got[i].actions, g.actions) {
					t.Errorf("statement %d allows %v, the table %v", i, got[i].actions, g.actions)
				}
				if want := resolved(t, s, g.on.arn(s.backend)); got[i].resource != want {
					t.Errorf("statement %d is about %s, the table about %s", i, got[i].resource, want)
				}
			}
		})
	}
	if roles := len(s.template.ofType("AWS::IAM::Role")); roles != len(taken) {
		t.Errorf("the template has %d roles, the table of grants %d", roles, len(taken))
	}
	for _, kind := range []string{"AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"} {
		for id := range s.template.ofType(kind) {
			t.Errorf("%s gives a role permissions besides the table of grants", id)
		}
	}
}

func checkLogStatement(t *testing.T, s synthesized, function string, own statement) {
	t.Helper()
	if want := []string{"logs:CreateLogStream", "logs:PutLogEvents"}; !slices.Equal(own.actions, want) {
		t.Errorf("on its log group it may %v, want %v", own.actions, want)
	}
	for id, r := range s.template.ofType("AWS::Logs::LogGroup") {
		if r.properties["LogGroupName"] == "/aws/lambda/"+*s.name(function) {
			if want := indented(map[string]any{"Fn::GetAtt": []any{id, "Arn"}}); own.resource != want {
				t.Errorf("it may write to %s, its own log group is %s", own.resource, want)
			}
			return
		}
	}
	t.Errorf("it has no log group of its own")
}

// unnameable are the actions for which AWS defines no resource, by the Service Authorization Reference.
var unnameable = []string{"iot:UpdateEventConfigurations", "secretsmanager:GetRandomPassword", "cloudwatch:GetMetricData", "xray:PutTraceSegments", "xray:PutTelemetryRecords"}

func TestNoRoleMayTouchEverything(t *testing.T) {
	for id, role := range byDefault().template.ofType("AWS::IAM::Role") {
		for _, s := range statements(t, role) {
			for _, action := range s.actions {
				if s.resource == "\"*\"\n" && !slices.Contains(unnameable, action) {
					t.Errorf("%s allows %s on every resource", id, action)
				}
			}
		}
	}
}
