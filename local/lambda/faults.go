package lambda

import (
	"context"
	"errors"
	"fmt"

	"github.com/serverless-ocpp/backend/local/fault"
)

// errKilled is what a process says that was killed, as os/exec tells it.
var errKilled = errors.New("signal: killed")

// goesWrong asks for the fault of an invocation. Those that happen before an instance has the event are done here; when the
// event does not even get there, prevented is true and out is what the invoker learns.
func (h *Host) goesWrong(ctx context.Context, fn *function, inv *invocation) (prevented bool, out outcome) {
	f := h.config.Faults.At(fault.Function, fault.About{Name: fn.Name})
	switch f.Kind {
	case fault.Throttle:
		return true, outcome{err: fmt.Errorf("%w: %s", ErrThrottled, fn.Name)}
	case fault.Error:
		return true, outcome{err: fmt.Errorf("%w: %s", ErrService, fn.Name)}
	case fault.Fail:
		return true, failure("Runtime.Unknown", fmt.Sprintf("RequestId: %s Error: Unknown application error occurred", inv.requestID))
	case fault.Slow, fault.Cold:
		if f.Delay > 0 {
			pause(ctx, f.Delay)
		}
		if err := ctx.Err(); err != nil {
			return true, outcome{err: fmt.Errorf("invoking %s: %w", fn.Name, err)}
		}
	}
	inv.fault = f.Kind
	return false, outcome{}
}

// retireIdle ends a function's unused instances, so that the next event has to wait for a new one. h.mu is held.
func (h *Host) retireIdle(fn *function) {
	for len(fn.idle) > 0 {
		h.discard(fn.idle[0], outcome{})
	}
}

// die kills the instance if it still has that event.
func (i *instance) die(inv *invocation) {
	i.host.mu.Lock()
	defer i.host.mu.Unlock()
	if i.current == inv {
		i.killed()
	}
}

// killed kills a busy instance as if by an outside hand. Host.mu is held.
func (i *instance) killed() {
	i.host.config.Logger.Debug("function killed", "function", i.fn.Name, "requestId", i.current.requestID, "pid", i.pid)
	i.host.discard(i, exited(i.current.requestID, errKilled))
	i.host.startInstances()
}

// CallArrived counts an AWS call of the invocation with that trace id and returns its number, from 1. It is 0 when there is no
// such invocation, or it has ended.
func (h *Host) CallArrived(trace string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	inst := h.working(trace)
	if inst == nil {
		return 0
	}
	inst.current.calls++
	return inst.current.calls
}

// Kill kills the process that works on the invocation with that trace id, and tells whether there is one. The invoker learns
// that the runtime exited.
func (h *Host) Kill(trace string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	inst := h.working(trace)
	if inst == nil {
		return false
	}
	inst.killed()
	return true
}

// working finds the instance with that invocation, or nil. h.mu is held.
func (h *Host) working(trace string) *instance {
	for _, fn := range h.functions {
		for inst := range fn.instances {
			if inst.current != nil && inst.current.traceID == trace {
				return inst
			}
		}
	}
	return nil
}
