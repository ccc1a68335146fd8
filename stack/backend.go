package main

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"
)

// backend is the stack while it is being put together: what one part makes, later parts refer to. The
// fields stand in the order in which they are filled.
type backend struct {
	stack      awscdk.Stack
	properties Properties

	tables           map[string]awsdynamodb.Table // by name without the stack's, as all maps here
	queues           map[string]awssqs.Queue
	webSocket        awsapigatewayv2.WebSocketApi
	edgeSecret       *string // and the one before it, "" if there was none
	formerEdgeSecret *string
	edgeDomain       *string
	functions        map[string]awslambda.Function
	logGroups        map[string]awslogs.LogGroup // of functions
	httpID           *string
	httpURL          *string
}

// newBackend adds the whole stack to app. The error says which function has not been built.
func newBackend(app awscdk.App, properties Properties) (*backend, error) {
	if err := checkBuild(properties); err != nil {
		return nil, err
	}
	b := &backend{
		stack: awscdk.NewStack(app, &properties.StackName, &awscdk.StackProps{
			StackName:   &properties.StackName,
			Description: jsii.String("OCPP backend: charge points on API Gateway, handled by Lambda, commanded over HTTP and IoT Core"),
			Env:         &awscdk.Environment{Account: optional(properties.Account), Region: optional(properties.Region)},
			// The template is the same wherever it is synthesized; a metadata resource would differ.
			AnalyticsReporting:    jsii.Bool(false),
			TerminationProtection: &properties.TerminationProtection,
		}),
		properties: properties,
	}
	b.addTables()
	b.addQueues()
	b.addWebSocketAPI()
	b.addCustomResources()
	b.addEdge()
	b.addFunctions()
	b.addWebSocketRoutes()
	b.addEventSources()
	b.addSchedules()
	b.addHTTPAPI()
	b.addIoT()
	b.addAlarms()
	b.addDashboard()
	b.addQueries()
	b.addOutputs()
	return b, nil
}

// name is the physical name of a resource: every one begins with the name of the stack.
func (b *backend) name(suffix string) *string {
	return jsii.String(b.properties.StackName + "-" + suffix)
}

// arn is an ARN in the stack's own partition, Region and account, for what is no resource of the stack,
// such as an IoT topic.
func (b *backend) arn(service, resource string) *string {
	return jsii.String(strings.Join([]string{
		"arn", *b.stack.Partition(), service, *b.stack.Region(), *b.stack.Account(), resource,
	}, ":"))
}

// optional is nil for an empty text, which leaves the choice to the CDK.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
