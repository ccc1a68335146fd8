package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/jsii-runtime-go"

	"github.com/serverless-ocpp/backend/shared/metric"
)

// Statistics of CloudWatch.
const (
	sum     = "Sum"
	minimum = "Minimum"
	maximum = "Maximum"
	p50     = "p50"
	p99     = "p99"
)

// own is a metric that the functions of this stack write, by one value of a second dimension or by none.
func (b *backend) own(name metric.Name, by metric.By, statistic string) awscloudwatch.Metric {
	dimensions := map[string]*string{"Stack": &b.properties.StackName}
	if by.Dimension != "" {
		dimensions[by.Dimension] = &by.Value
	}
	return measured(metric.Namespace, string(name), dimensions, statistic)
}

// ofFunction is a metric of Lambda, such as Errors.
func (b *backend) ofFunction(name, function, statistic string) awscloudwatch.Metric {
	return measured("AWS/Lambda", name, map[string]*string{"FunctionName": b.name(function)}, statistic)
}

// ofQueue is a metric of SQS, such as ApproximateAgeOfOldestMessage.
func (b *backend) ofQueue(name, queue, statistic string) awscloudwatch.Metric {
	return measured("AWS/SQS", name, map[string]*string{"QueueName": b.name(queue)}, statistic)
}

// ofAPI is a metric of one of the two APIs of API Gateway.
func ofAPI(name string, apiID *string, statistic string) awscloudwatch.Metric {
	return measured("AWS/ApiGateway", name, map[string]*string{"ApiId": apiID}, statistic)
}

func measured(namespace, name string, dimensions map[string]*string, statistic string) awscloudwatch.Metric {
	return awscloudwatch.NewMetric(&awscloudwatch.MetricProps{
		Namespace:     &namespace,
		MetricName:    &name,
		DimensionsMap: &dimensions,
		Statistic:     &statistic,
		Period:        awscdk.Duration_Minutes(jsii.Number(5)),
	})
}
