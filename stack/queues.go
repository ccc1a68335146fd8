package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"
)

// The queues, by name without the stack's. Names of FIFO queues end in .fifo.
const (
	incomingMessages     = "IncomingMessages.fifo" // the journal of what charge points sent
	deadIncomingMessages = "DeadLetterQueueForIncomingMessages.fifo"
	timers               = "Timers" // what is to happen later: ends of calls, queues to drain
	deadTimers           = "DeadLetterQueueForTimers"
	campaigns            = "Campaigns" // steps of campaigns, and the ends of their commands
	deadCampaigns        = "DeadLetterQueueForCampaigns"
	deadIoTEvents        = "DeadLetterQueueForIoTEvents" // what the IoT rules or their functions could not handle
)

const (
	receivesBeforeDeath = 5  // with the visibility timeout, ten minutes of retries
	longestRetention    = 14 // days, the limit of SQS: what an operator has to look at waits as long as it can
)

func (b *backend) addQueues() {
	b.queues = make(map[string]awssqs.Queue)
	b.addQueue(deadIncomingMessages, &awssqs.QueueProps{Fifo: jsii.Bool(true), RetentionPeriod: days(longestRetention)})
	b.addQueue(deadTimers, &awssqs.QueueProps{RetentionPeriod: days(longestRetention)})
	b.addQueue(deadCampaigns, &awssqs.QueueProps{RetentionPeriod: days(longestRetention)})
	b.addQueue(deadIoTEvents, &awssqs.QueueProps{RetentionPeriod: days(longestRetention)})
	b.addQueue(incomingMessages, &awssqs.QueueProps{
		Fifo: jsii.Bool(true),
		// High-throughput mode: per charge point instead of 300 messages a second for the whole fleet.
		DeduplicationScope:  awssqs.DeduplicationScope_MESSAGE_GROUP,
		FifoThroughputLimit: awssqs.FifoThroughputLimit_PER_MESSAGE_GROUP_ID,
		VisibilityTimeout:   b.visibilityFor("OCPPMessageProcessor"),
		DeadLetterQueue:     b.deadLetters(deadIncomingMessages),
	})
	b.addQueue(timers, &awssqs.QueueProps{
		VisibilityTimeout: b.visibilityFor("Timer"),
		DeadLetterQueue:   b.deadLetters(deadTimers),
	})
	b.addQueue(campaigns, &awssqs.QueueProps{
		VisibilityTimeout: b.visibilityFor("Campaign"),
		DeadLetterQueue:   b.deadLetters(deadCampaigns),
	})
	accept(b.queues[deadIoTEvents], suppression{
		rule:   "AwsSolutions-SQS3",
		reason: "It is a dead letter queue itself, of the IoT rules and of the asynchronous invocations of two functions.",
	})
}

func (b *backend) addQueue(name string, props *awssqs.QueueProps) {
	props.QueueName = b.name(name)
	props.EnforceSSL = jsii.Bool(true)
	props.Encryption = awssqs.QueueEncryption_SQS_MANAGED
	b.queues[name] = awssqs.NewQueue(b.stack, logicalID(name), props)
}

func (b *backend) deadLetters(name string) *awssqs.DeadLetterQueue {
	return &awssqs.DeadLetterQueue{Queue: b.queues[name], MaxReceiveCount: jsii.Number(receivesBeforeDeath)}
}

// visibilityFor is six times the timeout of the function that reads the queue, as AWS advises, so that
// a message does not come back while Lambda still retries its batch.
func (b *backend) visibilityFor(function string) awscdk.Duration {
	return seconds(6 * b.timeoutOf(functionNamed(function)))
}

func days(n float64) awscdk.Duration { return awscdk.Duration_Days(&n) }

func seconds(n float64) awscdk.Duration { return awscdk.Duration_Seconds(&n) }
