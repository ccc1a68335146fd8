package websocketapi

import (
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// event is what API Gateway sends to a function. Maps are absent when they are
// empty. The shapes follow recorded events of real APIs.
type event struct {
	Type                            string              `json:"type,omitempty"`      // authorizer only
	MethodARN                       string              `json:"methodArn,omitempty"` // authorizer only
	Headers                         map[string]string   `json:"headers,omitempty"`
	MultiValueHeaders               map[string][]string `json:"multiValueHeaders,omitempty"`
	QueryStringParameters           map[string]string   `json:"queryStringParameters,omitempty"`
	MultiValueQueryStringParameters map[string][]string `json:"multiValueQueryStringParameters,omitempty"`
	RequestContext                  requestContext      `json:"requestContext"`
	Body                            *string             `json:"body,omitempty"` // messages only
	IsBase64Encoded                 bool                `json:"isBase64Encoded"`
}

type requestContext struct {
	RouteKey             string          `json:"routeKey"`
	Authorizer           json.RawMessage `json:"authorizer,omitempty"`
	MessageID            string          `json:"messageId,omitempty"`
	DisconnectStatusCode int             `json:"disconnectStatusCode,omitempty"`
	EventType            string          `json:"eventType"` // CONNECT, MESSAGE, DISCONNECT
	ExtendedRequestID    string          `json:"extendedRequestId"`
	RequestTime          string          `json:"requestTime"` // 19/Feb/2024:07:21:46 +0000
	MessageDirection     string          `json:"messageDirection"`
	DisconnectReason     *string         `json:"disconnectReason,omitempty"`
	Stage                string          `json:"stage"`
	ConnectedAt          int64           `json:"connectedAt"`      // Unix milliseconds
	RequestTimeEpoch     int64           `json:"requestTimeEpoch"` // Unix milliseconds
	Identity             identity        `json:"identity"`
	RequestID            string          `json:"requestId"`
	DomainName           string          `json:"domainName"`
	ConnectionID         string          `json:"connectionId"`
	APIID                string          `json:"apiId"`
}

type identity struct {
	UserAgent string `json:"userAgent,omitempty"`
	SourceIP  string `json:"sourceIp"`
}

// requestTime is API Gateway's form of a time in requestContext.
const requestTime = "02/Jan/2006:15:04:05 -0700"

// context fills in what all events of a connection have. now is when the gateway received what the event tells of.
func (c *connection) context(routeKey, eventType string, now time.Time) requestContext {
	requestID := newID()
	return requestContext{
		RouteKey:          routeKey,
		Authorizer:        c.authorizer,
		EventType:         eventType,
		ExtendedRequestID: requestID,
		RequestTime:       now.UTC().Format(requestTime),
		MessageDirection:  "IN",
		Stage:             c.api.config.Stage,
		ConnectedAt:       c.connectedAt.UnixMilli(),
		RequestTimeEpoch:  now.UnixMilli(),
		Identity:          c.identity,
		RequestID:         requestID,
		DomainName:        c.api.config.DomainName,
		ConnectionID:      c.id,
		APIID:             c.api.config.APIID,
	}
}

// connectEvent is the event of a handshake, for the authorizer and for $connect.
func (c *connection) connectEvent(r *http.Request) event {
	e := event{RequestContext: c.context("$connect", "CONNECT", time.Now())}
	e.MultiValueHeaders = connectHeaders(r, c.api.config.DomainName)
	e.Headers = lastValues(e.MultiValueHeaders)
	// A query that cannot be parsed keeps the parameters that can.
	query, _ := url.ParseQuery(r.URL.RawQuery)
	e.MultiValueQueryStringParameters = query
	e.QueryStringParameters = lastValues(query)
	return e
}

// connectHeaders are the client's headers without those of the connection itself,
// and the ones that the gateway adds.
func connectHeaders(r *http.Request, domainName string) map[string][]string {
	headers := map[string][]string{}
	for name, values := range r.Header {
		switch name {
		case "Connection", "Upgrade":
		default:
			headers[headerName(name)] = values
		}
	}
	forwarded := append([]string(nil), r.Header.Values("X-Forwarded-For")...)
	forwarded = append(forwarded, sourceIP(r))
	headers["Host"] = []string{domainName}
	headers["X-Forwarded-For"] = []string{strings.Join(forwarded, ", ")}
	headers["X-Forwarded-Port"] = []string{"443"}
	headers["X-Forwarded-Proto"] = []string{"https"}
	return headers
}

// headerName undoes what net/http makes of a handshake's own headers. API Gateway
// passes names as the client wrote them, which net/http does not keep.
func headerName(name string) string {
	if rest, found := strings.CutPrefix(name, "Sec-Websocket-"); found {
		return "Sec-WebSocket-" + rest
	}
	return name
}

func lastValues(values map[string][]string) map[string]string {
	last := make(map[string]string, len(values))
	for name, all := range values {
		last[name] = all[len(all)-1]
	}
	return last
}

func sourceIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// encode makes JSON of an event, which consists of nothing that could not be encoded.
func (e event) encode() []byte {
	encoded, _ := json.Marshal(e)
	return encoded
}
