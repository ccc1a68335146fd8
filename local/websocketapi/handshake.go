package websocketapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"

	"github.com/serverless-ocpp/backend/local/fault"
)

// refusal is a handshake that did not become a connection.
type refusal struct {
	status int
	reason string // for the log; a client is told the status only
}

// ServeHTTP answers a handshake. The only path there is is /{stage}: API Gateway
// answers a deeper one 403 without running any function.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if path, err := url.PathUnescape(r.URL.EscapedPath()); err != nil || path != "/"+a.config.Stage {
		a.config.Logger.Info("handshake refused", "status", http.StatusForbidden, "path", r.URL.Path,
			"error", "the path is not /"+a.config.Stage)
		writeError(w, http.StatusForbidden, "ForbiddenException", map[string]string{"message": "Forbidden"})
		return
	}
	if status, message := checkUpgrade(r); status != 0 {
		writeError(w, status, "BadRequestException", map[string]string{"message": message})
		return
	}
	if !a.connects.Take() {
		a.throttle(w, fmt.Sprintf("more than %g new connections per second", a.config.ConnectRate))
		return
	}
	if !a.stage.Take() {
		a.throttle(w, fmt.Sprintf("more than %g requests of this stage per second", a.config.StageRate))
		return
	}
	a.handshake(w, r)
}

// checkUpgrade tells with which status a request is answered that is no WebSocket
// handshake, or 0. The 426 is what API Gateway answers a plain GET; the 400s are
// RFC 6455's, section 4.2.1.
func checkUpgrade(r *http.Request) (status int, message string) {
	key := r.Header.Values("Sec-WebSocket-Key")
	switch {
	case !r.ProtoAtLeast(1, 1), r.Method != http.MethodGet,
		!hasToken(r.Header, "Connection", "upgrade"), !hasToken(r.Header, "Upgrade", "websocket"):
		return http.StatusUpgradeRequired, "Upgrade Required"
	case r.Header.Get("Sec-WebSocket-Version") != "13":
		return http.StatusBadRequest, "Sec-WebSocket-Version must be 13"
	case len(key) != 1 || len(strings.TrimSpace(key[0])) != 24: // 16 bytes in base64
		return http.StatusBadRequest, "Sec-WebSocket-Key must be one value of 16 bytes"
	}
	return 0, ""
}

func hasToken(header http.Header, name, token string) bool {
	for _, value := range header.Values(name) {
		for part := range strings.SplitSeq(value, ",") {
			if strings.EqualFold(strings.TrimSpace(part), token) {
				return true
			}
		}
	}
	return false
}

// handshake asks authorizer and $connect, and opens the connection if both agree.
// What they do is not stopped when the client leaves meanwhile.
func (a *API) handshake(w http.ResponseWriter, r *http.Request) {
	r.Header.Set("X-Amzn-Trace-Id", traceID())
	c := newConnection(a, r)
	e := c.connectEvent(r)
	f := a.config.Faults.At(fault.Handshake, fault.About{})
	if a.refuseByFault(w, c, e, f) {
		return
	}
	if refused := c.authorize(r, e); refused != nil {
		a.refuse(w, c, e, refused)
		return
	}
	e.RequestContext.Authorizer = c.authorizer
	var subprotocol string
	if route, exists := a.config.Routes["$connect"]; exists {
		answer, failed := a.integrate(route, e)
		if failed != nil {
			a.refuse(w, c, e, failed)
			return
		}
		if answer.status < 200 || answer.status > 299 {
			a.config.Logger.Info("handshake refused by $connect", "connectionId", c.id, "status", answer.status)
			answer.write(w)
			return
		}
		subprotocol = answer.header.Get("Sec-WebSocket-Protocol")
	}
	if f.Kind == fault.Cut {
		a.config.Logger.Info("handshake cut", "connectionId", c.id)
		panic(http.ErrAbortHandler)
	}
	a.open(w, r, c, subprotocol)
}

// open answers 101. A subprotocol is told if $connect returned one, whether or not
// the client had offered it: API Gateway copies the header, and a client fails a
// connection with a subprotocol it does not know. Compression is never agreed on.
func (a *API) open(w http.ResponseWriter, r *http.Request, c *connection, subprotocol string) {
	if subprotocol != "" {
		w.Header()["Sec-WebSocket-Protocol"] = []string{subprotocol}
	}
	socket, err := websocket.Accept(&meteredWriter{w, c.frames}, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true, // API Gateway does not look at Origin
		CompressionMode:    websocket.CompressionDisabled,
	})
	if err != nil {
		a.config.Logger.Warn("handshake not completed", "connectionId", c.id, "error", err)
		return
	}
	socket.SetReadLimit(-1) // readMessage has the limit
	c.socket = socket
	if !a.begin(c) {
		// The client learns of the shutdown; there is nothing to do if it does not.
		_ = socket.Close(websocket.StatusGoingAway, "Going away")
		return
	}
	a.config.Logger.Info("connected", "connectionId", c.id, "sourceIp", c.identity.SourceIP, "subprotocol", subprotocol)
}

// refuse answers a handshake that failed in the gateway, with a body as of a failed message.
func (a *API) refuse(w http.ResponseWriter, c *connection, e event, why *refusal) {
	a.config.Logger.Warn("handshake refused", "connectionId", c.id, "status", why.status, "error", why.reason)
	message, code := "Internal server error", "InternalServerErrorException"
	switch why.status {
	case http.StatusUnauthorized:
		message, code = "Unauthorized", "UnauthorizedException"
	case http.StatusForbidden:
		message, code = "Forbidden", "ForbiddenException"
	case http.StatusGatewayTimeout:
		message, code = "Endpoint request timed out", "EndpointRequestTimedOutException"
	}
	writeError(w, why.status, code, map[string]string{
		"message": message, "connectionId": c.id, "requestId": e.RequestContext.RequestID})
}

// write answers with what $connect returned.
func (p proxyAnswer) write(w http.ResponseWriter) {
	for name, values := range p.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(p.body)))
	w.WriteHeader(p.status)
	// A client that has left gets no answer.
	_, _ = w.Write(p.body)
}

// writeError answers with JSON and the header by which AWS's clients tell errors apart.
func writeError(w http.ResponseWriter, status int, code string, body map[string]string) {
	w.Header()["x-amzn-ErrorType"] = []string{code}
	w.Header().Set("x-amzn-RequestId", uuid.NewString())
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if len(body) > 0 {
		// A client that has left gets no answer.
		_ = json.NewEncoder(w).Encode(body)
	}
}

// traceID makes an X-Ray trace header as the gateway adds it.
func traceID() string {
	id := uuid.New()
	return fmt.Sprintf("Root=1-%08x-%x", time.Now().Unix(), id[:12])
}
