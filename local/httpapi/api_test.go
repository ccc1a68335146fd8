package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// function is a Lambda of one Go function.
type function func(event []byte) (answer, functionError string, err error)

func (f function) Invoke(ctx context.Context, name string, event []byte) ([]byte, string, error) {
	type result struct {
		answer, functionError string
		err                   error
	}
	done := make(chan result, 1)
	go func() {
		answer, functionError, err := f(event)
		done <- result{answer, functionError, err}
	}()
	select {
	case r := <-done:
		return []byte(r.answer), r.functionError, r.err
	case <-ctx.Done():
		return nil, "", ctx.Err()
	}
}

func newServer(t *testing.T, change func(*Config), f function) *httptest.Server {
	t.Helper()
	config := Config{APIID: "abcdef1234", Region: "us-east-1", AccountID: "000000000000",
		Routes: []Route{{Key: "$default", Function: "Api"}}, Invoker: f, Logger: slog.New(slog.DiscardHandler)}
	if change != nil {
		change(&config)
	}
	api, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	return server
}

func do(t *testing.T, method, url, body string, header http.Header) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if header != nil {
		r.Header = header
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(answer)
}

func TestEvent(t *testing.T) {
	var got event
	server := newServer(t, nil, func(raw []byte) (string, string, error) {
		return `{"statusCode":204}`, "", json.Unmarshal(raw, &got)
	})
	response, _ := do(t, "POST", server.URL+"/charge-points/CP%20001%3Fx/a?wait=5&wait=7&name=a%2Cb", `{"a":1}`, http.Header{
		"Content-Type": {"application/json"}, "X-Many": {"a", "b"}, "Cookie": {"c=1; d=2", "e=3"}, "User-Agent": {"test"},
	})
	if response.StatusCode != 204 {
		t.Fatalf("status %d", response.StatusCode)
	}
	if got.Version != "2.0" || got.RouteKey != "$default" || got.RawPath != "/charge-points/CP 001" ||
		got.RawQueryString != "wait=5&wait=7&name=a%2Cb" || got.Body != `{"a":1}` || got.IsBase64Encoded {
		t.Errorf("event %+v", got)
	}
	if got.QueryStringParameters["wait"] != "5,7" || got.QueryStringParameters["name"] != "a,b" {
		t.Errorf("query %v", got.QueryStringParameters)
	}
	if !slices.Equal(got.Cookies, []string{"c=1", "d=2", "e=3"}) {
		t.Errorf("cookies %q", got.Cookies)
	}
	for name, want := range map[string]string{
		"content-type": "application/json", "x-many": "a,b", "cookie": "", "x-forwarded-for": "127.0.0.1",
		"host": "abcdef1234.execute-api.us-east-1.amazonaws.com", "content-length": "7",
	} {
		if got.Headers[name] != want {
			t.Errorf("header %s is %q, want %q", name, got.Headers[name], want)
		}
	}
	context := got.RequestContext
	if context.HTTP != (httpContext{"POST", "/charge-points/CP 001", "HTTP/1.1", "127.0.0.1", "test"}) {
		t.Errorf("http %+v", context.HTTP)
	}
	if context.AccountID != "000000000000" || context.APIID != "abcdef1234" || context.DomainPrefix != "abcdef1234" ||
		context.Stage != "$default" || context.Authorizer != nil || len(context.RequestID) != 16 {
		t.Errorf("requestContext %+v", context)
	}
	if when, err := time.Parse(requestTime, context.Time); err != nil || when.Unix() != context.TimeEpoch/1000 {
		t.Errorf("time %q, epoch %d, %v", context.Time, context.TimeEpoch, err)
	}
	if response.Header.Get("Apigw-Requestid") != context.RequestID {
		t.Errorf("apigw-requestid %q, requestId %q", response.Header.Get("Apigw-Requestid"), context.RequestID)
	}
}

func TestBodyEncoding(t *testing.T) {
	tests := []struct {
		contentType, body, want string
		base64                  bool
	}{
		{"application/json; charset=utf-8", `{"ü":1}`, `{"ü":1}`, false},
		{"application/problem+json", `{}`, `{}`, false},
		{"text/csv", "a,b", "a,b", false},
		{"", "a", "a", false},
		{"application/octet-stream", "abc", "YWJj", true},
		{"application/x-www-form-urlencoded", "a=b", "YT1i", true},
		{"text/plain", "\xff", "/w==", true},
	}
	for _, test := range tests {
		var got event
		server := newServer(t, nil, func(raw []byte) (string, string, error) { return `{}`, "", json.Unmarshal(raw, &got) })
		do(t, "POST", server.URL, test.body, http.Header{"Content-Type": {test.contentType}})
		if got.Body != test.want || got.IsBase64Encoded != test.base64 {
			t.Errorf("%s: body %q, base64 %v", test.contentType, got.Body, got.IsBase64Encoded)
		}
	}
}

func TestAnswers(t *testing.T) {
	tests := []struct {
		name, answer string
		status       int
		contentType  string
		body         string
	}{
		{"full", `{"statusCode":201,"headers":{"content-type":"application/json","x-n":7},"body":"{}"}`, 201, "application/json", "{}"},
		{"status as text", `{"statusCode":"404","body":"none"}`, 404, "text/plain; charset=utf-8", "none"},
		{"base64", `{"statusCode":200,"headers":{"Content-Type":"image/png"},"body":"YWJj","isBase64Encoded":true}`, 200, "image/png", "abc"},
		{"object without status", `{"a":1}`, 200, "application/json", `{"a":1}`},
		{"string", `"hello"`, 200, "application/json", "hello"},
		{"null", `null`, 200, "application/json", "null"},
		{"no JSON", `hello`, 500, "application/json", `{"message":"Internal Server Error"}` + "\n"},
		{"bad status", `{"statusCode":"many"}`, 500, "application/json", `{"message":"Internal Server Error"}` + "\n"},
		{"bad base64", `{"statusCode":200,"body":"*","isBase64Encoded":true}`, 500, "application/json", `{"message":"Internal Server Error"}` + "\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := newServer(t, nil, func([]byte) (string, string, error) { return test.answer, "", nil })
			response, body := do(t, "GET", server.URL, "", nil)
			if response.StatusCode != test.status || body != test.body || response.Header.Get("Content-Type") != test.contentType {
				t.Errorf("%d %s %q", response.StatusCode, response.Header.Get("Content-Type"), body)
			}
		})
	}
}

func TestAnswerHeaders(t *testing.T) {
	server := newServer(t, nil, func([]byte) (string, string, error) {
		return `{"statusCode":202,"headers":{"location":"/x"},"multiValueHeaders":{"X-Many":["a","b"]},"cookies":["a=1; Secure","b=2"]}`, "", nil
	})
	response, _ := do(t, "GET", server.URL, "", nil)
	if response.Header.Get("Location") != "/x" || response.Header.Get("X-Many") != "a,b" ||
		!slices.Equal(response.Header.Values("Set-Cookie"), []string{"a=1; Secure", "b=2"}) {
		t.Errorf("headers %v", response.Header)
	}
}

func TestFailures(t *testing.T) {
	fine := func([]byte) (string, string, error) { return `{}`, "", nil }
	tests := []struct {
		name    string
		change  func(*Config)
		run     function
		path    string
		body    string
		status  int
		message string
	}{
		{name: "function error", run: func([]byte) (string, string, error) { return `{"errorMessage":"x"}`, "Unhandled", nil },
			status: 500, message: "Internal Server Error"},
		{name: "throttled", run: func([]byte) (string, string, error) { return "", "", errors.New("throttled") },
			status: 500, message: "Internal Server Error"},
		{name: "timeout", change: func(c *Config) { c.Routes[0].Timeout = 30 * time.Millisecond },
			run: func([]byte) (string, string, error) {
				<-t.Context().Done()
				return `{}`, "", nil
			}, status: 503, message: "Service Unavailable"},
		{name: "too large", run: fine, body: strings.Repeat("x", maxPayload+1), status: 413, message: "Request Entity Too Large"},
		{name: "largest", run: fine, body: strings.Repeat("x", maxPayload), status: 200},
		{name: "not signed", run: fine, change: func(c *Config) {
			c.Routes[0].Authorize = func(*http.Request, []byte) (*Caller, error) { return nil, errors.New("no signature") }
		}, status: 403, message: "Forbidden"},
		{name: "another stage", run: fine, change: func(c *Config) { c.Stage = "prod" }, path: "/production", status: 404, message: "Not Found"},
		{name: "below the stage", run: fine, change: func(c *Config) { c.Stage = "prod" }, path: "/prod/x", status: 200},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := newServer(t, test.change, test.run)
			response, body := do(t, "POST", server.URL+test.path, test.body, nil)
			if response.StatusCode != test.status {
				t.Errorf("status %d, want %d", response.StatusCode, test.status)
			}
			if test.message != "" && strings.TrimSpace(body) != `{"message":"`+test.message+`"}` {
				t.Errorf("body %s", body)
			}
		})
	}
}

func TestStageThrottled(t *testing.T) {
	ran := 0
	server := newServer(t, func(c *Config) { c.RateLimit, c.BurstLimit = 0.001, 1 }, func([]byte) (string, string, error) {
		ran++
		return `{"statusCode":200}`, "", nil
	})
	if response, _ := do(t, http.MethodGet, server.URL, "", nil); response.StatusCode != http.StatusOK {
		t.Errorf("the first request is answered %d", response.StatusCode)
	}
	response, body := do(t, http.MethodGet, server.URL, "", nil)
	if response.StatusCode != http.StatusTooManyRequests || body != `{"message":"Too Many Requests"}`+"\n" || ran != 1 {
		t.Errorf("the second one: %d %s, and the function ran %d times", response.StatusCode, body, ran)
	}
}

// A route with limits of its own neither takes from the others nor waits for them.
func TestRouteThrottled(t *testing.T) {
	server := newServer(t, func(c *Config) {
		c.Routes = append(c.Routes, Route{Key: "GET /console", Function: c.Routes[0].Function, RateLimit: 0.001, BurstLimit: 1})
	}, func([]byte) (string, string, error) { return `{"statusCode":200}`, "", nil })
	for _, test := range []struct {
		path string
		want int
	}{{"/console", http.StatusOK}, {"/console", http.StatusTooManyRequests}, {"/charge-points", http.StatusOK}} {
		if response, _ := do(t, http.MethodGet, server.URL+test.path, "", nil); response.StatusCode != test.want {
			t.Errorf("%s is answered %d, want %d", test.path, response.StatusCode, test.want)
		}
	}
}

func TestSignerIsToldToTheFunction(t *testing.T) {
	var got event
	server := newServer(t, func(c *Config) {
		c.Routes[0].Authorize = func(r *http.Request, body []byte) (*Caller, error) {
			if string(body) != "signed" {
				return nil, errors.New("body is " + string(body))
			}
			return &Caller{IAM: &Signer{AccessKey: "AKIA", UserARN: "arn:aws:iam::000000000000:root"}}, nil
		}
	}, func(raw []byte) (string, string, error) { return `{}`, "", json.Unmarshal(raw, &got) })
	do(t, "POST", server.URL, "signed", nil)
	if got.RequestContext.Authorizer == nil || got.RequestContext.Authorizer.IAM.UserARN != "arn:aws:iam::000000000000:root" {
		t.Errorf("authorizer %+v", got.RequestContext.Authorizer)
	}
}

func TestNewNamesWhatIsMissing(t *testing.T) {
	if _, err := New(Config{APIID: "a"}); err == nil || !strings.Contains(err.Error(), "Routes") {
		t.Errorf("error %v", err)
	}
}
