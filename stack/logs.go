package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
)

// retentions are the numbers of days for which the stack lets log lines be kept, all of which CloudWatch
// Logs offers (PutRetentionPolicy).
var retentions = map[int]awslogs.RetentionDays{
	1:    awslogs.RetentionDays_ONE_DAY,
	3:    awslogs.RetentionDays_THREE_DAYS,
	7:    awslogs.RetentionDays_ONE_WEEK,
	14:   awslogs.RetentionDays_TWO_WEEKS,
	30:   awslogs.RetentionDays_ONE_MONTH,
	60:   awslogs.RetentionDays_TWO_MONTHS,
	90:   awslogs.RetentionDays_THREE_MONTHS,
	180:  awslogs.RetentionDays_SIX_MONTHS,
	365:  awslogs.RetentionDays_ONE_YEAR,
	731:  awslogs.RetentionDays_TWO_YEARS,
	1827: awslogs.RetentionDays_FIVE_YEARS,
	3653: awslogs.RetentionDays_TEN_YEARS,
}

// addLogGroup makes a log group that ends with the stack. Nothing writes to one that the stack does not
// know: it would be kept, and paid for, forever.
func (b *backend) addLogGroup(id, name string) awslogs.LogGroup {
	return awslogs.NewLogGroup(b.stack, &id, &awslogs.LogGroupProps{
		LogGroupName:  &name,
		Retention:     retentions[b.properties.LogRetentionDays],
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
}
