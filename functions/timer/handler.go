// Package main is what happens when a timer fires: a CALL that was not answered in time is given up, and
// commands that wait are sent. Timers are messages of a delayed queue; they come once or more often,
// hardly ever early, sometimes late, so each is only a reason to look at what the tables say now.
package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/invocation"
)

// Handler does what timers ask for.
type Handler struct {
	Dispatcher interface {
		Drained(ctx context.Context, timer command.Timer) error
		Deadline(ctx context.Context, timer command.Timer) error
		Abandoned(ctx context.Context, timer command.Timer) error
	}
}

// Handle does a batch. Only the records that failed come back: the queue hands them out again, and after
// five times to its dead letter queue. A timer that panics or takes too long is one that failed, and does
// not bring the others along.
func (h *Handler) Handle(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
	ctx, cancel := invocation.EndingBefore(ctx, timeToReturn)
	defer cancel()
	var response events.SQSEventResponse
	for _, record := range event.Records {
		if err := fault.Recovered(func() error { return h.fire(ctx, record.Body) }); err != nil {
			slog.ErrorContext(ctx, "timer failed", "queueMessageId", record.MessageId, "body", record.Body, "error", err)
			response.BatchItemFailures = append(response.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: record.MessageId})
		}
	}
	return response, nil
}

// timeToReturn is what is left of the invocation when work on the timers ends.
const timeToReturn = time.Second

func (h *Handler) fire(ctx context.Context, body string) error {
	var timer command.Timer
	if err := json.Unmarshal([]byte(body), &timer); err != nil {
		return fault.Wrap(fault.Malformed, err, "the queue message is no timer")
	}
	if timer.ChargePointID == "" {
		return fault.New(fault.Malformed, "the timer lacks chargePointId")
	}
	switch timer.Kind {
	case command.TimerDeadline:
		if timer.CommandID == "" {
			return fault.New(fault.Malformed, "the deadline of charge point %s lacks commandId", timer.ChargePointID)
		}
		return h.Dispatcher.Deadline(ctx, timer)
	case command.TimerAbandoned:
		if timer.CommandID == "" {
			return fault.New(fault.Malformed, "what charge point %s abandoned lacks commandId", timer.ChargePointID)
		}
		return h.Dispatcher.Abandoned(ctx, timer)
	case command.TimerDrain:
		return h.Dispatcher.Drained(ctx, timer)
	}
	return fault.New(fault.Malformed, "charge point %s: there is no timer of kind %q", timer.ChargePointID, timer.Kind)
}
