package cloud

import (
	"cmp"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"time"

	"github.com/serverless-ocpp/backend/local/count"
	"github.com/serverless-ocpp/backend/local/eventsource"
	"github.com/serverless-ocpp/backend/local/lambda"
	"github.com/serverless-ocpp/backend/local/template"
)

// mostBatches is how many batches of a queue are under way at once. All functions share the processes of one machine: with as
// many batches as AWS allows, a backlog would take them from those that answer charge points, in batches of one message.
const mostBatches = 4

// briskBatches is how many of them do not wait for anything but processors. What waits in a queue is answered already, so that it leaves
// half of them to what is not; and the fewer batches there are at once, the more messages are in each.
func briskBatches() int { return max(1, runtime.NumCPU()/2) }

// pollingActions are what Lambda does to a queue in the role of the function that it polls for.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
var pollingActions = []string{"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}

func (c *Cloud) startEventSources() error {
	mappings, err := c.template.EventSourceMappings()
	if err != nil {
		return err
	}
	for _, mapping := range mappings {
		if mapping.Disabled {
			continue
		}
		if err := c.startEventSource(mapping); err != nil {
			return fmt.Errorf("event source mapping of %s: %w", mapping.Function, err)
		}
	}
	return nil
}

func (c *Cloud) startEventSource(mapping template.EventSourceMapping) error {
	queue, ok := c.declaredQueues[mapping.QueueARN]
	if !ok {
		return fmt.Errorf("the template has no queue %s", mapping.QueueARN)
	}
	for _, action := range pollingActions {
		if err := mayDo(c.roles[mapping.Function], action, mapping.QueueARN); err != nil {
			return err
		}
		c.directory.Used(mapping.Function, c.roles[mapping.Function], action, mapping.QueueARN)
	}
	var visibility time.Duration
	if seconds := queue.Attributes["VisibilityTimeout"]; seconds != "" {
		number, err := strconv.Atoi(seconds)
		if err != nil {
			return fmt.Errorf("the visibility timeout of %s is %q, not a number of seconds", queue.Name, seconds)
		}
		visibility = time.Duration(number) * time.Second
	}
	// What an earlier run that was killed had received, nobody holds any more.
	if err := c.queues.ReturnInFlight(queue.Name); err != nil {
		return err
	}
	running, err := eventsource.Start(eventsource.Config{
		Queue:                   queue.Name,
		QueueARN:                queue.ARN,
		Function:                mapping.Function,
		BatchSize:               mapping.BatchSize,
		BatchingWindow:          mapping.Window,
		ReportBatchItemFailures: mapping.PartialFailures,
		MaximumConcurrency:      batchesAtOnce(mapping.MaximumConcurrency),
		BriskConcurrency:        briskBatches(),
		VisibilityTimeout:       visibility,
		Throttled:               func(err error) bool { return errors.Is(err, lambda.ErrThrottled) || errors.Is(err, lambda.ErrService) },
		Logger:                  c.log,
		Faults:                  c.faults,
	}, count.Queues{Queues: c.queues, Counter: c.counter}, c.functions)
	if err != nil {
		return err
	}
	c.onClose("event source mapping of "+mapping.Function, func() error { running.Close(); return nil })
	return nil
}

// batchesAtOnce is the concurrency of a mapping, of which the template says declared; 0 is nothing.
func batchesAtOnce(declared int) int {
	return min(cmp.Or(declared, mostBatches), mostBatches)
}
