package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awseventstargets"
	"github.com/aws/jsii-runtime-go"
)

// canaryMinutes is how often the synthetic charge point visits. Each visit costs about as much as ten messages of a
// charge point, so that a month of them costs a few cents.
const canaryMinutes = 5

func (b *backend) addSchedules() {
	awsevents.NewRule(b.stack, jsii.String("CanarySchedule"), &awsevents.RuleProps{
		RuleName:    b.name("CanarySchedule"),
		Description: jsii.String("Visits of the synthetic charge point"),
		Schedule:    awsevents.Schedule_Rate(awscdk.Duration_Minutes(jsii.Number(canaryMinutes))),
		Enabled:     jsii.Bool(b.properties.Canary),
		Targets: &[]awsevents.IRuleTarget{
			// No second try: the next visit comes soon, and the metric is to tell what this one met.
			awseventstargets.NewLambdaFunction(b.functions["Canary"], &awseventstargets.LambdaFunctionProps{RetryAttempts: jsii.Number(0)}),
		},
	})
}
