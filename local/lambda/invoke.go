package lambda

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/serverless-ocpp/backend/local/fault"
)

// Lambda's payload limits, in bytes.
const (
	maxRequest      = 6 << 20     // synchronous
	maxAsyncRequest = 1 << 20     // asynchronous
	maxResponse     = 6<<20 + 100 // 6 MiB and a hundred bytes, as Lambda's own error says
)

// Invoke gives event to function and waits for its answer.
//
// functionError is "Unhandled" when the function ran and failed, and answer is then
// Lambda's error object {"errorType","errorMessage",…}. err tells that nothing ran or
// that nobody waited: ErrNotFound, ErrThrottled, ErrService, ErrRequestTooLarge, ErrInvalidJSON,
// ErrClosed, or the error of ctx, which does not stop a function that has begun.
func (h *Host) Invoke(ctx context.Context, function string, event []byte) (answer []byte, functionError string, err error) {
	return h.invoke(ctx, function, uuid.NewString(), event)
}

func (h *Host) invoke(ctx context.Context, name, requestID string, event []byte) ([]byte, string, error) {
	fn := h.functions[name]
	if fn == nil {
		return nil, "", fmt.Errorf("%w: %s", ErrNotFound, h.config.arn(name))
	}
	if len(event) > maxRequest {
		return nil, "", fmt.Errorf("%w: %d bytes for %s, the limit is %d", ErrRequestTooLarge, len(event), name, maxRequest)
	}
	if len(event) == 0 {
		event = []byte("{}") // what Lambda passes for an empty payload
	}
	if !json.Valid(event) {
		return nil, "", fmt.Errorf("%w: event for %s", ErrInvalidJSON, name)
	}
	inv := &invocation{
		requestID: requestID,
		traceID:   traceID(),
		event:     event,
		arrived:   time.Now(),
		done:      make(chan outcome, 1),
	}
	if prevented, out := h.goesWrong(ctx, fn, inv); prevented {
		return out.answer, out.functionError, out.err
	}
	var took time.Duration
	if h.config.Meter != nil {
		h.config.Meter.Began(inv.traceID, requestID, name, event)
		defer func() { h.config.Meter.Ended(inv.traceID, fn.MemoryMB, took) }()
	}
	if err := h.submit(fn, inv); err != nil {
		return nil, "", err
	}
	select {
	case out := <-inv.done:
		if !inv.began.IsZero() {
			took = time.Since(inv.began)
		}
		h.config.Logger.Debug("function ended", "function", name, "requestId", requestID,
			"duration", time.Since(inv.arrived), "functionError", out.functionError, "error", out.err)
		return out.answer, out.functionError, out.err
	case <-ctx.Done():
		h.abandon(fn, inv)
		return nil, "", fmt.Errorf("invoking %s: %w", name, ctx.Err())
	}
}

// submit gives an invocation to an idle instance or puts it in line.
func (h *Host) submit(fn *function, inv *invocation) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return ErrClosed
	}
	if limit := fn.ReservedConcurrency; limit != nil && fn.running >= *limit {
		return fmt.Errorf("%w: %s has a reserved concurrency of %d", ErrThrottled, fn.Name, *limit)
	}
	fn.running++
	if inv.fault == fault.Cold {
		h.retireIdle(fn)
	}
	fn.waiting = append(fn.waiting, inv)
	if len(fn.idle) > 0 && !h.crowded(fn) {
		fn.wake()
		return nil
	}
	h.startInstances()
	return nil
}

// abandon takes an invocation out of the line. One that runs goes on: Lambda does
// not stop a function whose caller has left.
func (h *Host) abandon(fn *function, inv *invocation) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if at := slices.Index(fn.waiting, inv); at >= 0 {
		fn.waiting = slices.Delete(fn.waiting, at, at+1)
		fn.running--
	}
}

// traceID makes an X-Ray trace header for an event that nobody samples.
func traceID() string {
	id := uuid.New()
	return fmt.Sprintf("Root=1-%s-%x;Parent=%x;Sampled=0", strconv.FormatInt(time.Now().Unix(), 16), id[:12], id[8:16])
}
