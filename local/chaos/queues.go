package chaos

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// The queues that must run dry, and where their messages go that cannot be handled.
var (
	workQueues   = []string{"IncomingMessages.fifo", "Timers", "Campaigns"}
	redrivable   = []string{"DeadLetterQueueForIncomingMessages.fifo", "DeadLetterQueueForTimers", "DeadLetterQueueForCampaigns"}
	eventsLetter = "DeadLetterQueueForIoTEvents"
)

func (s *system) url(queue string) *string {
	return new(s.addresses.AWS + "/000000000000/" + stack + queue)
}

// left counts what is in the queues that must run dry: waiting, and being handled.
func (s *system) left(ctx context.Context) (map[string]int, error) {
	all := map[string]int{}
	for _, queue := range workQueues {
		n, err := s.depth(ctx, queue)
		if err != nil {
			return nil, err
		}
		all[queue] = n
	}
	return all, nil
}

func (s *system) depth(ctx context.Context, queue string) (int, error) {
	read, err := s.queues.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: s.url(queue), AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll}})
	if err != nil {
		return 0, fmt.Errorf("queue %s: %w", queue, err)
	}
	return count(read.Attributes, "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
}

// hidden is how long a dead letter is out of sight while it is read.
const hidden = 1

// deadLetters reads all dead letters, and leaves them where they are.
func (s *system) deadLetters(ctx context.Context) (map[string][]string, error) {
	all := map[string][]string{}
	for _, queue := range append([]string{eventsLetter}, redrivable...) {
		want, err := s.depth(ctx, queue)
		if err != nil {
			return nil, err
		}
		seen := map[string]bool{}
		for empty := 0; len(seen) < want && empty < 5; {
			got, err := s.queues.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: s.url(queue), MaxNumberOfMessages: 10, VisibilityTimeout: 20 * hidden, WaitTimeSeconds: hidden})
			if err != nil {
				return nil, fmt.Errorf("read %s: %w", queue, err)
			}
			if len(got.Messages) == 0 {
				empty++
			}
			for _, m := range got.Messages {
				if !seen[*m.MessageId] {
					seen[*m.MessageId] = true
					all[queue] = append(all[queue], *m.Body)
				}
			}
		}
	}
	return all, nil
}

// redrive puts dead letters back to where they came from, and returns how many.
func (s *system) redrive(ctx context.Context) (moved int, err error) {
	for _, queue := range redrivable {
		n, err := s.depth(ctx, queue)
		if err != nil {
			return moved, err
		}
		if n == 0 {
			continue
		}
		arn := "arn:aws:sqs:us-east-1:000000000000:" + stack + queue
		if _, err := s.queues.StartMessageMoveTask(ctx, &sqs.StartMessageMoveTaskInput{SourceArn: &arn}); err != nil {
			return moved, fmt.Errorf("redrive %s: %w", queue, err)
		}
		moved += n
	}
	return moved, nil
}
