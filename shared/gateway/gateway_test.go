package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/wire"
)

// paths has connection ids, which are opaque and end in "=" in API Gateway, and their escaped paths.
var paths = map[string]string{
	"L0SM9cOFvHcCIhw=": "/ocpp/@connections/L0SM9cOFvHcCIhw%3D",
	"a/b+c%==":         "/ocpp/@connections/a%2Fb%2Bc%25%3D%3D",
}

// standIn is an @connections API that answers with status, and with errorType in the header by which
// the client tells errors apart.
func standIn(t *testing.T, status int, errorType string) (connections *Connections, requests *[]*http.Request, bodies *[]string) {
	t.Helper()
	requests, bodies = new([]*http.Request), new([]string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		*requests, *bodies = append(*requests, r), append(*bodies, string(body))
		if errorType != "" {
			w.Header().Set("x-amzn-ErrorType", errorType)
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	config := aws.Config{
		Region: "eu-central-1", Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
		RetryMaxAttempts: 1,
	}
	return NewConnections(config, server.URL+"/ocpp"), requests, bodies
}

func TestPost(t *testing.T) {
	connections, requests, bodies := standIn(t, http.StatusOK, "")
	for id, path := range paths {
		if err := connections.Post(t.Context(), id, []byte(`[3,"1",{}]`)); err != nil {
			t.Fatal(err)
		}
		last := len(*requests) - 1
		r := (*requests)[last]
		if r.Method != http.MethodPost || r.RequestURI != path {
			t.Errorf("%s %s for connection %s, want %s", r.Method, r.RequestURI, id, path)
		}
		if (*bodies)[last] != `[3,"1",{}]` {
			t.Errorf("body %q", (*bodies)[last])
		}
		if authorization := r.Header.Get("Authorization"); !strings.Contains(authorization, "/eu-central-1/execute-api/aws4_request") {
			t.Errorf("Authorization %q", authorization)
		}
	}
}

// TestACallIsNeverSentTwice: without a confirmation nobody knows whether the charge point got the frame.
func TestACallIsNeverSentTwice(t *testing.T) {
	for _, test := range []struct {
		name           string
		fail           func(w http.ResponseWriter)
		calls, answers int // how often the gateway is asked
	}{
		{"it broke off", func(http.ResponseWriter) { panic(http.ErrAbortHandler) }, 1, 3},
		{"it failed", func(w http.ResponseWriter) { w.WriteHeader(http.StatusInternalServerError) }, 1, 3},
		{"it is overloaded", func(w http.ResponseWriter) { w.WriteHeader(http.StatusServiceUnavailable) }, 1, 3},
		{"it refused", func(w http.ResponseWriter) {
			w.Header().Set("x-amzn-ErrorType", "LimitExceededException")
			w.WriteHeader(http.StatusTooManyRequests)
		}, 3, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel() // the pauses between attempts take their time
			var asked atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				test.fail(w)
			}))
			defer server.Close()
			connections := NewConnections(aws.Config{Region: "eu-central-1", Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}, server.URL)
			if err := connections.Post(t.Context(), "a=", []byte("x")); err == nil || int(asked.Load()) != test.calls {
				t.Errorf("a CALL was sent %d times, want %d (%v)", asked.Load(), test.calls, err)
			}
			asked.Store(0)
			if err := connections.Answer(t.Context(), "a=", []byte("x")); err == nil || int(asked.Load()) != test.answers {
				t.Errorf("an answer was sent %d times, want %d (%v)", asked.Load(), test.answers, err)
			}
		})
	}
}

// TestACallGetsItsOwnConnection: one that is kept may be dead after the function was frozen.
func TestACallGetsItsOwnConnection(t *testing.T) {
	connections, requests, _ := standIn(t, http.StatusOK, "")
	for range 2 {
		if err := connections.Post(t.Context(), "a=", []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	if first, second := (*requests)[0].RemoteAddr, (*requests)[1].RemoteAddr; first == second {
		t.Errorf("both CALLs came over the connection from %s", first)
	}
}

// TestACallHasTheLimitsOfTheClient: a gateway that hangs does not hold up the function to the end of its time.
func TestACallHasTheLimitsOfTheClient(t *testing.T) {
	var asked atomic.Int32
	over := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		asked.Add(1)
		<-over
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(over) })
	for name, client := range map[string]aws.HTTPClient{
		"in a function": &wire.Client{Dial: new(net.Dialer).DialContext, AnswerTimeout: 50 * time.Millisecond, MaxIdle: 10},
		"behind a proxy": awshttp.NewBuildableClient().WithTransportOptions(func(transport *http.Transport) {
			transport.ResponseHeaderTimeout = 50 * time.Millisecond
		}),
	} {
		asked.Store(0)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		connections := NewConnections(aws.Config{Region: "eu-central-1", Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""), HTTPClient: client}, server.URL)
		if err := connections.Post(ctx, "a=", []byte("x")); err == nil || ctx.Err() != nil || asked.Load() != 1 {
			t.Errorf("%s: %v, context: %v, the gateway was asked %d times", name, err, ctx.Err(), asked.Load())
		}
		cancel()
	}
}

func TestACallIsRepeatedWhenNothingListens(t *testing.T) {
	refused := &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	broken := &net.OpError{Op: "read", Err: errors.New("connection reset by peer")}
	if !neverConnected(fmt.Errorf("request failed: %w", refused)).Bool() || neverConnected(broken).Bool() {
		t.Error("only what never got a connection may be repeated")
	}
}

func TestErrors(t *testing.T) {
	for _, test := range []struct {
		status        int
		errorType     string
		post, closing fault.Code
	}{
		{410, "GoneException", fault.Gone, ""},
		{429, "LimitExceededException", fault.Throttled, fault.Throttled},
		{429, "TooManyRequestsException", fault.Throttled, fault.Throttled},
		{413, "PayloadTooLargeException", fault.Invalid, fault.Internal},
		{403, "ForbiddenException", fault.Internal, fault.Internal},
		{403, "AccessDeniedException", fault.Internal, fault.Internal},
		{500, "InternalServerErrorException", fault.Internal, fault.Internal},
	} {
		connections, _, _ := standIn(t, test.status, test.errorType)
		err := connections.Post(t.Context(), "a=", []byte("x"))
		if fault.CodeOf(err) != test.post || !strings.Contains(err.Error(), "a=") {
			t.Errorf("%s of a post: %v, want a fault %s", test.errorType, err, test.post)
		}
		if err := connections.Close(t.Context(), "a="); fault.CodeOf(err) != test.closing {
			t.Errorf("%s of a close: %v, want %q", test.errorType, err, test.closing)
		}
	}
}

// API Gateway sends 128 KB, in one call, and is not asked for more.
func TestATooLargeFrameIsNotSent(t *testing.T) {
	connections, requests, _ := standIn(t, http.StatusOK, "")
	for name, post := range map[string]func(size int) error{
		"CALL":   func(size int) error { return connections.Post(t.Context(), "a=", make([]byte, size)) },
		"answer": func(size int) error { return connections.Answer(t.Context(), "a=", make([]byte, size)) },
	} {
		*requests = nil
		if err := post(128 << 10); err != nil || len(*requests) != 1 {
			t.Errorf("%s of 128 KB: %v in %d requests", name, err, len(*requests))
		}
		if err := post(128<<10 + 1); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "131073 bytes") || len(*requests) != 1 {
			t.Errorf("%s of a byte more: %v in %d requests", name, err, len(*requests))
		}
	}
}

func TestClose(t *testing.T) {
	connections, requests, _ := standIn(t, http.StatusNoContent, "")
	for id, path := range paths {
		if err := connections.Close(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		r := (*requests)[len(*requests)-1]
		if r.Method != http.MethodDelete || r.RequestURI != path {
			t.Errorf("%s %s for connection %s, want %s", r.Method, r.RequestURI, id, path)
		}
	}
}
