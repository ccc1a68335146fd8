package template

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
)

// A kind says what Ref and Fn::GetAtt answer for resources of one type. The forms hold the placeholders {name} (the
// physical name), {id} (an id as AWS would make one up), {partition}, {region}, {account}, {suffix} and {queues}.
type kind struct {
	nameProperty string            // the property with the physical name; without a value one is made from the logical id
	ref          string            // form of Ref; default {name}
	attributes   map[string]string // form of each Fn::GetAtt
	ignored      string            // why such a resource means nothing on one machine; "" when it means something
}

const executeAPI = "{id}.execute-api.{region}.{suffix}"

// kinds is every resource type that a template may hold.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-template-resource-type-ref.html
var kinds = map[string]kind{
	"AWS::DynamoDB::Table": {nameProperty: "TableName", attributes: map[string]string{
		"Arn": "arn:{partition}:dynamodb:{region}:{account}:table/{name}",
	}},
	"AWS::SQS::Queue": {nameProperty: "QueueName", ref: "{queues}/{account}/{name}", attributes: map[string]string{
		"Arn":       "arn:{partition}:sqs:{region}:{account}:{name}",
		"QueueName": "{name}",
		"QueueUrl":  "{queues}/{account}/{name}",
	}},
	"AWS::Lambda::Function": {nameProperty: "FunctionName", attributes: map[string]string{
		"Arn": "arn:{partition}:lambda:{region}:{account}:function:{name}",
	}},
	"AWS::Lambda::EventSourceMapping": {ref: "{id}"},
	"AWS::Lambda::EventInvokeConfig":  {ref: "{id}"},
	"AWS::Lambda::Permission":         {ref: "{id}"},
	"AWS::IAM::Role": {nameProperty: "RoleName", attributes: map[string]string{
		"Arn":    "arn:{partition}:iam::{account}:role/{name}",
		"RoleId": "{id}",
	}},
	"AWS::IAM::Policy":               {nameProperty: "PolicyName"},
	"AWS::ApiGatewayV2::Api":         {ref: "{id}", attributes: map[string]string{"ApiId": "{id}", "ApiEndpoint": "{scheme}://" + executeAPI}},
	"AWS::ApiGatewayV2::Stage":       {nameProperty: "StageName"},
	"AWS::ApiGatewayV2::Authorizer":  {ref: "{id}", attributes: map[string]string{"AuthorizerId": "{id}"}},
	"AWS::ApiGatewayV2::Integration": {ref: "{id}"},
	"AWS::ApiGatewayV2::Route":       {ref: "{id}"},
	"AWS::CloudFront::Distribution":  {ref: "{id}", attributes: map[string]string{"Id": "{id}", "DomainName": "{id}.cloudfront.net"}},
	"AWS::CloudFront::Function":      {nameProperty: "Name", ref: cloudFrontFunctionARN, attributes: map[string]string{"FunctionARN": cloudFrontFunctionARN, "FunctionMetadata.FunctionARN": cloudFrontFunctionARN}},
	"AWS::IoT::TopicRule":            {nameProperty: "RuleName", attributes: map[string]string{"Arn": "arn:{partition}:iot:{region}:{account}:rule/{name}"}},
	"AWS::Events::Rule":              {nameProperty: "Name", attributes: map[string]string{"Arn": "arn:{partition}:events:{region}:{account}:rule/{name}"}},
	"AWS::IoT::Policy":               {nameProperty: "PolicyName", attributes: map[string]string{"Arn": "arn:{partition}:iot:{region}:{account}:policy/{name}", "Id": "{name}"}},
	"AWS::Logs::LogGroup":            {nameProperty: "LogGroupName", attributes: map[string]string{"Arn": "arn:{partition}:logs:{region}:{account}:log-group:{name}:*"}, ignored: "functions log to the console"},
	"AWS::ApiGatewayV2::Deployment":  {ref: "{id}", ignored: "every change is there at once"},
	"AWS::ApiGateway::Account":       {ref: "{id}", ignored: "access logs go to the console"},
	"AWS::CDK::Metadata":             {ignored: "statistics of the CDK"},
	"AWS::CloudFront::CachePolicy":   {ref: "{id}", ignored: "the edge caches nothing"},
	"AWS::CloudFront::OriginRequestPolicy": {
		ref: "{id}", ignored: "the edge forwards everything but Host",
	},
	"AWS::CloudWatch::Alarm":          {nameProperty: "AlarmName", attributes: map[string]string{"Arn": "arn:{partition}:cloudwatch:{region}:{account}:alarm:{name}"}, ignored: "nobody is paged for one machine"},
	"AWS::CloudWatch::CompositeAlarm": {nameProperty: "AlarmName", attributes: map[string]string{"Arn": "arn:{partition}:cloudwatch:{region}:{account}:alarm:{name}"}, ignored: "nobody is paged for one machine"},
	"AWS::CloudWatch::Dashboard":      {nameProperty: "DashboardName", ignored: "the console shows what happens"},
	"AWS::Logs::MetricFilter":         {ref: "{name}", ignored: "there are no metrics"},
	"AWS::Logs::QueryDefinition":      {ref: "{id}", ignored: "functions log to the console"},
	"AWS::SNS::Topic":                 {nameProperty: "TopicName", ref: snsTopicARN, attributes: map[string]string{"TopicArn": snsTopicARN, "TopicName": "{name}"}, ignored: "it tells people about alarms, of which there are none"},
	"AWS::SNS::TopicPolicy":           {ref: "{id}", ignored: "as its topic"},
	"AWS::SNS::Subscription":          {ref: "{id}", ignored: "as its topic"},
	"AWS::SQS::QueuePolicy":           {ref: "{id}", ignored: "it demands TLS, which loopback does not need"},
}

const (
	cloudFrontFunctionARN = "arn:{partition}:cloudfront::{account}:function/{name}"
	snsTopicARN           = "arn:{partition}:sns:{region}:{account}:{name}"
)

// Ref answers the intrinsic of that name for a resource.
func (t *Template) ref(r *resource) (any, error) {
	if r.custom() {
		return t.generatedID(r), nil
	}
	form := kinds[r.Type].ref
	if form == "" {
		form = "{name}"
	}
	return t.fill(r, form)
}

func (t *Template) attribute(r *resource, name string) (any, error) {
	if r.custom() {
		value, ok := t.supplied[r.logicalID][name]
		if !ok {
			return nil, fmt.Errorf("the custom resource %s (%s) has no attribute %s", r.logicalID, r.Type, name)
		}
		return value, nil
	}
	form, ok := kinds[r.Type].attributes[name]
	if !ok {
		return nil, fmt.Errorf("the stand-in does not know the attribute %s of %s (%s): add it to local/template/kinds.go", name, r.logicalID, r.Type)
	}
	return t.fill(r, form)
}

// fill replaces the placeholders of a form.
func (t *Template) fill(r *resource, form string) (string, error) {
	name := ""
	if strings.Contains(form, "{name}") {
		var err error
		if name, err = t.physicalName(r); err != nil {
			return "", err
		}
	}
	scheme := "https"
	if r.Properties["ProtocolType"] == "WEBSOCKET" {
		scheme = "wss"
	}
	return strings.NewReplacer(
		"{name}", name,
		"{id}", t.generatedID(r),
		"{scheme}", scheme,
		"{partition}", partition,
		"{region}", t.options.Region,
		"{account}", t.options.AccountID,
		"{suffix}", urlSuffix,
		"{queues}", t.options.QueueEndpoint,
	).Replace(form), nil
}

// physicalName is the name given by the template, else one of the form that CloudFormation gives.
func (t *Template) physicalName(r *resource) (string, error) {
	if property := kinds[r.Type].nameProperty; property != "" && r.Properties[property] != nil {
		return t.resolveText(r.Properties[property])
	}
	return t.options.StackName + "-" + r.logicalID, nil
}

// generatedID is what AWS would choose at random: here the same at every start, so that what a user noted down stays
// true, and another for a stack of another name.
func (t *Template) generatedID(r *resource) string {
	digest := sha256.Sum256([]byte(t.options.StackName + "/" + r.logicalID))
	return strings.ToLower(base32.StdEncoding.EncodeToString(digest[:]))[:10] // as long as API Gateway's
}
