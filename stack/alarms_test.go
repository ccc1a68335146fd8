package main

import (
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// alarmed are the metrics of a template's alarms, as "name of dimension's value".
func alarmed(s synthesized) map[string]bool {
	found := make(map[string]bool)
	for _, r := range s.template.ofType("AWS::CloudWatch::Alarm") {
		for _, dimension := range r.properties["Dimensions"].([]any) {
			found[r.properties["MetricName"].(string)+" of "+dimension.(map[string]any)["Value"].(string)] = true
		}
	}
	return found
}

func TestEveryFunctionAndQueueIsWatched(t *testing.T) {
	for _, s := range []synthesized{byDefault(), other()} {
		watched := alarmed(s)
		for _, r := range s.template.ofType("AWS::Lambda::Function") {
			name := r.properties["FunctionName"].(string)
			if strings.HasSuffix(name, "-CustomResources") {
				continue // it runs at deployments, which fail with it
			}
			if strings.HasSuffix(name, "-Console") {
				continue // whoever opens the console sees that it fails, and nobody else needs it
			}
			if !watched["Errors of "+name] && !retried(s, r) && !scheduled(s, name) {
				t.Errorf("no alarm tells that %s fails, and nothing tries again what it failed at", name)
			}
		}
		for _, r := range s.template.ofType("AWS::SQS::Queue") {
			name, metric := r.properties["QueueName"].(string), "ApproximateNumberOfMessagesVisible of "
			if _, redrives := r.properties["RedrivePolicy"]; redrives {
				metric = "ApproximateAgeOfOldestMessage of "
			}
			if !watched[metric+name] {
				t.Errorf("no alarm watches %s%s", metric, name)
			}
		}
	}
}

// Dead letters lie for two weeks, and SQS tells of them for some hours.
func TestTheAlarmOfDeadLettersLasts(t *testing.T) {
	for id, r := range byDefault().template.ofType("AWS::CloudWatch::Alarm") {
		if lasts := r.properties["TreatMissingData"] == "ignore"; lasts != (r.properties["MetricName"] == "ApproximateNumberOfMessagesVisible") {
			t.Errorf("%s takes missing data for %v", id, r.properties["TreatMissingData"])
		}
	}
}

// retried tells whether what a function fails at comes again, and ends as a dead letter.
func retried(s synthesized, function templateResource) bool {
	if _, has := function.properties["DeadLetterConfig"]; has {
		return true
	}
	for _, source := range s.template.ofType("AWS::Lambda::EventSourceMapping") {
		if s.target(source.properties["FunctionName"]) == function.properties["FunctionName"] {
			return true
		}
	}
	return false
}

// scheduled tells whether a function is started every few minutes, come what may.
func scheduled(s synthesized, name string) bool {
	for _, rule := range s.template.ofType("AWS::Events::Rule") {
		for _, target := range rule.properties["Targets"].([]any) {
			if s.target(target.(map[string]any)["Arn"]) == name {
				return true
			}
		}
	}
	return false
}

// target is the name of the function that a reference in the template is about.
func (s synthesized) target(reference any) any {
	id := reference.(map[string]any)
	if attribute, has := id["Fn::GetAtt"]; has {
		return s.template.resources()[attribute.([]any)[0].(string)].properties["FunctionName"]
	}
	return s.template.resources()[id["Ref"].(string)].properties["FunctionName"]
}

// A stack that rests is not to cost more than these: an alarm costs ten cents a month.
func TestAlarmsAreFew(t *testing.T) {
	if n := len(byDefault().template.ofType("AWS::CloudWatch::Alarm")); n > 19 {
		t.Errorf("there are %d alarms; docs/deployment.md says what they cost at rest", n)
	}
}

func TestThrottlesOfTheFirstFunctionsAreWatched(t *testing.T) {
	for _, function := range gates {
		if !alarmed(byDefault())["Throttles of AwsOcppGatewayStack-"+function] {
			t.Errorf("no alarm watches the throttles of %s", function)
		}
	}
}

func TestAlarmsOnOwnMetrics(t *testing.T) {
	watched := alarmed(byDefault())
	for _, metric := range []string{"AnswerLatency", "RefusedConnections", "Disconnects", "Canary"} {
		if !watched[metric+" of AwsOcppGatewayStack"] {
			t.Errorf("no alarm watches %s", metric)
		}
	}
	if alarmed(other())["Canary of Other-Stack"] {
		t.Error("an alarm waits for a canary that is switched off")
	}
}

var headings = regexp.MustCompile(`(?m)^#+ (.+)$`)

// anchors are the anchors that GitHub makes of the headings of a document.
func anchors(t *testing.T, file string) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[string]bool)
	for _, heading := range headings.FindAllStringSubmatch(string(text), -1) {
		anchor := regexp.MustCompile(`[^a-z0-9 _-]`).ReplaceAllString(strings.ToLower(heading[1]), "")
		found[strings.ReplaceAll(anchor, " ", "-")] = true
	}
	return found
}

var seeAlso = regexp.MustCompile(` See docs/troubleshooting\.md#([a-z0-9-]+)$`)

func TestAlarmsSayWhatToDo(t *testing.T) {
	described := anchors(t, "../docs/troubleshooting.md")
	for id, r := range byDefault().template.ofType("AWS::CloudWatch::Alarm") {
		if name := r.properties["AlarmName"].(string); !strings.HasPrefix(name, "AwsOcppGatewayStack-OCPP-") {
			t.Errorf("%s is named %s", id, name)
		}
		match := seeAlso.FindStringSubmatch(r.properties["AlarmDescription"].(string))
		if match == nil {
			t.Errorf("the description of %s names no heading of docs/troubleshooting.md", id)
		} else if !described[match[1]] {
			t.Errorf("%s refers to docs/troubleshooting.md#%s, which has no such heading", id, match[1])
		}
		if len(r.properties["AlarmActions"].([]any)) != 1 || len(r.properties["OKActions"].([]any)) != 1 {
			t.Errorf("%s tells nobody", id)
		}
	}
}

func TestWhoIsTold(t *testing.T) {
	if found := byDefault().template.ofType("AWS::SNS::Subscription"); len(found) != 0 {
		t.Errorf("without alarmEmail somebody is told: %v", found)
	}
	found := other().template.ofType("AWS::SNS::Subscription")
	for id, r := range found {
		if r.properties["Endpoint"] != "watch@example.com" || r.properties["Protocol"] != "email" {
			t.Errorf("%s is %v", id, r.properties)
		}
	}
	if len(found) != 1 {
		t.Errorf("there are %d subscriptions, want one", len(found))
	}
}

func TestDashboard(t *testing.T) {
	for want, s := range map[string]synthesized{"OCPP-Gateway": byDefault(), "OCPP-Gateway-Other-Stack": other()} {
		for id, r := range s.template.ofType("AWS::CloudWatch::Dashboard") {
			if r.properties["DashboardName"] != want {
				t.Errorf("%s is named %v, want %s", id, r.properties["DashboardName"], want)
			}
			// Fn::Join of a JSON document: what is not a text stands for one.
			var body strings.Builder
			for _, part := range r.properties["DashboardBody"].(map[string]any)["Fn::Join"].([]any)[1].([]any) {
				if text, isText := part.(string); isText {
					body.WriteString(text)
				} else {
					body.WriteString("token")
				}
			}
			var dashboard struct {
				Widgets []struct {
					Properties struct {
						Title   string
						Metrics []any
					}
				}
			}
			if err := json.Unmarshal([]byte(body.String()), &dashboard); err != nil {
				t.Errorf("%s is no JSON: %v", id, err)
			}
			if len(dashboard.Widgets) < 10 {
				t.Errorf("%s has %d widgets", id, len(dashboard.Widgets))
			}
			metrics := 0
			for _, widget := range dashboard.Widgets {
				metrics += len(widget.Properties.Metrics)
			}
			if metrics < 30 || metrics > 50 {
				t.Errorf("%s shows %d metrics; one of more than 50 costs three dollars a month", id, metrics)
			}
		}
	}
}

func TestSavedQueries(t *testing.T) {
	var names []string
	for _, r := range byDefault().template.ofType("AWS::Logs::QueryDefinition") {
		names = append(names, r.properties["Name"].(string))
	}
	want := []string{
		"OCPP-Gateway-ChargePoint", "OCPP-Gateway-Disconnects", "OCPP-Gateway-Errors", "OCPP-Gateway-Message",
		"OCPP-Gateway-RefusedConnections", "OCPP-Gateway-SlowAnswers",
	}
	if slices.Sort(names); !slices.Equal(names, want) {
		t.Errorf("the saved queries are %q, want %q", names, want)
	}
	if !strings.Contains(sourceOf(t, "functions/connect"), `"`+refusedLine) {
		t.Errorf("functions/connect logs no line %q, for which a saved query looks", refusedLine)
	}
	for _, q := range queries {
		if q.functions == nil {
			t.Errorf("the query %s asks no function: %v", q.name, slices.Sorted(maps.Keys(byDefault().logGroups)))
		}
	}
}
