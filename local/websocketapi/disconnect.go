package websocketapi

import (
	"time"

	"github.com/serverless-ocpp/backend/local/fault"
)

// disconnected hands the end of a connection to $disconnect, once. API Gateway does
// so as a best effort: nothing is repeated when it fails.
func (c *connection) disconnected(how closure) {
	c.api.config.Logger.Info("disconnected", "connectionId", c.id, "code", int(how.code), "reason", how.reason)
	route, exists := c.api.config.Routes["$disconnect"]
	if !exists {
		return
	}
	times := 1
	e := c.disconnectEvent(how)
	switch f := c.fault(fault.Disconnect); f.Kind {
	case fault.Lose:
		return
	case fault.Slow:
		c.api.late(f.Delay)
	case fault.Twice:
		times = 2
	}
	for range times {
		if _, failed := c.api.integrate(route, e); failed != nil {
			c.api.config.Logger.Warn("$disconnect failed", "connectionId", c.id, "error", failed.reason)
		}
	}
}

// disconnectEvent has the same few headers for every connection, empty but for the host.
func (c *connection) disconnectEvent(how closure) event {
	e := event{RequestContext: c.context("$disconnect", "DISCONNECT", time.Now())}
	e.RequestContext.DisconnectStatusCode = int(how.code)
	e.RequestContext.DisconnectReason = &how.reason
	e.MultiValueHeaders = map[string][]string{
		"Host": {c.api.config.DomainName}, "x-api-key": {""}, "X-Forwarded-For": {""}, "x-restapi": {""},
	}
	e.Headers = lastValues(e.MultiValueHeaders)
	return e
}
