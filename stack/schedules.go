package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awseventstargets"
	"github.com/aws/jsii-runtime-go"
)

// Minutes between two visits of the synthetic charge point, and between two counts. A visit costs about as much as ten
// messages of a charge point, so that a month of them costs a few cents; a count of nothing costs sixteen reads.
const (
	canaryMinutes = 5
	censusMinutes = 5
)

func (b *backend) addSchedules() {
	b.addSchedule("Canary", "Visits of the synthetic charge point", canaryMinutes, b.properties.Canary)
	b.addSchedule("Census", "Counts of the connected charge points", censusMinutes, true)
}

func (b *backend) addSchedule(function, description string, minutes float64, enabled bool) {
	name := function + "Schedule"
	awsevents.NewRule(b.stack, &name, &awsevents.RuleProps{
		RuleName:    b.name(name),
		Description: &description,
		Schedule:    awsevents.Schedule_Rate(awscdk.Duration_Minutes(&minutes)),
		Enabled:     &enabled,
		Targets: &[]awsevents.IRuleTarget{
			// No second try: the next one comes soon, and the metric is to tell what this one met.
			awseventstargets.NewLambdaFunction(b.functions[function], &awseventstargets.LambdaFunctionProps{RetryAttempts: jsii.Number(0)}),
		},
	})
}
