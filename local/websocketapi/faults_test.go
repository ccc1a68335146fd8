package websocketapi

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi"
	"github.com/coder/websocket"

	"github.com/serverless-ocpp/backend/local/fault"
)

// faulty starts a stage whose plan is one rule.
func faulty(t *testing.T, rule fault.Rule) *stage {
	t.Helper()
	injector := fault.New(slog.New(slog.DiscardHandler))
	if err := injector.Set(fault.Plan{Rules: []fault.Rule{rule}}); err != nil {
		t.Fatal(err)
	}
	return newStage(t, func(c *Config, _ *invoker) { c.Faults = injector })
}

func TestHandshakesThatGoWrong(t *testing.T) {
	tests := []struct {
		kind            fault.Kind
		status          int
		errorType, body string
	}{
		{fault.Throttle, 429, "LimitExceededException", `{"message":"Too Many Requests"}`},
		{fault.Error, 500, "InternalServerErrorException", `"message":"Internal server error"`},
	}
	for _, test := range tests {
		t.Run(string(test.kind), func(t *testing.T) {
			s := faulty(t, fault.Rule{Target: "websocket:connect", Kind: test.kind, Count: 1})
			response, body := s.refused(t, "/ocpp", nil)
			if response.StatusCode != test.status || response.Header.Get("x-amzn-ErrorType") != test.errorType || !strings.Contains(body, test.body) {
				t.Errorf("%d %v %s", response.StatusCode, response.Header, body)
			}
			if len(s.of("authorize")) != 0 {
				t.Error("a function ran")
			}
			s.dial(t, nil)
		})
	}
}

func TestHandshakeCutAfterConnect(t *testing.T) {
	s := faulty(t, fault.Rule{Target: "websocket:connect", Kind: fault.Cut, Count: 1})
	_, response, err := websocket.Dial(t.Context(), s.url("/ocpp"), nil)
	if err == nil || response != nil && response.StatusCode != 0 {
		t.Errorf("answered %v", response)
	}
	if len(s.of("connect")) != 1 || len(s.of("disconnect")) != 0 {
		t.Errorf("$connect %d times, $disconnect %d times", len(s.of("connect")), len(s.of("disconnect")))
	}
}

func TestSlowHandshake(t *testing.T) {
	s := faulty(t, fault.Rule{Target: "websocket:connect", Kind: fault.Slow, Delay: fault.Duration(50 * time.Millisecond)})
	began := time.Now()
	s.dial(t, nil)
	if time.Since(began) < 50*time.Millisecond {
		t.Errorf("connected after %v", time.Since(began))
	}
}

func TestConnectionsThatEnd(t *testing.T) {
	delay := fault.Duration(30 * time.Millisecond)
	tests := []struct {
		rule fault.Rule
		code int // of $disconnect
	}{
		{fault.Rule{Kind: fault.Cut, Delay: delay}, 1006},
		{fault.Rule{Kind: fault.IdleLimit, Delay: delay}, 1001},
		{fault.Rule{Kind: fault.LifeLimit, Delay: delay}, 1001},
	}
	for _, test := range tests {
		t.Run(string(test.rule.Kind), func(t *testing.T) {
			test.rule.Target, test.rule.Resource = "websocket:connection", "CP001"
			s := faulty(t, test.rule)
			socket, _ := s.dial(t, nil)
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			_, _, err := socket.Read(ctx)
			if got := websocket.CloseStatus(err); (got == -1) != (test.code == 1006) || test.code == 1001 && got != 1001 {
				t.Errorf("the client sees %v", err)
			}
			if code, _ := s.endOf(t); code != test.code {
				t.Errorf("$disconnect is told %d, want %d", code, test.code)
			}
		})
	}
}

func TestDisconnectsThatGoWrong(t *testing.T) {
	tests := []struct {
		rule  fault.Rule
		times int
	}{
		{fault.Rule{Kind: fault.Lose}, 0},
		{fault.Rule{Kind: fault.Slow, Delay: fault.Duration(50 * time.Millisecond)}, 1},
		{fault.Rule{Kind: fault.Twice}, 2},
	}
	for _, test := range tests {
		t.Run(string(test.rule.Kind), func(t *testing.T) {
			test.rule.Target = "websocket:disconnect"
			s := faulty(t, test.rule)
			socket, id := s.dial(t, nil)
			if err := socket.CloseNow(); err != nil {
				t.Fatal(err)
			}
			ended := time.Now()
			eventually(t, "the connection is gone", func() bool { return s.api.find(id) == nil })
			s.api.alive.Wait()
			if got := len(s.of("disconnect")); got != test.times || time.Since(ended) < time.Duration(test.rule.Delay) {
				t.Errorf("$disconnect ran %d times after %v, want %d", got, time.Since(ended), test.times)
			}
		})
	}
}

// What is late at the end of everything does not hold it up.
func TestLateDisconnectAtTheEnd(t *testing.T) {
	s := faulty(t, fault.Rule{Target: "websocket:disconnect", Kind: fault.Slow, Delay: fault.Duration(time.Hour)})
	socket, _ := s.dial(t, nil)
	if err := socket.CloseNow(); err != nil {
		t.Fatal(err)
	}
	if err := s.api.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := len(s.of("disconnect")); got != 1 {
		t.Errorf("$disconnect ran %d times", got)
	}
}

func TestMessagesThatGoWrong(t *testing.T) {
	tests := []struct {
		kind  fault.Kind
		frame string
	}{
		{fault.Throttle, "Too Many Requests"},
		{fault.Error, "Internal server error"},
	}
	for _, test := range tests {
		t.Run(string(test.kind), func(t *testing.T) {
			s := faulty(t, fault.Rule{Target: "websocket:message", Kind: test.kind})
			socket, _ := s.dial(t, nil)
			send(t, socket, `[]`)
			if got := receive(t, socket); !strings.Contains(got, test.frame) || len(s.of("message")) != 0 {
				t.Errorf("received %s, the function ran %d times", got, len(s.of("message")))
			}
		})
	}
}

func TestMessageOfAConnectionThatBreaks(t *testing.T) {
	s := faulty(t, fault.Rule{Target: "websocket:message", Kind: fault.Cut})
	socket, _ := s.dial(t, nil)
	send(t, socket, `[]`)
	if _, _, err := socket.Read(t.Context()); err == nil || websocket.CloseStatus(err) != -1 {
		t.Errorf("the client sees %v", err)
	}
	eventually(t, "the message was taken before", func() bool { return len(s.of("message")) == 1 })
	if code, _ := s.endOf(t); code != 1006 {
		t.Errorf("$disconnect is told %d", code)
	}
}

func TestLateMessagesAreOvertaken(t *testing.T) {
	s := faulty(t, fault.Rule{Target: "websocket:message", Kind: fault.Slow, Count: 1, Delay: fault.Duration(50 * time.Millisecond)})
	socket, _ := s.dial(t, nil)
	send(t, socket, `first`)
	send(t, socket, `second`)
	eventually(t, "both arrive", func() bool { return len(s.of("message")) == 2 })
	if got := s.of("message"); got[0].fields["body"] != "second" {
		t.Errorf("%v came first", got[0].fields["body"])
	}
}

// A message is taken by the gateway, and never reaches the client.
func TestPostToAConnectionThatBreaks(t *testing.T) {
	s := faulty(t, fault.Rule{Target: "websocket:post", Kind: fault.Cut})
	socket, id := s.dial(t, nil)
	client := apigatewaymanagementapi.NewFromConfig(aws.Config{
		Region:       "us-east-1",
		BaseEndpoint: aws.String(s.server.URL + "/ocpp"),
		Credentials:  credentials.NewStaticCredentialsProvider("AKIA", "secret", ""),
		HTTPClient:   http.DefaultClient,
	})
	if _, err := client.PostToConnection(t.Context(), &apigatewaymanagementapi.PostToConnectionInput{ConnectionId: &id, Data: []byte("x")}); err != nil {
		t.Errorf("posting: %v", err)
	}
	if _, body, err := socket.Read(t.Context()); err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the client sees %s %v", body, err)
	}
}
