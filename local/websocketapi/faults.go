package websocketapi

import (
	"cmp"
	"net/http"
	"time"

	"github.com/serverless-ocpp/backend/local/fault"
)

// fault asks for the fault of something that happens to a connection. Rules know it by the authorizer's principal, which is
// the charge point.
func (c *connection) fault(point fault.Point) fault.Fault {
	if !c.api.config.Faults.Active() {
		return fault.Fault{}
	}
	return c.api.config.Faults.At(point, fault.About{Resources: []string{c.principal}})
}

// refuseByFault delays a handshake, or answers it without running any function, and tells whether it did the latter.
func (a *API) refuseByFault(w http.ResponseWriter, c *connection, e event, f fault.Fault) bool {
	switch f.Kind {
	case fault.Throttle:
		a.throttle(w, "injected")
		return true
	case fault.Error:
		a.refuse(w, c, e, &refusal{status: http.StatusInternalServerError, reason: "injected"})
		return true
	case fault.Slow:
		a.late(f.Delay)
	}
	return false
}

// throttle answers a handshake that is one too many.
func (a *API) throttle(w http.ResponseWriter, why string) {
	a.config.Logger.Warn("handshake refused", "status", http.StatusTooManyRequests, "error", why)
	limitExceeded(w)
}

// late waits for something that is late, but not longer than the stage lives.
func (a *API) late(delay time.Duration) {
	if delay == 0 {
		return
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-a.closing:
	}
}

// limits are the connection's idle limit and its lifetime limit.
func (c *connection) limits() (idle, lifetime time.Duration) {
	idle = cmp.Or(c.fault(fault.Idle).Delay, c.api.config.IdleTimeout)
	lifetime = cmp.Or(c.fault(fault.Lifetime).Delay, c.api.config.Lifetime)
	return idle, lifetime
}

// breaks returns a channel that tells when the connection is to break; nil, which never tells, when it is not.
func (c *connection) breaks() (broken <-chan time.Time, stop func()) {
	f := c.fault(fault.Connection)
	if f.Kind != fault.Cut {
		return nil, func() {}
	}
	timer := time.NewTimer(f.Delay)
	return timer.C, func() { timer.Stop() }
}
