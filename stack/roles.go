package main

import (
	"regexp"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"
)

// addRole makes the role of one function: the grants, and writing to its own log group, as one inline
// policy. Roles have no physical name of their own, because IAM knows no Regions: the same stack in two
// Regions would clash. CloudFormation begins the name with that of the stack.
func (b *backend) addRole(function string, logGroup awslogs.LogGroup, allowed []grant) awsiam.Role {
	// The ARN of a log group ends in :*, which stands for its own streams.
	ownLogs := grant{
		resource{arn: func(*backend) *string { return logGroup.LogGroupArn() }},
		to("logs:CreateLogStream", "logs:PutLogEvents"),
	}
	return b.addServiceRole(function+"Role", awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil), append([]grant{ownLogs}, allowed...))
}

func (b *backend) addServiceRole(id string, assumedBy awsiam.IPrincipal, allowed []grant) awsiam.Role {
	policy := awsiam.NewPolicyDocument(nil)
	for _, g := range allowed {
		policy.AddStatements(b.statement(g))
	}
	role := awsiam.NewRole(b.stack, &id, &awsiam.RoleProps{
		AssumedBy:      assumedBy,
		InlinePolicies: &map[string]awsiam.PolicyDocument{"Grants": policy},
	})
	for _, g := range allowed {
		if g.on.wildcard != "" {
			accept(role, suppression{rule: "AwsSolutions-IAM5", reason: g.on.wildcard, finding: "^Resource::" + b.pattern(g.on) + "$"})
		}
	}
	return role
}

// immutable is a role to which the CDK adds nothing.
func immutable(role awsiam.Role) awsiam.IRole { return role.WithoutPolicyUpdates(nil) }

func (b *backend) statement(g grant) awsiam.PolicyStatement {
	return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Actions:   jsii.Strings(g.actions...),
		Resources: jsii.Strings(*g.on.arn(b)),
	})
}

// tokens of the CDK stand in an ARN for what only CloudFormation knows, such as the account.
var cdkTokens = regexp.MustCompile(`\\\$\\\{Token\\\[[^}]*\\\}`)

// pattern is a regular expression of the ARN of a resource, whatever account and Region it ends in.
func (b *backend) pattern(on resource) string {
	return cdkTokens.ReplaceAllString(regexp.QuoteMeta(*on.arn(b)), ".+")
}
