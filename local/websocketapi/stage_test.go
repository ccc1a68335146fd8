package websocketapi

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// invoker is a Lambda of Go functions by name; it records the events.
type invoker struct {
	functions map[string]func(e recorded) (answer string, functionError string, err error)

	mu     sync.Mutex
	events []recorded
}

// recorded is an event as a function sees it.
type recorded struct {
	function string
	raw      []byte
	fields   map[string]any
	event    event
}

func (i *invoker) Invoke(ctx context.Context, function string, raw []byte) ([]byte, string, error) {
	r := recorded{function: function, raw: raw}
	if err := json.Unmarshal(raw, &r.fields); err != nil {
		return nil, "", err
	}
	if err := json.Unmarshal(raw, &r.event); err != nil {
		return nil, "", err
	}
	i.mu.Lock()
	i.events = append(i.events, r)
	run := i.functions[function]
	i.mu.Unlock()
	if run == nil {
		return nil, "", errors.New("no such function: " + function)
	}
	type result struct {
		answer, functionError string
		err                   error
	}
	done := make(chan result, 1)
	go func() {
		answer, functionError, err := run(r)
		done <- result{answer, functionError, err}
	}()
	select {
	case r := <-done:
		return []byte(r.answer), r.functionError, r.err
	case <-ctx.Done():
		return nil, "", ctx.Err()
	}
}

func (i *invoker) of(function string) []recorded {
	i.mu.Lock()
	defer i.mu.Unlock()
	var events []recorded
	for _, r := range i.events {
		if r.function == function {
			events = append(events, r)
		}
	}
	return events
}

func always(answer string) func(recorded) (string, string, error) {
	return func(recorded) (string, string, error) { return answer, "", nil }
}

func failing(answer string) func(recorded) (string, string, error) {
	return func(recorded) (string, string, error) { return answer, "Unhandled", nil }
}

const (
	ok       = `{"statusCode":200}`
	allowAll = `{"principalId":"CP001","policyDocument":{"Version":"2012-10-17","Statement":[{"Action":"execute-api:Invoke","Effect":"Allow","Resource":"*"}]},
		"context":{"chargePointId":"CP001","number":7,"flag":true}}`
)

// stage is a running API with a server in front of it.
type stage struct {
	*invoker
	api    *API
	server *httptest.Server
}

// newStage starts an API with functions authorize, connect, message and disconnect,
// which all agree unless change says otherwise.
func newStage(t testing.TB, change func(*Config, *invoker)) *stage {
	t.Helper()
	lambda := &invoker{functions: map[string]func(recorded) (string, string, error){
		"authorize": always(allowAll), "connect": always(ok), "message": always(ok), "disconnect": always(ok),
	}}
	config := Config{
		APIID: "abcdef1234", Stage: "ocpp", Region: "us-east-1", AccountID: "000000000000",
		Authorizer: &Authorizer{Function: "authorize"},
		Routes: map[string]Route{
			"$connect": {Function: "connect"}, "$default": {Function: "message"}, "$disconnect": {Function: "disconnect"},
		},
		Invoker: lambda,
		Logger:  slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&config, lambda)
	}
	api, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{invoker: lambda, api: api}
	s.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if IsConnectionsPath(r) {
			api.Connections().ServeHTTP(w, r)
			return
		}
		api.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := api.Close(ctx); err != nil {
			t.Error(err)
		}
		s.server.Close()
	})
	return s
}

func (s *stage) url(path string) string {
	return "ws" + strings.TrimPrefix(s.server.URL, "http") + path
}

// dial connects and returns the socket and the connection's id.
func (s *stage) dial(t testing.TB, options *websocket.DialOptions) (*websocket.Conn, string) {
	t.Helper()
	before := len(s.of("connect"))
	socket, _, err := websocket.Dial(context.Background(), s.url("/ocpp"), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.CloseNow() })
	id := s.of("connect")[before].event.RequestContext.ConnectionID
	eventually(t, "the connection is known", func() bool { return s.api.find(id) != nil })
	return socket, id
}

// refused tries to connect and returns what the client is told instead.
func (s *stage) refused(t testing.TB, path string, header http.Header) (*http.Response, string) {
	t.Helper()
	socket, response, err := websocket.Dial(context.Background(), s.url(path), &websocket.DialOptions{HTTPHeader: header})
	if err == nil {
		socket.CloseNow()
		t.Fatal("the handshake succeeded")
	}
	if response == nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func send(t testing.TB, socket *websocket.Conn, text string) {
	t.Helper()
	if err := socket.Write(context.Background(), websocket.MessageText, []byte(text)); err != nil {
		t.Fatal(err)
	}
}

func receive(t testing.TB, socket *websocket.Conn) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_, body, err := socket.Read(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// closedWith waits for the end of a connection and returns the close frame.
func closedWith(t testing.TB, socket *websocket.Conn) websocket.CloseError {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	for {
		_, _, err := socket.Read(ctx)
		if closed, ok := errors.AsType[websocket.CloseError](err); ok {
			return closed
		}
		if err != nil {
			t.Fatalf("ended without a close frame: %v", err)
		}
	}
}

func eventually(t testing.TB, what string, condition func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if condition() {
			return
		}
	}
	t.Fatalf("never: %s", what)
}
