package cloud

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/serverless-ocpp/backend/local/lambda"
	"github.com/serverless-ocpp/backend/local/sqs"
	"github.com/serverless-ocpp/backend/local/template"
)

func (c *Cloud) startQueues() error {
	queues, err := c.template.Queues()
	if err != nil {
		return err
	}
	c.queues, err = sqs.New(sqs.Config{
		Endpoint: c.addresses.AWS,
		Region:   Region,
		Account:  Account,
		Store:    c.stores.sqs,
		Logger:   c.log,
	})
	if err != nil {
		return fmt.Errorf("open the queues: %w", err)
	}
	c.onClose("queues", func() error { c.queues.Close(); return nil })
	// A dead letter queue must be there before the queue that names it.
	slices.SortStableFunc(queues, func(a, b template.Queue) int { return redrives(a) - redrives(b) })
	for _, queue := range queues {
		if err := c.queues.Declare(queue.Name, queue.Attributes, nil); err != nil {
			return fmt.Errorf("queue %s: %w", queue.Name, err)
		}
		c.declaredQueues[queue.ARN] = queue
	}
	return nil
}

func redrives(queue template.Queue) int {
	if queue.Attributes["RedrivePolicy"] == "" {
		return 0
	}
	return 1
}

// queueName takes the name out of a queue's ARN.
func queueName(arn string) (string, bool) {
	name, ok := strings.CutPrefix(arn, "arn:aws:sqs:"+Region+":"+Account+":")
	return name, ok
}

// sendDeadLetter does what Lambda does with an event that kept failing.
func (c *Cloud) sendDeadLetter(queue string, letter lambda.DeadLetter) error {
	text := func(value string) sqs.MessageAttribute {
		return sqs.MessageAttribute{DataType: "String", StringValue: value}
	}
	_, err := c.queues.Send(queue, string(letter.Event), sqs.WithAttributes(map[string]sqs.MessageAttribute{
		"RequestID":    text(letter.RequestID),
		"ErrorCode":    {DataType: "Number", StringValue: strconv.Itoa(letter.ErrorCode)},
		"ErrorMessage": text(orUnknown(letter.ErrorMessage)),
	}))
	return err
}

// orUnknown is there because SQS takes no empty attribute.
func orUnknown(message string) string {
	if message == "" {
		return "unknown"
	}
	return message
}
