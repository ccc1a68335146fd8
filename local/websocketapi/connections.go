package websocketapi

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/coder/websocket"

	"github.com/serverless-ocpp/backend/local/fault"
)

// Connections is the @connections API of a stage: POST, GET and DELETE on
// /{stage}/@connections/{connectionId}. It does not check signatures.
//
// See https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
type Connections struct {
	api *API
}

// Connections returns the @connections API of the stage.
func (a *API) Connections() *Connections { return &Connections{api: a} }

// IsConnectionsPath tells whether a request on the stage's host is for @connections
// and not a handshake.
func IsConnectionsPath(r *http.Request) bool {
	_, _, found := splitPath(r)
	return found
}

// splitPath takes stage and connection id out of a path whose segments arrive
// percent-escaped: AWS's clients escape "@" and the "=" of a connection id.
func splitPath(r *http.Request) (stage, connectionID string, found bool) {
	segments := strings.Split(strings.TrimPrefix(r.URL.EscapedPath(), "/"), "/")
	for i, escaped := range segments {
		segment, err := url.PathUnescape(escaped)
		if err != nil {
			return "", "", false
		}
		segments[i] = segment
	}
	if len(segments) != 3 || segments[1] != "@connections" {
		return "", "", false
	}
	return segments[0], segments[2], true
}

// ServeHTTP answers one call.
func (s *Connections) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	stage, id, found := splitPath(r)
	if !found || stage != s.api.config.Stage {
		writeError(w, http.StatusForbidden, "ForbiddenException", map[string]string{"message": "Forbidden"})
		return
	}
	if !s.api.requests.Take() {
		limitExceeded(w)
		return
	}
	c := s.api.find(id)
	if c == nil {
		// Unknown, closed, or still waiting for $connect. The real answer has no body either.
		writeError(w, http.StatusGone, "GoneException", nil)
		return
	}
	switch r.Method {
	case http.MethodPost:
		s.post(w, r, c)
	case http.MethodGet:
		s.get(w, c)
	case http.MethodDelete:
		s.api.config.Logger.Info("closing on request", "connectionId", c.id)
		// The code of a DELETE is not documented; normal closure is RFC 6455's word for it.
		c.closeAfterQueue(closure{websocket.StatusNormalClosure, "Connection closed by the server"})
		w.WriteHeader(http.StatusNoContent)
	default:
		writeError(w, http.StatusForbidden, "ForbiddenException", map[string]string{"message": "Forbidden"})
	}
}

// Break implements awsapi.Breaker.
func (s *Connections) Break(r *http.Request) {
	if _, id, found := splitPath(r); found {
		if c := s.api.find(id); c != nil {
			c.cut()
		}
	}
}

// post takes a message for the client. 200 means taken, not received.
func (s *Connections) post(w http.ResponseWriter, r *http.Request, c *connection) {
	message, err := io.ReadAll(io.LimitReader(r.Body, maxMessage+1))
	if err != nil {
		writeError(w, http.StatusBadRequest, "BadRequestException", map[string]string{"message": err.Error()})
		return
	}
	if len(message) > maxMessage {
		writeError(w, http.StatusRequestEntityTooLarge, "PayloadTooLargeException",
			map[string]string{"message": fmt.Sprintf("Message exceeds %d bytes", maxMessage)})
		return
	}
	if c.fault(fault.Post).Kind == fault.Cut {
		c.cut()
		w.WriteHeader(http.StatusOK) // the gateway has taken what it will not be able to deliver
		return
	}
	if !c.send(message) {
		s.api.config.Logger.Warn("client reads too slowly", "connectionId", c.id, "waiting", len(c.out))
		limitExceeded(w)
		return
	}
	w.WriteHeader(http.StatusOK)
}

func (s *Connections) get(w http.ResponseWriter, c *connection) {
	w.Header().Set("Content-Type", "application/json")
	// A caller that has left gets no answer; the body itself always encodes.
	_ = json.NewEncoder(w).Encode(struct {
		ConnectedAt  time.Time `json:"connectedAt"`
		Identity     identity  `json:"identity"`
		LastActiveAt time.Time `json:"lastActiveAt"`
	}{
		c.connectedAt.UTC().Truncate(time.Millisecond), c.identity,
		time.Unix(0, c.lastActive.Load()).UTC().Truncate(time.Millisecond),
	})
}

// Access names the IAM action and the resource of a call.
func (s *Connections) Access(r *http.Request, _ []byte) (action string, resources []string) {
	stage, id, _ := splitPath(r)
	config := s.api.config
	return "execute-api:ManageConnections", []string{fmt.Sprintf("arn:aws:execute-api:%s:%s:%s/%s/%s/@connections/%s",
		config.Region, config.AccountID, config.APIID, stage, r.Method, id)}
}

// Deny answers a call that IAM does not allow.
func (s *Connections) Deny(w http.ResponseWriter, _ *http.Request, message string) {
	writeError(w, http.StatusForbidden, "ForbiddenException", map[string]string{"message": message})
}

func limitExceeded(w http.ResponseWriter) {
	writeError(w, http.StatusTooManyRequests, "LimitExceededException", map[string]string{"message": "Too Many Requests"})
}
