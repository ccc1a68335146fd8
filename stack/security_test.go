package main

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// Somebody else's rule must not be able to name a role of this stack.
func TestIoTTakesRolesOverForOwnRulesAlone(t *testing.T) {
	found := 0
	for id, role := range byDefault().template.ofType("AWS::IAM::Role") {
		for _, value := range role.properties["AssumeRolePolicyDocument"].(map[string]any)["Statement"].([]any) {
			s := value.(map[string]any)
			if s["Action"] != "sts:AssumeRole" || s["Effect"] != "Allow" {
				t.Errorf("%s may be taken over as %v", id, s)
			}
			switch s["Principal"].(map[string]any)["Service"] {
			case "lambda.amazonaws.com":
			case "iot.amazonaws.com":
				found++
				condition := s["Condition"].(map[string]any)
				if want := map[string]any{"aws:SourceAccount": map[string]any{"Ref": "AWS::AccountId"}}; !reflect.DeepEqual(condition["StringEquals"], want) {
					t.Errorf("%s is for the account %v", id, condition["StringEquals"])
				}
				if arns := condition["ArnEquals"].(map[string]any)["aws:SourceArn"].([]any); len(arns) != len(rules) {
					t.Errorf("%s is for the rules %v, the stack has %d", id, arns, len(rules))
				}
			default:
				t.Errorf("%s may be taken over by %v", id, s["Principal"])
			}
		}
	}
	if found != 2 {
		t.Errorf("%d roles are IoT's, want two", found)
	}
}

// A route without an authorizer is bounded, or the account's requests and functions are whoever's floods it.
func TestOpenRoutesAreBounded(t *testing.T) {
	s := other()
	bounded := make(map[string]any)
	for _, stage := range s.template.ofType("AWS::ApiGatewayV2::Stage") {
		if settings, has := stage.properties["RouteSettings"]; has {
			bounded = settings.(map[string]any)
		}
	}
	open := 0
	for id, route := range s.template.ofType("AWS::ApiGatewayV2::Route") {
		key := route.properties["RouteKey"].(string)
		if !isHTTP(s, route) || route.properties["AuthorizationType"] != "NONE" || strings.HasPrefix(key, "OPTIONS ") { // which API Gateway answers by itself
			continue
		}
		open++
		if settings, has := bounded[key].(map[string]any); !has || settings["ThrottlingRateLimit"] != 100.0 || settings["ThrottlingBurstLimit"] != 200.0 {
			t.Errorf("%s, %s, is open to everybody and bounded by %v", id, key, bounded[key])
		}
	}
	if open != len(bounded) || open == 0 {
		t.Errorf("%d routes are open, %d are bounded", open, len(bounded))
	}
}

// The edge takes what a handshake is, and no more.
func TestEdgeTakesHandshakes(t *testing.T) {
	for _, test := range []struct {
		s       synthesized
		version string
		acl     any
	}{
		{byDefault(), "http1.1", nil},
		{other(), "http2", "arn:aws:wafv2:us-east-1:123456789012:global/webacl/Depot/1a2b"},
	} {
		config := distributionOf(t, test.s)
		behavior := config["DefaultCacheBehavior"].(map[string]any)
		if got := behavior["AllowedMethods"]; !reflect.DeepEqual(got, []any{"GET", "HEAD"}) || behavior["ViewerProtocolPolicy"] != "https-only" {
			t.Errorf("%s takes %v by %v", test.s.properties.StackName, got, behavior["ViewerProtocolPolicy"])
		}
		if config["HttpVersion"] != test.version || config["WebACLId"] != test.acl {
			t.Errorf("%s speaks %v and asks %v", test.s.properties.StackName, config["HttpVersion"], config["WebACLId"])
		}
		for _, origin := range config["Origins"].([]any) {
			custom := origin.(map[string]any)["CustomOriginConfig"].(map[string]any)
			if custom["OriginProtocolPolicy"] != "https-only" || !reflect.DeepEqual(custom["OriginSSLProtocols"], []any{"TLSv1.2"}) {
				t.Errorf("the way to the origin is %v", custom)
			}
		}
	}
}

// Access logs are lines of JSON, and hold neither paths nor queries, in which there are identities and id tokens.
func TestAccessLogs(t *testing.T) {
	for want, s := range map[int]synthesized{1: byDefault(), 2: other()} {
		logged := 0
		for id, stage := range s.template.ofType("AWS::ApiGatewayV2::Stage") {
			settings, has := stage.properties["AccessLogSettings"].(map[string]any)
			if !has {
				continue
			}
			logged++
			var line map[string]string
			if err := json.Unmarshal([]byte(settings["Format"].(string)), &line); err != nil {
				t.Errorf("%s logs no JSON: %v", id, err)
			}
			for key, variable := range line {
				if !strings.HasPrefix(variable, "$context.") || strings.Contains(variable, "path") || strings.Contains(variable, "query") {
					t.Errorf("%s logs %s as %s", id, variable, key)
				}
			}
		}
		if logged != want {
			t.Errorf("%s has %d access logs, want %d", s.properties.StackName, logged, want)
		}
	}
}

// Whoever may read the configuration of a function reads its environment: the edge secret is in that of Authorize alone.
func TestOneFunctionHasTheEdgeSecret(t *testing.T) {
	for id, r := range other().template.ofType("AWS::Lambda::Function") {
		environment, _ := r.properties["Environment"].(map[string]any)
		variables, _ := environment["Variables"].(map[string]any)
		for key, value := range variables {
			secret := strings.Contains(indented(value), "RandomPassword")
			if expected := slices.Contains([]string{"EDGE_SECRET", "FORMER_EDGE_SECRET"}, key); secret != expected || (secret && r.properties["Handler"] != "authorize") {
				t.Errorf("%s has %s as %v", id, key, value)
			}
		}
	}
}

// What tables, queues and logs keep is encrypted, and queues and the topic of the alarms take no call without TLS.
func TestEverythingKeptIsEncrypted(t *testing.T) {
	s := byDefault()
	for id, r := range s.template.ofType("AWS::DynamoDB::Table") {
		if sse, _ := r.properties["SSESpecification"].(map[string]any); sse["SSEEnabled"] != true {
			t.Errorf("%s is encrypted by %v", id, sse)
		}
	}
	for id, r := range s.template.ofType("AWS::SQS::Queue") {
		if r.properties["SqsManagedSseEnabled"] != true {
			t.Errorf("%s is not encrypted", id)
		}
	}
	policies := s.template.ofType("AWS::SQS::QueuePolicy")
	if len(policies) != len(s.template.ofType("AWS::SQS::Queue")) {
		t.Errorf("there are %d policies of queues", len(policies))
	}
	for id, r := range s.template.ofType("AWS::SNS::TopicPolicy") {
		policies[id] = r
	}
	for id, r := range policies {
		text := indented(r.properties["PolicyDocument"])
		if !strings.Contains(text, `"aws:SecureTransport": "false"`) || !strings.Contains(text, `"Effect": "Deny"`) {
			t.Errorf("%s lets calls without TLS through: %s", id, text)
		}
	}
}

// Rules take messages of Basic Ingest from whoever may publish on a topic that ends in /out, unless it is denied.
func TestIntegratorsReachNoRules(t *testing.T) {
	for _, r := range byDefault().template.ofType("AWS::IoT::Policy") {
		for _, value := range r.properties["PolicyDocument"].(map[string]any)["Statement"].([]any) {
			statement, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			if text := string(statement); strings.Contains(text, `"Deny"`) && strings.Contains(text, `"iot:Publish"`) && strings.Contains(text, `:topic/$aws/*"`) {
				return
			}
		}
	}
	t.Error("an integrator may publish to $aws/rules/<rule>/CP001/out")
}
