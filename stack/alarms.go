package main

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatchactions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssnssubscriptions"
	"github.com/aws/jsii-runtime-go"

	"github.com/serverless-ocpp/backend/shared/metric"
)

// alarm goes off when a metric is on the wrong side of a threshold in all of some five-minute periods.
type alarm struct {
	name      string // after <stack>-OCPP-
	metric    awscloudwatch.Metric
	threshold float64
	below     bool    // the metric has to stay at the threshold or above; otherwise at it or below
	periods   float64 // of five minutes
	silence   bool    // no data is as bad as the wrong data
	lasting   bool    // no data leaves the alarm as it is; otherwise it says that all is well

	happened string // a sentence
	remedy   string // what to do first, a sentence
	heading  string // of docs/troubleshooting.md, as an anchor
}

const (
	slowAnswer     = 2000 // ms; charge points give up after 30 s or so, people in front of them earlier
	manyRefusals   = 100  // in five minutes: a fleet without its keys, or somebody who tries
	longWait       = 300  // seconds; what waits for a retry waits for two minutes
	longTimersWait = 900 + longWait
)

// answering are the functions whose failure is felt at once and tried again by nobody here: each has an alarm for errors.
// What the others fail at comes again, and then is a dead letter; Canary has an alarm of its own, and without Census a
// metric stands still. An alarm costs ten cents a month, used or not.
var answering = []string{"Authorize", "Connect", "Message", "Disconnect", "Api"}

// gates are the functions that the first handshake and the first message start. An account that runs as many functions as
// it may turns these away first.
var gates = []string{"Authorize", "Message"}

// alarms are what an operator is woken for.
func (b *backend) alarms() []alarm {
	var all []alarm
	for _, queue := range []string{deadIncomingMessages, deadTimers, deadCampaigns, deadIoTEvents} {
		all = append(all, alarm{
			name: plain(queue), metric: b.ofQueue("ApproximateNumberOfMessagesVisible", queue, maximum), threshold: 0, periods: 1,
			// Six hours after anybody did something with a queue, SQS stops to say how much it holds (Amazon SQS developer
			// guide, "Monitoring queues using CloudWatch"): the letters are still there.
			lasting:  true,
			happened: fmt.Sprintf("The dead letter queue %s is not empty: something could not be handled in several tries.", *b.name(queue)),
			remedy:   "Find the cause in the log, then put the messages back with scripts/redrive.sh.",
			heading:  "alarm-dead-letters",
		})
	}
	for _, waiting := range []struct {
		queue   string
		seconds float64
	}{{incomingMessages, longWait}, {timers, longTimersWait}, {campaigns, longTimersWait}} {
		all = append(all, alarm{
			name: "Age-" + plain(waiting.queue), metric: b.ofQueue("ApproximateAgeOfOldestMessage", waiting.queue, maximum), threshold: waiting.seconds, periods: 2,
			happened: fmt.Sprintf("A message has waited in %s for more than %.0f seconds.", *b.name(waiting.queue), waiting.seconds),
			remedy:   "Look for errors and throttles of the function behind the queue.",
			heading:  "alarm-messages-wait-too-long",
		})
	}
	for _, function := range answering {
		all = append(all, alarm{
			name: "Errors-" + function, metric: b.ofFunction("Errors", function, sum), threshold: 0, periods: 1,
			happened: fmt.Sprintf("The function %s failed, or ran out of time.", *b.name(function)),
			remedy:   "Run the saved query " + b.unprefixed() + "-Errors of CloudWatch Logs Insights.",
			heading:  "alarm-a-function-fails",
		})
	}
	for _, function := range gates {
		all = append(all, alarm{
			name: "Throttles-" + function, metric: b.ofFunction("Throttles", function, sum), threshold: 0, periods: 1,
			happened: fmt.Sprintf("Lambda did not start the function %s, because the account runs as many as it may.", *b.name(function)),
			remedy:   "Ask AWS for more concurrent executions in Service Quotas.",
			heading:  "alarm-a-function-is-throttled",
		})
	}
	all = append(all, alarm{
		name: "MessagesNotStored", metric: b.own(metric.Answers, metric.By{Dimension: "Result", Value: "InternalError"}, sum), threshold: 0, periods: 1,
		happened: "A charge point was told to repeat a message, because it could not be stored.",
		remedy:   "Look in the log of " + *b.name("Message") + " for \"message is not safe in the journal\".",
		heading:  "alarm-messages-are-not-stored",
	}, alarm{
		name: "AnswerLatency", metric: b.own(metric.AnswerLatency, metric.By{}, p99), threshold: slowAnswer, periods: 3,
		happened: fmt.Sprintf("One of a hundred answers to charge points takes longer than %d ms.", slowAnswer),
		remedy:   "Run the saved query " + b.unprefixed() + "-SlowAnswers, and look for throttled tables.",
		heading:  "alarm-answers-are-slow",
	}, alarm{
		name: "RefusedConnections", metric: b.own(metric.RefusedConnections, metric.By{}, sum), threshold: manyRefusals, periods: 1,
		happened: fmt.Sprintf("More than %d connections of charge points were refused in five minutes.", manyRefusals),
		remedy:   "Run the saved query " + b.unprefixed() + "-RefusedConnections: it tells the reasons.",
		heading:  "alarm-connections-are-refused",
	}, alarm{
		name: "MessagesTooBig", metric: b.own(metric.Disconnects, metric.By{Dimension: "Code", Value: "1009"}, sum), threshold: 0, periods: 1,
		happened: "API Gateway closed a connection with code 1009: a frame was larger than 32 KB, or a message than 128 KB.",
		remedy:   "Find the charge point with the saved query " + b.unprefixed() + "-Disconnects, and ask for smaller reports.",
		heading:  "alarm-connections-closed-with-1009",
	})
	if b.properties.Canary {
		all = append(all, alarm{
			name: "Canary", metric: b.own(metric.Canary, metric.By{}, minimum), threshold: 1, below: true, periods: 3, silence: true,
			happened: "The synthetic charge point was not served three times in a row: real ones are not served either.",
			remedy:   "Read the last lines in the log of " + *b.name("Canary") + ": they tell which step failed.",
			heading:  "alarm-the-canary-is-not-served",
		})
	}
	return all
}

// addAlarms makes the alarms and the topic that they write to.
func (b *backend) addAlarms() {
	if !b.properties.Alarms {
		return
	}
	topic := awssns.NewTopic(b.stack, jsii.String("Alarms"), &awssns.TopicProps{
		TopicName: b.name("Alarms"), DisplayName: b.name("Alarms"), EnforceSSL: jsii.Bool(true),
	})
	// The default policy of a topic lets alarms of the account write to it; EnforceSSL replaces that.
	topic.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String("cloudwatch.amazonaws.com"), nil)},
		Actions:    jsii.Strings("sns:Publish"),
		Resources:  jsii.Strings(*topic.TopicArn()),
		Conditions: &map[string]any{
			"ArnLike":      map[string]any{"aws:SourceArn": b.arn("cloudwatch", "alarm:"+*b.name("OCPP-*"))},
			"StringEquals": map[string]any{"aws:SourceAccount": b.stack.Account()},
		},
	}))
	accept(topic, suppression{
		rule:   "AwsSolutions-SNS2",
		reason: "CloudWatch cannot use the key of AWS for SNS; a key of the stack's own would cost a dollar a month. Alarms hold no secrets.",
	})
	if email := b.properties.AlarmEmail; email != "" {
		topic.AddSubscription(awssnssubscriptions.NewEmailSubscription(&email, nil))
	}
	action := awscloudwatchactions.NewSnsAction(topic)
	for _, a := range b.alarms() {
		made := awscloudwatch.NewAlarm(b.stack, jsii.String("Alarm"+a.name), &awscloudwatch.AlarmProps{
			AlarmName:          b.name("OCPP-" + a.name),
			AlarmDescription:   jsii.String(a.happened + " " + a.remedy + " See docs/troubleshooting.md#" + a.heading),
			Metric:             a.metric,
			Threshold:          &a.threshold,
			EvaluationPeriods:  &a.periods,
			ComparisonOperator: a.comparison(),
			TreatMissingData:   a.missing(),
		})
		made.AddAlarmAction(action)
		made.AddOkAction(action)
	}
}

func (a alarm) comparison() awscloudwatch.ComparisonOperator {
	if a.below {
		return awscloudwatch.ComparisonOperator_LESS_THAN_THRESHOLD
	}
	return awscloudwatch.ComparisonOperator_GREATER_THAN_THRESHOLD
}

func (a alarm) missing() awscloudwatch.TreatMissingData {
	switch {
	case a.silence:
		return awscloudwatch.TreatMissingData_BREACHING
	case a.lasting:
		return awscloudwatch.TreatMissingData_IGNORE
	}
	return awscloudwatch.TreatMissingData_NOT_BREACHING
}

// plain is the name of a queue without the ending of FIFO queues.
func plain(queue string) string { return strings.TrimSuffix(queue, ".fifo") }

// defaultStack is the name of a stack for which none is chosen.
const defaultStack = "AwsOcppGatewayStack"

// unprefixed begins the names that people look for without knowing the stack: the dashboard, and saved queries.
func (b *backend) unprefixed() string {
	if b.properties.StackName == defaultStack {
		return "OCPP-Gateway"
	}
	return "OCPP-Gateway-" + b.properties.StackName
}
