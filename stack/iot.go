package main

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiot"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"
)

// iotSQL is the version of the rules' language that knows get() and nested objects.
const iotSQL = "2016-03-23"

// rule leads messages on IoT topics to a function, or else into a queue.
type rule struct {
	name, description, sql string
	function, queue        string // one of them
}

var rules = []rule{
	{
		name:        "ThingEvents",
		description: "Things that are created, updated or deleted, for ChargePointTable",
		sql:         "SELECT * FROM '$aws/events/thing/+/+'",
		function:    "Registry",
	},
	{
		name:        "OutboundCalls",
		description: "Calls to charge points: of all frames on an out topic only those of message type 2",
		sql:         "SELECT * AS message, topic(1) AS chargePointId, timestamp() AS publishedAt FROM '+/out' WHERE get(*, 0) = 2",
		function:    "Outbound",
	},
	{
		name:        "CampaignCommands",
		description: "Commands of campaigns that have come to their end, for the campaign to go on",
		sql:         "SELECT * FROM 'ocpp/+/command' WHERE data.campaignId <> ''", // not true without a campaignId, either
		queue:       campaigns,
	},
}

func (b *backend) addIoT() {
	filling := b.addServiceRole("RuleQueuesRole", b.ownRules(), grants["RuleQueues"])
	errors := b.addServiceRole("RuleErrorsRole", b.ownRules(), grants["RuleErrors"])
	for _, r := range rules {
		if r.queue != "" {
			b.addRule(r, b.toQueue(r.queue, filling), errors)
			continue
		}
		function := b.functions[r.function]
		made := b.addRule(r, &awsiot.CfnTopicRule_ActionProperty{
			Lambda: &awsiot.CfnTopicRule_LambdaActionProperty{FunctionArn: function.FunctionArn()},
		}, errors)
		function.AddPermission(jsii.String("InvokeBy"+r.name), &awslambda.Permission{
			Principal:     awsiam.NewServicePrincipal(jsii.String("iot.amazonaws.com"), nil),
			SourceArn:     made.AttrArn(),
			SourceAccount: b.stack.Account(),
		})
	}
	b.addIntegratorPolicy()
}

// toQueue is the action that sends a message on a topic to a queue, as the role.
func (b *backend) toQueue(queue string, role awsiam.Role) *awsiot.CfnTopicRule_ActionProperty {
	return &awsiot.CfnTopicRule_ActionProperty{
		Sqs: &awsiot.CfnTopicRule_SqsActionProperty{QueueUrl: b.queues[queue].QueueUrl(), RoleArn: role.RoleArn()},
	}
}

// ownRules lets IoT take a role over for the rules of this stack alone: without the conditions somebody else's rule could
// name the role, and IoT would be his deputy.
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-create-role.html
func (b *backend) ownRules() awsiam.IPrincipal {
	arns := make([]*string, 0, len(rules))
	for _, r := range rules {
		arns = append(arns, b.arn("iot", "rule/"+b.ruleName(r)))
	}
	return awsiam.NewServicePrincipal(jsii.String("iot.amazonaws.com"), &awsiam.ServicePrincipalOpts{
		Conditions: &map[string]any{
			"StringEquals": map[string]any{"aws:SourceAccount": b.stack.Account()},
			"ArnEquals":    map[string]any{"aws:SourceArn": arns},
		},
	})
}

// ruleName has no hyphen: names of rules take none.
func (b *backend) ruleName(r rule) string { return strings.ReplaceAll(*b.name(r.name), "-", "_") }

func (b *backend) addRule(r rule, action *awsiot.CfnTopicRule_ActionProperty, errors awsiam.Role) awsiot.CfnTopicRule {
	return awsiot.NewCfnTopicRule(b.stack, &r.name, &awsiot.CfnTopicRuleProps{
		RuleName: jsii.String(b.ruleName(r)),
		TopicRulePayload: &awsiot.CfnTopicRule_TopicRulePayloadProperty{
			Description:      &r.description,
			Sql:              &r.sql,
			AwsIotSqlVersion: jsii.String(iotSQL),
			Actions:          []any{action},
			ErrorAction:      b.toQueue(deadIoTEvents, errors),
		},
	})
}

// addIntegratorPolicy makes the IoT policy that an integrator attaches to a certificate of its own: it may
// watch what all charge points say and are told, what happens to them, take their vendors' data, and call them. Its client ids
// begin with the stack's name, because whoever connects with the id of another client ends that one's connection. Nothing in the
// stack uses it.
func (b *backend) addIntegratorPolicy() {
	statement := func(effect string, actions []string, resources ...string) map[string]any {
		arns := make([]*string, 0, len(resources))
		for _, resource := range resources {
			arns = append(arns, b.arn("iot", resource))
		}
		return map[string]any{"Effect": effect, "Action": actions, "Resource": arns}
	}
	allow := func(actions []string, resources ...string) map[string]any {
		return statement("Allow", actions, resources...)
	}
	awsiot.NewCfnPolicy(b.stack, jsii.String("Policy"), &awsiot.CfnPolicyProps{
		PolicyName: b.name("Policy"),
		PolicyDocument: map[string]any{
			"Version": "2012-10-17",
			"Statement": []any{
				allow([]string{"iot:Connect"}, "client/"+*b.name("*")),
				allow([]string{"iot:Subscribe"}, "topicfilter/*/in", "topicfilter/*/out", "topicfilter/*/data/*", "topicfilter/ocpp/*"),
				allow([]string{"iot:Receive"}, "topic/*/in", "topic/*/out", "topic/*/data/*", "topic/ocpp/*"),
				allow([]string{"iot:Publish"}, "topic/*/out"),
				// A star takes slashes in: $aws/rules/<rule>/…/out would hand a message to any rule of the account, such as a thing event of
				// an invented Thing to ThingEvents (Basic Ingest).
				statement("Deny", []string{"iot:Publish"}, "topic/$aws/*"),
			},
		},
	})
}
