package websocketapi

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

func TestRouteSelection(t *testing.T) {
	s := newStage(t, func(c *Config, lambda *invoker) {
		c.Routes["join"] = Route{Function: "join"}
		lambda.functions["join"] = always(ok)
	})
	socket, _ := s.dial(t, nil)
	tests := []struct{ body, function, routeKey string }{
		{`{"action":"join"}`, "join", "join"},
		{`{"action":"leave"}`, "message", "$default"},
		{`{"action":"$connect"}`, "message", "$default"},
		{`{"action":7}`, "message", "$default"},
		{`[2,"1","Heartbeat",{}]`, "message", "$default"},
		{`no JSON`, "message", "$default"},
		{``, "message", "$default"},
	}
	for _, test := range tests {
		before := len(s.of(test.function))
		send(t, socket, test.body)
		eventually(t, "a message arrives: "+test.body, func() bool { return len(s.of(test.function)) == before+1 })
		got := s.of(test.function)[before]
		if got.event.RequestContext.RouteKey != test.routeKey || got.fields["body"] != test.body {
			t.Errorf("%s: route %q, body %q", test.body, got.event.RequestContext.RouteKey, got.fields["body"])
		}
	}
}

func TestFailedMessageIsToldToTheClient(t *testing.T) {
	tests := map[string]func(recorded) (string, string, error){
		"error":    failing(`{"errorMessage":"x"}`),
		"nonsense": always(`null`),
		"timeout": func(recorded) (string, string, error) {
			<-t.Context().Done()
			return ok, "", nil
		},
	}
	for name, run := range tests {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, func(c *Config, lambda *invoker) {
				c.Routes["$default"] = Route{Function: "message", Timeout: 50 * time.Millisecond}
				lambda.functions["message"] = run
			})
			socket, id := s.dial(t, nil)
			send(t, socket, `[]`)
			var frame map[string]string
			if err := json.Unmarshal([]byte(receive(t, socket)), &frame); err != nil {
				t.Fatal(err)
			}
			if frame["message"] != "Internal server error" || frame["connectionId"] != id ||
				frame["requestId"] != s.of("message")[0].event.RequestContext.RequestID {
				t.Errorf("frame %v", frame)
			}
			send(t, socket, `[]`) // the socket stays
			receive(t, socket)
		})
	}
}

func TestAnswersAreNotSentWithoutRouteResponse(t *testing.T) {
	s := newStage(t, func(_ *Config, lambda *invoker) {
		lambda.functions["message"] = always(`{"statusCode":500,"body":"not for the client"}`)
	})
	socket, id := s.dial(t, nil)
	send(t, socket, `[]`)
	eventually(t, "the message arrives", func() bool { return len(s.of("message")) == 1 })
	s.api.find(id).send([]byte("marker"))
	if got := receive(t, socket); got != "marker" {
		t.Errorf("received %q", got)
	}
}

func TestMessagesOfOneConnectionRunConcurrently(t *testing.T) {
	var both sync.WaitGroup
	both.Add(2)
	s := newStage(t, func(_ *Config, lambda *invoker) {
		lambda.functions["message"] = func(recorded) (string, string, error) {
			both.Done()
			both.Wait() // ends only when two run at once
			return ok, "", nil
		}
	})
	socket, _ := s.dial(t, nil)
	send(t, socket, `1`)
	send(t, socket, `2`)
	both.Wait()
}

// A client that sends faster than its messages are handled is held back, and no other.
func TestAClientThatFloodsIsHeldBack(t *testing.T) {
	const most = 3
	free := make(chan struct{})
	s := newStage(t, func(c *Config, lambda *invoker) {
		c.MessagesUnderWay = most
		lambda.functions["message"] = func(r recorded) (string, string, error) {
			if *r.event.Body == "flood" {
				<-free
			}
			return ok, "", nil
		}
	})
	floods, _ := s.dial(t, nil)
	for range 2 * most {
		send(t, floods, `flood`)
	}
	other, _ := s.dial(t, nil)
	send(t, other, `other`)
	eventually(t, "the other is served", func() bool { return len(s.of("message")) == most+1 })
	close(free)
	eventually(t, "everything is handled in the end", func() bool { return len(s.of("message")) == 2*most+1 })
}

// The functions of a connection's messages run beside each other, but the times of receipt tell the order.
func TestTimesOfReceiptAreInOrder(t *testing.T) {
	const n = 200
	s := newStage(t, nil)
	socket, _ := s.dial(t, nil)
	for i := range n {
		send(t, socket, strconv.Itoa(i))
	}
	eventually(t, "all messages arrive", func() bool { return len(s.of("message")) == n })
	var received [n]int64
	for _, message := range s.of("message") {
		i, err := strconv.Atoi(*message.event.Body)
		if err != nil {
			t.Fatal(err)
		}
		received[i] = message.event.RequestContext.RequestTimeEpoch
	}
	if !slices.IsSorted(received[:]) {
		t.Errorf("received at %v", received)
	}
}

func TestRequestsThrottled(t *testing.T) {
	s := newStage(t, func(c *Config, _ *invoker) { c.RequestRate, c.RequestBurst = 0.001, 1 })
	socket, _ := s.dial(t, nil)
	send(t, socket, `1`)
	send(t, socket, `2`)
	if got := receive(t, socket); !strings.Contains(got, `"message":"Too Many Requests"`) {
		t.Errorf("received %s", got)
	}
	if n := len(s.of("message")); n > 1 {
		t.Errorf("%d messages were handed on", n)
	}
}

// Specification: OCPP-J 1.6 section 5.2; OCPP 2.0.1 part 4 section 5.1.
func TestPingIsAnswered(t *testing.T) {
	s := newStage(t, nil)
	socket, _ := s.dial(t, nil)
	ctx, cancel := context.WithTimeout(socket.CloseRead(context.Background()), 5*time.Second)
	defer cancel()
	if err := socket.Ping(ctx); err != nil {
		t.Error(err)
	}
}

func TestOnMessageSeesBothDirections(t *testing.T) {
	seen := make(chan Message, 2)
	s := newStage(t, func(c *Config, _ *invoker) { c.OnMessage = func(m Message) { seen <- m } })
	socket, id := s.dial(t, nil)
	send(t, socket, "in")
	if m := <-seen; !m.FromClient || string(m.Body) != "in" || m.ConnectionID != id {
		t.Errorf("saw %+v", m)
	}
	s.api.find(id).send([]byte("out"))
	if m := <-seen; m.FromClient || string(m.Body) != "out" || m.ConnectionID != id {
		t.Errorf("saw %+v", m)
	}
}

func TestMessageLimits(t *testing.T) {
	kilobytes := func(n int) []byte { return []byte(strings.Repeat("x", n<<10)) }
	tests := []struct {
		name      string
		kind      websocket.MessageType
		fragments [][]byte
		code      websocket.StatusCode // 0: the message passes
	}{
		{"frame of 32 KB", websocket.MessageText, [][]byte{kilobytes(32)}, 0},
		{"frame of 32 KB and a byte", websocket.MessageText, [][]byte{append(kilobytes(32), 'x')}, 1009},
		{"four frames make 128 KB", websocket.MessageText, [][]byte{kilobytes(32), kilobytes(32), kilobytes(32), kilobytes(32)}, 0},
		{"a byte more than 128 KB", websocket.MessageText, [][]byte{kilobytes(32), kilobytes(32), kilobytes(32), kilobytes(32), {'x'}}, 1009},
		{"a late frame too big", websocket.MessageText, [][]byte{kilobytes(1), kilobytes(40)}, 1009},
		{"frame of 1 MB", websocket.MessageText, [][]byte{kilobytes(1024)}, 1009},
		{"binary", websocket.MessageBinary, [][]byte{{1, 2, 3}}, 1003},
		{"no UTF-8", websocket.MessageText, [][]byte{{'a', 0xff}}, 1007},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newStage(t, nil)
			socket, _ := s.dial(t, nil)
			send(t, socket, `before`)
			writer, err := socket.Writer(context.Background(), test.kind)
			if err != nil {
				t.Fatal(err)
			}
			size := 0
			for _, fragment := range test.fragments {
				// Each Write is a frame; it fails when the gateway has already closed.
				n, err := writer.Write(fragment)
				if err != nil && test.code == 0 {
					t.Fatal(err)
				}
				size += n
			}
			if err := writer.Close(); err != nil && test.code == 0 {
				t.Fatal(err)
			}
			if test.code == 0 {
				eventually(t, "the message arrives", func() bool { return len(s.of("message")) == 2 })
				var sizes []int
				for _, m := range s.of("message") {
					sizes = append(sizes, len(*m.event.Body))
				}
				if max(sizes[0], sizes[1]) != size {
					t.Errorf("arrived with %v bytes, sent %d", sizes, size)
				}
				return
			}
			if closed := closedWith(t, socket); closed.Code != test.code {
				t.Errorf("closed with %d, want %d", closed.Code, test.code)
			}
			eventually(t, "the end arrives", func() bool { return len(s.of("disconnect")) == 1 })
			if got := s.of("disconnect")[0].event.RequestContext.DisconnectStatusCode; got != int(test.code) {
				t.Errorf("$disconnect is told %d, want %d", got, test.code)
			}
			eventually(t, "the message before arrives", func() bool { return len(s.of("message")) == 1 })
		})
	}
}
