package queue

import (
	"context"
	"strconv"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/serverless-ocpp/backend/shared/awsfault"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// DeadLetters are the dead letter queues of the stack.
type DeadLetters struct {
	api  *sqs.Client
	urls []string
}

// NewDeadLetters takes the URLs of the queues.
func NewDeadLetters(api *sqs.Client, queueURLs []string) *DeadLetters {
	return &DeadLetters{api: api, urls: queueURLs}
}

// Letters are how many messages lie in a dead letter queue, those included that somebody is just looking at.
type Letters struct {
	Queue    string `json:"queue"`
	Messages int    `json:"messages"`
}

// Count asks every queue, in the order of their URLs. SQS counts with some seconds of delay.
func (d *DeadLetters) Count(ctx context.Context) ([]Letters, error) {
	found, failed := make([]Letters, len(d.urls)), make([]error, len(d.urls))
	var all sync.WaitGroup
	for i, url := range d.urls {
		all.Go(func() { found[i], failed[i] = d.count(ctx, url) })
	}
	all.Wait()
	for _, err := range failed {
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (d *DeadLetters) count(ctx context.Context, url string) (Letters, error) {
	letters := Letters{Queue: url[strings.LastIndexByte(url, '/')+1:]}
	wanted := []types.QueueAttributeName{types.QueueAttributeNameApproximateNumberOfMessages, types.QueueAttributeNameApproximateNumberOfMessagesNotVisible}
	answer, err := d.api.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: wanted})
	if err != nil {
		return letters, awsfault.Wrap(err, "queue %s does not say how much it holds", letters.Queue)
	}
	for _, name := range wanted {
		count, err := strconv.Atoi(answer.Attributes[string(name)])
		if err != nil {
			return letters, fault.Wrap(fault.Internal, err, "queue %s: %s", letters.Queue, name)
		}
		letters.Messages += count
	}
	return letters, nil
}
