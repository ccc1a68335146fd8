package main

import (
	"strconv"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/customresources"
	"github.com/aws/jsii-runtime-go"
)

// addCustomResources does the things of a deployment for which CloudFormation has no resource. One
// function of the CDK, with one role, makes all calls.
func (b *backend) addCustomResources() {
	logGroup := b.addLogGroup("CustomResourcesLogGroup", "/aws/lambda/"+*b.name("CustomResources"))
	role := b.addRole("CustomResources", logGroup, grants["CustomResources"])
	call := func(id string, call *customresources.AwsSdkCall) customresources.AwsCustomResource {
		return customresources.NewAwsCustomResource(b.stack, &id, &customresources.AwsCustomResourceProps{
			// At an update too, and at creation for want of a call of its own. Never when the stack is destroyed.
			OnUpdate:            call,
			FunctionName:        b.name("CustomResources"),
			Role:                immutable(role),
			LogGroup:            logGroup,
			Timeout:             awscdk.Duration_Minutes(jsii.Number(2)),
			InstallLatestAwsSdk: jsii.Bool(false), // the one in the runtime knows both calls
		})
	}

	// Thing events are a switch of the whole account. Turning it off with this stack would take the events
	// away from other stacks, so it stays on.
	call("ThingEventsSwitch", &customresources.AwsSdkCall{
		Service:            jsii.String("Iot"),
		Action:             jsii.String("updateEventConfigurations"),
		Parameters:         map[string]any{"eventConfigurations": map[string]any{"THING": map[string]any{"Enabled": true}}},
		PhysicalResourceId: customresources.PhysicalResourceId_Of(jsii.String("ThingEvents")),
	})

	// The secrets between the edge and the authorizer. CloudFormation calls again only if these lines change, which
	// the version does. Two resources take turns, so that the secret before the present one stays what it was: while a
	// deployment is on its way through the edge, some of its places still send that one.
	secret := func(version int) *string {
		name := edgeSecretResources[version%2]
		return call(name, &customresources.AwsSdkCall{
			Service: jsii.String("SecretsManager"),
			Action:  jsii.String("getRandomPassword"), // free of charge, stores nothing
			Parameters: map[string]any{
				"PasswordLength":     64,
				"ExcludePunctuation": true, // it is the value of an HTTP header
			},
			OutputPaths:        jsii.Strings("RandomPassword"),
			PhysicalResourceId: customresources.PhysicalResourceId_Of(jsii.String("EdgeSecret" + strconv.Itoa(version))),
			Logging:            customresources.Logging_WithDataHidden(),
		}).GetResponseField(jsii.String("RandomPassword"))
	}
	b.edgeSecret, b.formerEdgeSecret = secret(b.properties.EdgeSecretVersion), jsii.String("")
	if former := b.properties.EdgeSecretVersion - 1; former > 0 {
		b.formerEdgeSecret = secret(former)
	}
}

// edgeSecretResources are those of even and odd versions.
var edgeSecretResources = [2]string{"EdgeSecretEven", "EdgeSecretOdd"}
