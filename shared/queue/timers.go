package queue

import (
	"context"
	"encoding/json"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/serverless-ocpp/backend/shared/awsfault"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// Timers is the standard queue of that name, whose messages are delayed one by one.
type Timers struct {
	to  sender
	url string
}

// NewTimers takes the URL of the queue.
func NewTimers(api *sqs.Client, queueURL string) *Timers {
	return &Timers{to: newSender(api), url: queueURL}
}

var _ command.Timers = (*Timers)(nil)

// maxDelay is the longest delay of an SQS message.
const maxDelay = 900 * time.Second

// After implements command.Timers. The delay is rounded up to a whole second, one below zero is none;
// fault.Invalid if it is longer than 15 minutes.
func (t *Timers) After(ctx context.Context, delay time.Duration, timer command.Timer) error {
	if delay > maxDelay {
		return fault.New(fault.Invalid, "a timer of %s for charge point %s is too long: a queue message waits %s at most", delay, timer.ChargePointID, maxDelay)
	}
	body, err := json.Marshal(timer)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "the timer of charge point %s cannot be written as JSON", timer.ChargePointID)
	}
	seconds := (max(delay, 0) + time.Second - 1) / time.Second
	err = t.to.send(ctx, message{QueueURL: t.url, Body: string(body), DelaySeconds: int(seconds)})
	if err != nil {
		return awsfault.Wrap(err, "queue %s did not take a timer of charge point %s", t.url, timer.ChargePointID)
	}
	return nil
}
