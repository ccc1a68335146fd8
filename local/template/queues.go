package template

import (
	"encoding/json"
	"fmt"
)

// A Queue is an SQS queue. Its Attributes are those of CreateQueue, with a RedrivePolicy in JSON.
type Queue struct {
	Name       string
	ARN        string
	URL        string
	Attributes map[string]string
}

// queueAttributes are the properties that CreateQueue takes under the same names.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
var queueAttributes = []string{
	"ContentBasedDeduplication", "DeduplicationScope", "DelaySeconds", "FifoQueue", "FifoThroughputLimit",
	"KmsMasterKeyId", "MaximumMessageSize", "MessageRetentionPeriod", "ReceiveMessageWaitTimeSeconds",
	"SqsManagedSseEnabled", "VisibilityTimeout",
}

// Queues returns the queues in the order of their logical ids.
func (t *Template) Queues() ([]Queue, error) {
	var queues []Queue
	for _, r := range t.ofType("AWS::SQS::Queue") {
		queue, err := t.queue(r)
		if err != nil {
			return nil, fmt.Errorf("resource %s (%s): %w", r.logicalID, r.Type, err)
		}
		queues = append(queues, queue)
	}
	return queues, nil
}

func (t *Template) queue(r *resource) (queue Queue, err error) {
	if queue.Name, err = t.physicalName(r); err != nil {
		return queue, err
	}
	if queue.ARN, err = t.fill(r, kinds[r.Type].attributes["Arn"]); err != nil {
		return queue, err
	}
	if queue.URL, err = t.fill(r, kinds[r.Type].ref); err != nil {
		return queue, err
	}
	queue.Attributes = map[string]string{}
	for _, name := range queueAttributes {
		if value, given := r.Properties[name]; given {
			if queue.Attributes[name], err = t.resolveText(value); err != nil {
				return queue, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	if redrive, given := r.Properties["RedrivePolicy"]; given {
		resolved, err := t.resolve(redrive)
		if err != nil {
			return queue, fmt.Errorf("RedrivePolicy: %w", err)
		}
		document, err := json.Marshal(resolved)
		if err != nil {
			return queue, fmt.Errorf("RedrivePolicy: %w", err)
		}
		queue.Attributes["RedrivePolicy"] = string(document)
	}
	return queue, nil
}
