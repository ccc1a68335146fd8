package lambda

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/serverless-ocpp/backend/local/fault"
)

// How an asynchronous event that was throttled, or met an error of Lambda's own, is tried again: Lambda backs off from one
// second to five minutes, for at most six hours.
const (
	firstBackoff = time.Second
	maxBackoff   = 5 * time.Minute
	maxEventAge  = 6 * time.Hour
)

// maxErrorMessage is what of an error fits into a dead letter's ErrorMessage.
const maxErrorMessage = 1 << 10

// EventStore keeps asynchronous events until they have succeeded or become dead
// letters. A durable.Bucket is one.
type EventStore interface {
	Put(key string, value []byte) error
	Delete(key string) error
	ForEach(visit func(key string, value []byte) error) error
}

// asyncEvent is an event that Lambda has accepted without anybody waiting for its answer.
type asyncEvent struct {
	RequestID string    `json:"requestId"` // the same for every attempt
	Function  string    `json:"function"`
	Event     []byte    `json:"event"`
	Accepted  time.Time `json:"accepted"`
	Failures  int       `json:"failures"` // attempts in which the function ran and failed
}

// InvokeAsync takes event for function and returns at once. An event that fails is
// repeated twice, after the pauses of Config.AsyncRetryDelays; one that failed for
// good goes to the function's DeadLetter, or is dropped with an error in the log.
func (h *Host) InvokeAsync(function string, event []byte) {
	accepted := asyncEvent{
		RequestID: uuid.NewString(),
		Function:  function,
		Event:     bytes.Clone(event),
		Accepted:  time.Now(),
	}
	h.keep(accepted)
	h.deliverLater(accepted)
}

// Resume takes up the asynchronous events that an earlier host left in Config.Events.
// Call it once, when everything that the functions call is there.
func (h *Host) Resume() error {
	if h.config.Events == nil {
		return nil
	}
	var left []asyncEvent
	err := h.config.Events.ForEach(func(requestID string, value []byte) error {
		var event asyncEvent
		if err := json.Unmarshal(value, &event); err != nil {
			return fmt.Errorf("asynchronous event %s cannot be read: %w", requestID, err)
		}
		left = append(left, event)
		return nil
	})
	for _, event := range left {
		h.deliverLater(event)
	}
	return err
}

func (h *Host) deliverLater(event asyncEvent) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return
	}
	h.events.Go(func() { h.deliver(event) })
}

// deliver tries an event until it succeeds, is given up, or the host closes.
func (h *Host) deliver(event asyncEvent) {
	fn := h.functions[event.Function]
	if fn == nil {
		h.config.Logger.Error("asynchronous event for a function that does not exist",
			"function", event.Function, "requestId", event.RequestID)
		h.forget(event)
		return
	}
	backoff := firstBackoff
	for {
		answer, functionError, err := h.invoke(h.ctx, event.Function, event.RequestID, event.Event)
		switch {
		case h.ctx.Err() != nil || errors.Is(err, ErrClosed):
			return // stays in the store for the next host
		case errors.Is(err, ErrThrottled), errors.Is(err, ErrService):
			if time.Since(event.Accepted) > maxEventAge {
				code := 429
				if errors.Is(err, ErrService) {
					code = 500
				}
				h.giveUp(fn, event, code, err.Error())
				return
			}
			pause(h.ctx, backoff)
			backoff = min(2*backoff, maxBackoff)
		case err != nil:
			h.giveUp(fn, event, 400, err.Error())
			return
		case functionError == "":
			h.forget(event)
			return
		default:
			event.Failures++
			if event.Failures > fn.retries() {
				h.giveUp(fn, event, 200, errorMessage(answer))
				return
			}
			h.keep(event)
			delay := h.retryDelay(event)
			h.config.Logger.Warn("asynchronous event failed", "function", event.Function,
				"requestId", event.RequestID, "failures", event.Failures, "retryIn", delay, "error", errorMessage(answer))
			pause(h.ctx, delay)
		}
	}
}

// giveUp makes an event a dead letter.
func (h *Host) giveUp(fn *function, event asyncEvent, code int, message string) {
	h.config.Logger.Error("asynchronous event given up", "function", event.Function,
		"requestId", event.RequestID, "failures", event.Failures, "deadLetter", fn.DeadLetter != nil, "error", message)
	if fn.DeadLetter != nil {
		fn.DeadLetter(DeadLetter{
			Event:        event.Event,
			RequestID:    event.RequestID,
			ErrorCode:    code,
			ErrorMessage: message[:min(len(message), maxErrorMessage)],
		})
	}
	h.forget(event)
}

// retryDelay is the pause after the failures of an event; the last one of the
// configured pauses repeats.
func (h *Host) retryDelay(event asyncEvent) time.Duration {
	if f := h.config.Faults.At(fault.Retry, fault.About{Name: event.Function}); f.Kind == fault.Shorten {
		return f.Delay
	}
	delays := h.config.AsyncRetryDelays
	if len(delays) == 0 {
		return 0
	}
	return delays[min(event.Failures, len(delays))-1]
}

func (h *Host) keep(event asyncEvent) {
	if h.config.Events == nil {
		return
	}
	value, err := json.Marshal(event)
	if err == nil {
		err = h.config.Events.Put(event.RequestID, value)
	}
	if err != nil {
		h.config.Logger.Error("asynchronous event is not kept and will not survive a restart",
			"function", event.Function, "requestId", event.RequestID, "error", err)
	}
}

func (h *Host) forget(event asyncEvent) {
	if h.config.Events == nil {
		return
	}
	if err := h.config.Events.Delete(event.RequestID); err != nil {
		h.config.Logger.Error("asynchronous event is done and will run again after a restart",
			"function", event.Function, "requestId", event.RequestID, "error", err)
	}
}

// errorMessage is the readable part of Lambda's error object.
func errorMessage(answer []byte) string {
	var failed struct {
		Message string `json:"errorMessage"`
	}
	if err := json.Unmarshal(answer, &failed); err != nil || failed.Message == "" {
		return string(answer)
	}
	return failed.Message
}

// pause waits for the given time or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
