package cloud

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"
)

// A watch knows which charge point is behind each connection and what it is talking about, for the log alone. It learns
// names from the events of $connect, in whose context the authorizer has left its finding.
type watch struct {
	log *slog.Logger

	mu          sync.Mutex
	connections map[string]*watched // by connection id
}

// watched is one connection.
type watched struct {
	chargePointID string
	reason        string // why the authorizer wants it refused; "" when it does not
	open          map[callKey]call
}

// refusedFor is how long the name of a refused connection is kept, for the lines that are still to come about it.
const refusedFor = 10 * time.Second

func newWatch(log *slog.Logger) *watch {
	return &watch{log: log, connections: map[string]*watched{}}
}

// through returns an invoker that lets the watch see the events of some functions: those of $connect and $disconnect.
func (w *watch) through(functions invoker, connect, disconnect string) invoker {
	return watchedInvoker{watch: w, functions: functions, connect: connect, disconnect: disconnect}
}

type watchedInvoker struct {
	watch               *watch
	functions           invoker
	connect, disconnect string
}

func (i watchedInvoker) Invoke(ctx context.Context, function string, event []byte) ([]byte, string, error) {
	switch function {
	case i.connect:
		id := i.watch.greet(event)
		answer, functionError, err := i.functions.Invoke(ctx, function, event)
		if err != nil || functionError != "" || !accepts(answer) {
			time.AfterFunc(refusedFor, func() { i.watch.forget(id) })
		}
		return answer, functionError, err
	case i.disconnect:
		defer i.watch.forget(connectionOf(event).ID)
	}
	return i.functions.Invoke(ctx, function, event)
}

// accepts reports whether $connect's answer opens the connection.
func accepts(answer []byte) bool {
	var proxy struct{ StatusCode int }
	return json.Unmarshal(answer, &proxy) == nil && proxy.StatusCode/100 == 2
}

type connectionContext struct {
	ID         string `json:"connectionId"`
	Authorizer struct {
		ChargePointID string `json:"chargePointId"`
		Status        string `json:"status"`
		Reason        string `json:"reason"`
	} `json:"authorizer"`
}

// connectionOf reads the context of a WebSocket event. An event in another shape belongs to no connection.
func connectionOf(event []byte) connectionContext {
	var proxy struct {
		RequestContext connectionContext `json:"requestContext"`
	}
	if json.Unmarshal(event, &proxy) != nil {
		return connectionContext{}
	}
	return proxy.RequestContext
}

func (w *watch) greet(event []byte) (connectionID string) {
	connection := connectionOf(event)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.connections[connection.ID] = &watched{
		chargePointID: connection.Authorizer.ChargePointID,
		reason:        connection.Authorizer.Reason,
		open:          map[callKey]call{},
	}
	return connection.ID
}

func (w *watch) forget(connectionID string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.connections, connectionID)
}

// named returns a logger whose records about a connection tell the charge point too, and why it was refused.
func (w *watch) named() *slog.Logger {
	return slog.New(namingHandler{Handler: w.log.Handler(), watch: w})
}

type namingHandler struct {
	slog.Handler
	watch *watch
}

func (h namingHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return namingHandler{h.Handler.WithAttrs(attrs), h.watch}
}

func (h namingHandler) WithGroup(name string) slog.Handler {
	return namingHandler{h.Handler.WithGroup(name), h.watch}
}

func (h namingHandler) Handle(ctx context.Context, record slog.Record) error {
	connectionID, refused := "", false
	record.Attrs(func(attr slog.Attr) bool {
		switch attr.Key {
		case "connectionId":
			connectionID = attr.Value.String()
		case "status":
			refused = true // only handshakes that failed have one
		}
		return true
	})
	h.watch.mu.Lock()
	known := h.watch.connections[connectionID]
	h.watch.mu.Unlock()
	if known != nil {
		record = record.Clone()
		record.AddAttrs(slog.String("chargePointId", known.chargePointID))
		if refused && known.reason != "" {
			record.AddAttrs(slog.String("reason", known.reason))
		}
	}
	return h.Handler.Handle(ctx, record)
}
