package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/jsii-runtime-go"

	"github.com/serverless-ocpp/backend/shared/metric"
)

// fullWidth is the number of columns of a dashboard.
const fullWidth = 24

// addDashboard shows a stack on one page: charge points at the top, what they say and are told, then the machinery. It
// has at most fifty metrics: a dashboard of more costs three dollars a month, where the first three of an account are free.
func (b *backend) addDashboard() {
	dashboard := awscloudwatch.NewDashboard(b.stack, jsii.String("Dashboard"), &awscloudwatch.DashboardProps{
		DashboardName: jsii.String(b.unprefixed()),
	})
	row := func(widgets ...awscloudwatch.IWidget) { dashboard.AddWidgets(widgets...) }
	dead := []string{deadIncomingMessages, deadTimers, deadCampaigns, deadIoTEvents}
	var errors, throttles, durations, letters, ages []awscloudwatch.IMetric
	for _, f := range functions {
		errors = append(errors, b.ofFunction("Errors", f.name, sum))
	}
	for _, function := range gates {
		throttles = append(throttles, b.ofFunction("Throttles", function, sum))
	}
	for _, function := range answering {
		durations = append(durations, b.ofFunction("Duration", function, p99))
	}
	for _, queue := range dead {
		letters = append(letters, b.ofQueue("ApproximateNumberOfMessagesVisible", queue, maximum))
	}
	for _, queue := range []string{incomingMessages, timers, campaigns} {
		ages = append(ages, b.ofQueue("ApproximateAgeOfOldestMessage", queue, maximum))
	}

	row(
		graph("Charge points connected", 3, b.own(metric.ActiveConnections, metric.By{}, maximum)),
		graph("Canary: 1 is served", 3, b.own(metric.Canary, metric.By{}, minimum)),
		graph("Refused connections, and messages against their schema", 3,
			b.own(metric.RefusedConnections, metric.By{}, sum), b.own(metric.Violations, metric.By{}, sum),
			b.own(metric.Excess, metric.By{}, sum)),
	)
	row(
		graph("Messages from charge points, answers, commands that ended", 3,
			b.own(metric.Messages, metric.By{}, sum), b.own(metric.Answers, metric.By{}, sum), b.own(metric.Commands, metric.By{}, sum)),
		graph("Answers: ms", 3, b.own(metric.AnswerLatency, metric.By{}, p50), b.own(metric.AnswerLatency, metric.By{}, p99),
			b.own(metric.HandlerLatency, metric.By{}, p99)),
		graph("Ends of connections", 3, b.own(metric.Disconnects, metric.By{}, sum),
			b.own(metric.Disconnects, metric.By{Dimension: "Code", Value: "1001"}, sum), b.own(metric.Disconnects, metric.By{Dimension: "Code", Value: "1006"}, sum),
			b.own(metric.Disconnects, metric.By{Dimension: "Code", Value: "1009"}, sum)),
	)
	row(
		graph("Messages in dead letter queues", 3, letters...),
		graph("Age of the oldest message: s", 3, ages...),
		graph("Processing: ms", 3, b.own(metric.ProcessingLatency, metric.By{}, p50), b.own(metric.ProcessingLatency, metric.By{}, p99)),
	)
	row(
		graph("Errors of functions", 3, errors...),
		graph("Throttles of functions", 3, throttles...),
		graph("Duration of functions: ms, p99", 3, durations...),
	)
	row(
		graph("WebSocket API: connects, messages", 2, ofAPI("ConnectCount", b.webSocket.ApiId(), sum), ofAPI("MessageCount", b.webSocket.ApiId(), sum)),
		graph("HTTP API: calls, errors", 2, ofAPI("Count", b.httpID, sum), ofAPI("4xx", b.httpID, sum), ofAPI("5xx", b.httpID, sum)),
	)
}

// graph is a widget in a row of so many.
func graph(title string, inRow int, metrics ...awscloudwatch.IMetric) awscloudwatch.IWidget {
	return awscloudwatch.NewGraphWidget(&awscloudwatch.GraphWidgetProps{
		Title: &title, Width: jsii.Number(fullWidth / inRow), Height: jsii.Number(6), Left: &metrics,
	})
}
