package websocketapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	management "github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi/types"
)

// client is AWS's own client of the @connections API.
func (s *stage) client() *management.Client {
	return management.NewFromConfig(aws.Config{
		Region:           "us-east-1",
		BaseEndpoint:     aws.String(s.server.URL + "/ocpp"),
		Credentials:      credentials.NewStaticCredentialsProvider("id", "secret", ""),
		RetryMaxAttempts: 1,
	})
}

func (s *stage) post(id string, data []byte) error {
	_, err := s.client().PostToConnection(context.Background(), &management.PostToConnectionInput{ConnectionId: &id, Data: data})
	return err
}

func TestPostArrivesInOrder(t *testing.T) {
	s := newStage(t, nil)
	socket, id := s.dial(t, nil)
	for i := range 20 {
		if err := s.post(id, fmt.Appendf(nil, "%d", i)); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 20 {
		if got := receive(t, socket); got != fmt.Sprint(i) {
			t.Fatalf("received %s, want %d", got, i)
		}
	}
}

func TestPostSizes(t *testing.T) {
	s := newStage(t, nil)
	socket, id := s.dial(t, nil)
	socket.SetReadLimit(-1)
	largest := bytes.Repeat([]byte{'x'}, maxMessage)
	if err := s.post(id, largest); err != nil {
		t.Fatal(err)
	}
	if got := receive(t, socket); len(got) != maxMessage {
		t.Errorf("received %d bytes", len(got))
	}
	if _, ok := errors.AsType[*types.PayloadTooLargeException](s.post(id, append(largest, 'x'))); !ok {
		t.Error("a message of 128 KB and a byte was taken")
	}
}

func TestPostToNobody(t *testing.T) {
	s := newStage(t, nil)
	socket, id := s.dial(t, nil)
	gone := func(id string) bool {
		_, ok := errors.AsType[*types.GoneException](s.post(id, []byte("x")))
		return ok
	}
	if !gone("AAAAAAAAAAAAAAA=") {
		t.Error("an unknown connection is not gone")
	}
	socket.Close(1000, "")
	eventually(t, "the connection is gone", func() bool { return gone(id) })
}

// A connection that is to be gone is so for both sides.
func TestBreak(t *testing.T) {
	s := newStage(t, nil)
	socket, id := s.dial(t, nil)
	request := httptest.NewRequest(http.MethodPost, "/"+s.api.config.Stage+"/@connections/"+url.PathEscape(id), nil)
	s.api.Connections().Break(request)
	if _, _, err := socket.Read(t.Context()); err == nil {
		t.Error("the client hears something")
	}
	eventually(t, "the connection is gone", func() bool {
		_, gone := errors.AsType[*types.GoneException](s.post(id, []byte("x")))
		return gone
	})
	s.api.Connections().Break(request) // once more is no error
}

// While $connect runs, its connection does not exist.
func TestPostFromConnectIsGone(t *testing.T) {
	result := make(chan error, 1)
	var s *stage
	s = newStage(t, func(_ *Config, lambda *invoker) {
		lambda.functions["connect"] = func(e recorded) (string, string, error) {
			result <- s.post(e.event.RequestContext.ConnectionID, []byte("x"))
			return ok, "", nil
		}
	})
	s.dial(t, nil)
	if _, ok := errors.AsType[*types.GoneException](<-result); !ok {
		t.Error("the connection existed during $connect")
	}
}

func TestSlowClientIsLimited(t *testing.T) {
	s := newStage(t, func(c *Config, _ *invoker) { c.OutgoingMessages = 4 })
	_, id := s.dial(t, nil) // never reads
	message := bytes.Repeat([]byte{'x'}, maxMessage)
	for range 1000 { // the sockets' own buffers take some megabytes
		if err := s.post(id, message); err != nil {
			if _, ok := errors.AsType[*types.LimitExceededException](err); !ok {
				t.Errorf("error %v, want LimitExceededException", err)
			}
			return
		}
	}
	t.Error("a client that never reads was never limited")
}

func TestConnectionsThrottled(t *testing.T) {
	s := newStage(t, func(c *Config, _ *invoker) { c.RequestRate, c.RequestBurst = 0.001, 1 })
	_, id := s.dial(t, nil)
	if err := s.post(id, []byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, ok := errors.AsType[*types.LimitExceededException](s.post(id, []byte("x"))); !ok {
		t.Error("a second call passed")
	}
}

func TestDeleteClosesAfterWhatWasPosted(t *testing.T) {
	s := newStage(t, nil)
	socket, id := s.dial(t, nil)
	if err := s.post(id, []byte("last words")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.client().DeleteConnection(context.Background(), &management.DeleteConnectionInput{ConnectionId: &id}); err != nil {
		t.Fatal(err)
	}
	if _, ok := errors.AsType[*types.GoneException](s.post(id, []byte("x"))); !ok {
		t.Error("the connection is not gone at once")
	}
	if got := receive(t, socket); got != "last words" {
		t.Errorf("received %q", got)
	}
	if closed := closedWith(t, socket); closed.Code != 1000 {
		t.Errorf("closed with %+v", closed)
	}
	if code, _ := s.endOf(t); code != 1000 {
		t.Errorf("$disconnect was told %d", code)
	}
}

// A client that does not read cannot keep a connection that is to be closed.
func TestDeleteClosesAClientThatDoesNotRead(t *testing.T) {
	t.Parallel() // takes the six seconds that such a client is given
	s := newStage(t, func(c *Config, _ *invoker) { c.OutgoingMessages = 200 })
	_, id := s.dial(t, nil)
	message := bytes.Repeat([]byte{'x'}, maxMessage)
	for range 100 { // more than the sockets' own buffers take
		if err := s.post(id, message); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.client().DeleteConnection(context.Background(), &management.DeleteConnectionInput{ConnectionId: &id}); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(15 * time.Second); len(s.of("disconnect")) == 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the connection never ended")
		}
	}
}

func TestGetConnection(t *testing.T) {
	s := newStage(t, nil)
	_, id := s.dial(t, nil)
	got, err := s.client().GetConnection(context.Background(), &management.GetConnectionInput{ConnectionId: &id})
	if err != nil {
		t.Fatal(err)
	}
	if time.Since(*got.ConnectedAt) > time.Minute || got.LastActiveAt.Before(*got.ConnectedAt) || *got.Identity.SourceIp != "127.0.0.1" {
		t.Errorf("got %v %v %+v", got.ConnectedAt, got.LastActiveAt, got.Identity)
	}
}

func TestForbiddenPaths(t *testing.T) {
	s := newStage(t, nil)
	for _, call := range []struct{ method, path string }{
		{"POST", "/prod/@connections/AAAAAAAAAAAAAAA="},
		{"POST", "/@connections/AAAAAAAAAAAAAAA="},
		{"POST", "/ocpp/@connections"},
	} {
		w := httptest.NewRecorder()
		s.api.Connections().ServeHTTP(w, httptest.NewRequest(call.method, call.path, strings.NewReader("x")))
		if got := w.Header()["x-amzn-ErrorType"]; w.Code != 403 || len(got) != 1 || got[0] != "ForbiddenException" {
			t.Errorf("%s %s: %d %v", call.method, call.path, w.Code, got)
		}
	}
}

func TestConnectionsAccess(t *testing.T) {
	s := newStage(t, nil)
	service := s.api.Connections()
	r := httptest.NewRequest("DELETE", "/ocpp/%40connections/L0SM9cOFvHcCIhw%3D", nil)
	if !IsConnectionsPath(r) {
		t.Error("an escaped path is not recognised")
	}
	action, resources := service.Access(r, nil)
	const want = "arn:aws:execute-api:us-east-1:000000000000:abcdef1234/ocpp/DELETE/@connections/L0SM9cOFvHcCIhw="
	if action != "execute-api:ManageConnections" || len(resources) != 1 || resources[0] != want {
		t.Errorf("%s on %v", action, resources)
	}
	w := httptest.NewRecorder()
	service.Deny(w, r, "User: x is not authorized")
	if got := w.Header()["x-amzn-ErrorType"]; w.Code != 403 || len(got) != 1 || got[0] != "ForbiddenException" {
		t.Errorf("denied with %d %v", w.Code, got)
	}
}
