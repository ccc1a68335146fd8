package websocketapi

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/serverless-ocpp/backend/local/fault"
)

// received hands a message to the function of its route. What happens to one message does not hold up the
// next, unless very many are under way; the times of receipt are in the order of the messages.
func (c *connection) received(body []byte) {
	at := time.Now()
	c.api.config.OnMessage(Message{ConnectionID: c.id, FromClient: true, Body: body})
	if !c.api.stage.Take() || !c.api.requests.Take() {
		c.tell("Too Many Requests", newID()) // the text of this frame is not documented
		return
	}
	routeKey, route, exists := c.api.route(body)
	if !exists {
		c.tell("Forbidden", newID())
		return
	}
	f := c.fault(fault.Message)
	switch f.Kind {
	case fault.Throttle:
		c.tell("Too Many Requests", newID())
		return
	case fault.Error:
		c.tell("Internal server error", newID())
		return
	case fault.Cut:
		c.cut()
	}
	c.underWay <- struct{}{}
	c.api.alive.Go(func() {
		defer func() { <-c.underWay }()
		c.api.late(f.Delay)
		c.dispatch(routeKey, route, string(body), at)
	})
}

// dispatch runs the function of a message. No route response is configured, so what
// the function answers is dropped; when it fails the client is told, and stays connected.
func (c *connection) dispatch(routeKey string, route Route, body string, at time.Time) {
	e := event{RequestContext: c.context(routeKey, "MESSAGE", at), Body: &body}
	e.RequestContext.MessageID = newID()
	c.api.config.Logger.Debug("message", "connectionId", c.id, "routeKey", routeKey, "bytes", len(body),
		"requestId", e.RequestContext.RequestID)
	if _, failed := c.api.integrate(route, e); failed != nil {
		c.api.config.Logger.Warn("message failed", "connectionId", c.id, "routeKey", routeKey,
			"requestId", e.RequestContext.RequestID, "status", failed.status, "error", failed.reason)
		c.tell("Internal server error", e.RequestContext.RequestID)
	}
}

// tell sends the gateway's own error frame to the client. It is lost when the
// client does not read.
func (c *connection) tell(message, requestID string) {
	// Three strings always encode.
	frame, _ := json.Marshal(struct {
		Message      string `json:"message"`
		ConnectionID string `json:"connectionId"`
		RequestID    string `json:"requestId"`
	}{message, c.id, requestID})
	if !c.send(frame) {
		c.api.config.Logger.Debug("error frame dropped", "connectionId", c.id, "requestId", requestID)
	}
}

// route selects a route as the selection expression says; what selects none of the
// others goes to $default.
func (a *API) route(body []byte) (key string, route Route, exists bool) {
	if path, found := strings.CutPrefix(a.config.RouteSelection, "$request.body."); found {
		key = lookUp(body, strings.Split(path, "."))
	}
	if route, exists = a.config.Routes[key]; exists && !strings.HasPrefix(key, "$") {
		return key, route, true
	}
	route, exists = a.config.Routes["$default"]
	return "$default", route, exists
}

// lookUp finds a string inside of nested JSON objects, or "". An OCPP message is a
// JSON array and has none.
func lookUp(raw []byte, path []string) string {
	for _, name := range path {
		var object map[string]json.RawMessage
		if err := json.Unmarshal(raw, &object); err != nil {
			return ""
		}
		raw = object[name]
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return ""
	}
	return text
}
