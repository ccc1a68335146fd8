package main

import (
	"fmt"
	"strings"
	"testing"
)

// namedBy is the property that names a resource of each type, "" for types whose names CloudFormation or
// AWS makes, or that have none.
var namedBy = map[string]string{
	"AWS::ApiGatewayV2::Api":          "Name",
	"AWS::ApiGatewayV2::Authorizer":   "Name",
	"AWS::ApiGatewayV2::Integration":  "",
	"AWS::ApiGatewayV2::Route":        "",
	"AWS::ApiGatewayV2::Stage":        "", // unique in its API only
	"AWS::CloudFront::CachePolicy":    "", // beside its other properties; see TestOneStackInTwoRegions
	"AWS::CloudFront::TrustStore":     "Name",
	"AWS::CloudWatch::Alarm":          "AlarmName",
	"AWS::CloudWatch::Dashboard":      "DashboardName",
	"AWS::CloudFront::Distribution":   "",
	"AWS::CloudFront::Function":       "Name",
	"AWS::DynamoDB::Table":            "TableName",
	"AWS::Events::Rule":               "Name",
	"AWS::IAM::Role":                  "",
	"AWS::IoT::Policy":                "PolicyName",
	"AWS::IoT::TopicRule":             "RuleName",
	"AWS::Lambda::EventSourceMapping": "",
	"AWS::Lambda::Function":           "FunctionName",
	"AWS::Lambda::Permission":         "",
	"AWS::Logs::LogGroup":             "LogGroupName",
	"AWS::Logs::QueryDefinition":      "Name",
	"AWS::Route53::RecordSet":         "", // the operator's
	"AWS::SNS::Subscription":          "",
	"AWS::SNS::Topic":                 "TopicName",
	"AWS::SNS::TopicPolicy":           "",
	"AWS::SQS::Queue":                 "QueueName",
	"AWS::SQS::QueuePolicy":           "",
	"Custom::AWS":                     "",
}

// physicalNames are the names of all resources that the template names, as text.
func physicalNames(t *testing.T, from template) map[string]bool {
	t.Helper()
	names := make(map[string]bool)
	for id, r := range from.resources() {
		property, known := namedBy[r.kind]
		if !known {
			t.Errorf("%s has type %s: say in namedBy which property names it", id, r.kind)
		}
		if property == "" {
			continue
		}
		name := strings.TrimSpace(indented(r.properties[property]))
		if names[name] {
			t.Errorf("two resources have the name %s", name)
		}
		names[name] = true
	}
	return names
}

func TestTwoStacksShareNoName(t *testing.T) {
	first, second := physicalNames(t, byDefault().template), physicalNames(t, other().template)
	for name := range first {
		if second[name] {
			t.Errorf("both stacks have a resource named %s", name)
		}
	}
}

func TestNamesBeginWithTheStack(t *testing.T) {
	for name := range physicalNames(t, other().template) {
		unprefixed := name
		for _, before := range []string{"/aws/lambda/", "/aws/apigateway/", "OCPP-Gateway-"} {
			unprefixed = strings.Replace(unprefixed, before, "", 1)
		}
		unprefixed = strings.ReplaceAll(unprefixed, `Other-Stack"`, `Other-Stack-"`) // the dashboard ends in it
		hyphen, underscore := fmt.Sprintf("%q", "Other-Stack-"), fmt.Sprintf("%q", "Other_Stack_")
		if !strings.HasPrefix(unprefixed, strings.TrimSuffix(hyphen, `"`)) && !strings.HasPrefix(unprefixed, strings.TrimSuffix(underscore, `"`)) {
			t.Errorf("%s does not begin with the name of the stack", name)
		}
	}
}

// Names that CloudFront and IAM know in all Regions at once must differ from Region to Region.
func TestOneStackInTwoRegions(t *testing.T) {
	for id, r := range other().template.ofType("AWS::CloudFront::Function") {
		if got, want := r.properties["Name"], "Other-Stack-Edge-eu-central-1"; got != want {
			t.Errorf("%s is named %v, want %s", id, got, want)
		}
	}
	for id, r := range other().template.ofType("AWS::CloudFront::TrustStore") {
		if got, want := r.properties["Name"], "Other-Stack-ClientAuthorities-eu-central-1"; got != want {
			t.Errorf("%s is named %v, want %s", id, got, want)
		}
	}
	for id, r := range other().template.ofType("AWS::CloudFront::CachePolicy") {
		if got, want := r.properties["CachePolicyConfig"].(map[string]any)["Name"], "Other-Stack-Edge-eu-central-1"; got != want {
			t.Errorf("%s is named %v, want %s", id, got, want)
		}
	}
	for id, r := range other().template.ofType("AWS::IAM::Role") {
		if name, named := r.properties["RoleName"]; named {
			t.Errorf("role %s is named %v, which clashes with the same stack in another Region", id, name)
		}
	}
}
