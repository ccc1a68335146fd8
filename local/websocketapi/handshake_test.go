package websocketapi

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

func TestHandshakeResults(t *testing.T) {
	const allow = `{"principalId":"p","policyDocument":{"Statement":[{"Action":"execute-api:Invoke","Effect":"Allow","Resource":%q}]}%s}`
	policyFor := func(resource, rest string) string {
		return strings.Replace(strings.Replace(allow, "%q", `"`+resource+`"`, 1), "%s", rest, 1)
	}
	tests := []struct {
		name      string
		path      string
		authorize func(recorded) (string, string, error)
		connect   func(recorded) (string, string, error)
		status    int
		errorType string
		body      string // contained
	}{
		{name: "deeper path", path: "/ocpp/CP001", status: 403, errorType: "ForbiddenException", body: `{"message":"Forbidden"}`},
		{name: "other stage", path: "/prod", status: 403, errorType: "ForbiddenException"},
		{name: "no path", path: "/", status: 403, errorType: "ForbiddenException"},
		{name: "trailing slash", path: "/ocpp/", status: 403, errorType: "ForbiddenException"},

		{name: "authorizer denies", authorize: always(strings.Replace(policyFor("*", ""), "Allow", "Deny", 1)), status: 403, errorType: "ForbiddenException"},
		{name: "authorizer allows something else", authorize: always(policyFor("arn:aws:execute-api:us-east-1:000000000000:abcdef1234/ocpp/$default", "")), status: 403},
		{name: "Unauthorized", authorize: failing(`{"errorMessage":"Unauthorized","errorType":"errorString"}`), status: 401, errorType: "UnauthorizedException"},
		{name: "another error", authorize: failing(`{"errorMessage":"unauthorized","errorType":"errorString"}`), status: 500, errorType: "InternalServerErrorException"},
		{name: "authorizer says nothing", authorize: always(`{}`), status: 500},
		{name: "no principal", authorize: always(`{"policyDocument":{"Statement":[]}}`), status: 500},
		{name: "context is nested", authorize: always(policyFor("*", `,"context":{"a":{"b":1}}`)), status: 500},
		{name: "context is null", authorize: always(policyFor("*", `,"context":{"a":null}`)), status: 500},
		{name: "context too large", authorize: always(policyFor("*", `,"context":{"a":"`+strings.Repeat("x", 8<<10)+`"}`)), status: 500},
		{name: "authorizer cannot run", authorize: func(recorded) (string, string, error) { return "", "", errors.New("throttled") }, status: 500},

		{name: "connect answers 401", connect: always(`{"statusCode":401,"headers":{"WWW-Authenticate":"Basic"},"body":"who?"}`), status: 401, body: "who?"},
		{name: "connect answers 404", connect: always(`{"statusCode":"404","body":"bm9uZQ==","isBase64Encoded":true}`), status: 404, body: "none"},
		{name: "connect fails", connect: failing(`{"errorMessage":"x"}`), status: 502, errorType: "InternalServerErrorException", body: "Internal server error"},
		{name: "connect answers nonsense", connect: always(`"yes"`), status: 502},
		{name: "connect answers nothing", connect: always(`null`), status: 502},
		{name: "connect throttled", connect: func(recorded) (string, string, error) { return "", "", errors.New("throttled") }, status: 500},
		{name: "connect takes too long", connect: func(recorded) (string, string, error) {
			<-t.Context().Done()
			return ok, "", nil
		}, status: 504, errorType: "EndpointRequestTimedOutException"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newStage(t, func(c *Config, lambda *invoker) {
				c.Routes["$connect"] = Route{Function: "connect", Timeout: 100 * time.Millisecond}
				if test.authorize != nil {
					lambda.functions["authorize"] = test.authorize
				}
				if test.connect != nil {
					lambda.functions["connect"] = test.connect
				}
			})
			path := test.path
			if path == "" {
				path = "/ocpp"
			}
			response, body := s.refused(t, path, nil)
			if response.StatusCode != test.status {
				t.Errorf("status %d, want %d", response.StatusCode, test.status)
			}
			if test.errorType != "" && response.Header.Get("x-amzn-ErrorType") != test.errorType {
				t.Errorf("x-amzn-ErrorType %q, want %q", response.Header.Get("x-amzn-ErrorType"), test.errorType)
			}
			if !strings.Contains(body, test.body) {
				t.Errorf("body %s, want %s", body, test.body)
			}
			if test.path != "" && len(s.of("authorize")) != 0 {
				t.Error("a function ran")
			}
		})
	}
}

func TestConnectHeadersReachTheClient(t *testing.T) {
	s := newStage(t, func(_ *Config, lambda *invoker) {
		lambda.functions["connect"] = always(`{"statusCode":401,"headers":{"www-authenticate":"Basic realm=\"x\""},"multiValueHeaders":{"X-Many":["a","b"]}}`)
	})
	response, _ := s.refused(t, "/ocpp", nil)
	if got := response.Header.Get("WWW-Authenticate"); got != `Basic realm="x"` {
		t.Errorf("WWW-Authenticate %q", got)
	}
	if got := response.Header.Values("X-Many"); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("X-Many %q", got)
	}
}

func TestIdentitySources(t *testing.T) {
	s := newStage(t, func(c *Config, _ *invoker) {
		c.Authorizer.IdentitySources = []string{"route.request.header.Authorization", "route.request.querystring.id"}
	})
	authorized := http.Header{"Authorization": {"Basic eDp5"}}
	if response, _ := s.refused(t, "/ocpp?id=1", nil); response.StatusCode != 401 {
		t.Errorf("status %d without the header, want 401", response.StatusCode)
	}
	if response, _ := s.refused(t, "/ocpp", authorized); response.StatusCode != 401 {
		t.Errorf("status %d without the query, want 401", response.StatusCode)
	}
	if n := len(s.of("authorize")); n != 0 {
		t.Errorf("the authorizer ran %d times", n)
	}
	socket, _, err := websocket.Dial(context.Background(), s.url("/ocpp?id=1"), &websocket.DialOptions{HTTPHeader: authorized})
	if err != nil {
		t.Fatal(err)
	}
	socket.CloseNow()
}

func TestSubprotocolOnlyAsConnectReturnsIt(t *testing.T) {
	tests := []struct{ name, answer, want string }{
		{"none returned", ok, ""},
		{"returned", `{"statusCode":200,"headers":{"sec-websocket-protocol":"ocpp2.0.1"}}`, "ocpp2.0.1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newStage(t, func(_ *Config, lambda *invoker) { lambda.functions["connect"] = always(test.answer) })
			socket, _ := s.dial(t, &websocket.DialOptions{Subprotocols: []string{"ocpp1.6", "ocpp2.0.1"}})
			if socket.Subprotocol() != test.want {
				t.Errorf("subprotocol %q, want %q", socket.Subprotocol(), test.want)
			}
		})
	}
}

// Specification: OCPP 2.0.1 part 4 section 3.3; OCPP-J 1.6 section 5.1.
func TestCompressionIsNotAgreedOn(t *testing.T) {
	s := newStage(t, nil)
	socket, response, err := websocket.Dial(context.Background(), s.url("/ocpp"), &websocket.DialOptions{CompressionMode: websocket.CompressionContextTakeover})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.CloseNow()
	if got := response.Header.Get("Sec-WebSocket-Extensions"); got != "" {
		t.Errorf("extensions %q", got)
	}
}

func TestNoHandshake(t *testing.T) {
	s := newStage(t, nil)
	upgrade := http.Header{"Connection": {"keep-alive, Upgrade"}, "Upgrade": {"websocket"},
		"Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {"dGhlIHNhbXBsZSBub25jZQ=="}}
	tests := []struct {
		name   string
		change func(http.Header)
		status int
	}{
		{"plain GET", func(h http.Header) { h.Del("Connection"); h.Del("Upgrade") }, 426},
		{"other protocol", func(h http.Header) { h.Set("Upgrade", "h2c") }, 426},
		{"old version", func(h http.Header) { h.Set("Sec-WebSocket-Version", "8") }, 400},
		{"no key", func(h http.Header) { h.Del("Sec-WebSocket-Key") }, 400},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, err := http.NewRequest(http.MethodGet, s.server.URL+"/ocpp", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header = upgrade.Clone()
			test.change(r.Header)
			response, err := http.DefaultTransport.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			if response.StatusCode != test.status || !bytes.Contains(body, []byte(`{"message":`)) {
				t.Errorf("%d %s, want %d", response.StatusCode, body, test.status)
			}
		})
	}
	if n := len(s.of("authorize")); n != 0 {
		t.Errorf("%d functions ran", n)
	}
}

func TestConnectThrottled(t *testing.T) {
	s := newStage(t, func(c *Config, _ *invoker) { c.ConnectRate, c.ConnectBurst = 0.001, 1 })
	s.dial(t, nil)
	if response, _ := s.refused(t, "/ocpp", nil); response.StatusCode != 429 {
		t.Errorf("status %d, want 429", response.StatusCode)
	}
}

// The stage's own throttling takes handshakes and messages together, and leaves @connections alone.
func TestStageThrottled(t *testing.T) {
	s := newStage(t, func(c *Config, _ *invoker) { c.StageRate, c.StageBurst = 0.001, 2 })
	socket, id := s.dial(t, nil)
	send(t, socket, `1`)
	eventually(t, "the first message arrives", func() bool { return len(s.of("message")) == 1 })
	send(t, socket, `2`)
	if got := receive(t, socket); !strings.Contains(got, `"message":"Too Many Requests"`) {
		t.Errorf("received %s", got)
	}
	if response, _ := s.refused(t, "/ocpp", nil); response.StatusCode != 429 {
		t.Errorf("a handshake is answered %d, want 429", response.StatusCode)
	}
	if err := s.post(id, []byte("x")); err != nil {
		t.Errorf("@connections: %v", err)
	}
}

func TestRoutesMayBeMissing(t *testing.T) {
	s := newStage(t, func(c *Config, _ *invoker) { c.Routes, c.Authorizer = nil, nil })
	socket, _, err := websocket.Dial(context.Background(), s.url("/ocpp"), nil)
	if err != nil {
		t.Fatal(err)
	}
	send(t, socket, `hello`)
	if got := receive(t, socket); !strings.Contains(got, `"message":"Forbidden"`) {
		t.Errorf("a message without a route: %s", got)
	}
	socket.Close(websocket.StatusNormalClosure, "")
}
