package edge_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/serverless-ocpp/backend/local/edge"
	"github.com/serverless-ocpp/backend/local/lambda"
	"github.com/serverless-ocpp/backend/local/websocketapi"
)

const rewrite = `function handler(event) {
	var request = event.request;
	request.querystring = {chargePointId: {value: request.uri.split('/').pop()}};
	request.uri = '/ocpp';
	return request;
}`

// chain is a distribution, an API and functions that are real processes. It returns the
// address that a charge point is given.
func chain(t testing.TB, idle time.Duration) string {
	t.Helper()
	bootstrap := filepath.Join(t.TempDir(), "bootstrap")
	build := exec.Command("go", "build", "-tags", "lambda.norpc", "-o", bootstrap, "./testdata/functions")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the functions: %v\n%s", err, output)
	}
	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)

	config := lambda.Config{Region: "us-east-1", AccountID: "000000000000", Logger: slog.New(slog.DiscardHandler)}
	for _, name := range []string{"authorize", "connect", "echo"} {
		config.Functions = append(config.Functions, lambda.Function{Name: name, Handler: name, Bootstrap: bootstrap,
			Env: map[string]string{"EDGE_SECRET": "s3cret", "CONNECTIONS_ENDPOINT": server.URL + "/ocpp"}})
	}
	functions, err := lambda.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { functions.Close() })
	api, err := websocketapi.New(websocketapi.Config{
		APIID: "abcdef1234", Stage: "ocpp", Region: "us-east-1", AccountID: "000000000000",
		Authorizer: &websocketapi.Authorizer{Function: "authorize"},
		Routes:     map[string]websocketapi.Route{"$connect": {Function: "connect"}, "$default": {Function: "echo"}},
		Invoker:    functions,
		Logger:     slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	distribution, err := edge.New(edge.Config{
		FunctionCode: rewrite, OriginDomain: "abcdef1234.execute-api.us-east-1.amazonaws.com", Origin: api,
		OriginHeaders: map[string]string{"X-Edge-Secret": "s3cret"}, IdleTimeout: idle,
	})
	if err != nil {
		t.Fatal(err)
	}
	connections := api.Connections()
	handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case websocketapi.IsConnectionsPath(r):
			connections.ServeHTTP(w, r)
		case r.URL.Path == "/ocpp":
			api.ServeHTTP(w, r)
		default:
			distribution.ServeHTTP(w, r)
		}
	})
	return "ws" + strings.TrimPrefix(server.URL, "http")
}

func exchange(t testing.TB, socket *websocket.Conn, message string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := socket.Write(ctx, websocket.MessageText, []byte(message)); err != nil {
		t.Fatal(err)
	}
	_, answer, err := socket.Read(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

func TestChargePointThroughTheEdge(t *testing.T) {
	base := chain(t, 0)
	for path, want := range map[string]string{
		"/CP001":                    "CP001 over the edge true: hello",
		"/ocpp?chargePointId=CP002": "CP002 over the edge false: hello",
	} {
		socket, _, err := websocket.Dial(context.Background(), base+path, &websocket.DialOptions{Subprotocols: []string{"ocpp1.6"}})
		if err != nil {
			t.Fatal(err)
		}
		if socket.Subprotocol() != "ocpp1.6" {
			t.Errorf("%s: subprotocol %q", path, socket.Subprotocol())
		}
		if got := exchange(t, socket, "hello"); got != want {
			t.Errorf("%s: received %q, want %q", path, got, want)
		}
		socket.Close(websocket.StatusNormalClosure, "")
	}
}

// The edge cuts a WebSocket on which the origin sends nothing, whatever the client sends.
func TestEdgeCutsWhenTheOriginIsSilent(t *testing.T) {
	base := chain(t, 500*time.Millisecond)
	socket, _, err := websocket.Dial(context.Background(), base+"/CP001", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer socket.CloseNow()
	for i := range 3 {
		exchange(t, socket, fmt.Sprint(i)) // each answer sets the clock back
		time.Sleep(200 * time.Millisecond)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_, _, err = socket.Read(ctx)
	if err == nil || ctx.Err() != nil || websocket.CloseStatus(err) != -1 {
		t.Errorf("read: %v, want a lost connection", err)
	}
}

// BenchmarkMessage is one message to a real function and its answer through @connections.
func BenchmarkMessage(b *testing.B) {
	socket, _, err := websocket.Dial(context.Background(), chain(b, 0)+"/CP001", nil)
	if err != nil {
		b.Fatal(err)
	}
	defer socket.CloseNow()
	exchange(b, socket, "first")
	for b.Loop() {
		exchange(b, socket, "hello")
	}
}
