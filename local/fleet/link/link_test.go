package link

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// server is a central system that lets one password in, echoes, and hangs up on request.
func server(t *testing.T) (url string, closed chan websocket.StatusCode) {
	closed = make(chan websocket.StatusCode, 10)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "CP1" || password != "\x00key" {
			http.Error(w, "no", http.StatusUnauthorized)
			return
		}
		conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"ocpp1.6"}})
		if err != nil {
			return // the test fails for want of a connection
		}
		defer conn.CloseNow()
		for {
			kind, data, err := conn.Read(r.Context())
			if err != nil {
				closed <- websocket.CloseStatus(err)
				return
			}
			if string(data) == "hang up" || conn.Write(r.Context(), kind, data) != nil {
				return
			}
		}
	}))
	t.Cleanup(s.Close)
	return "ws" + strings.TrimPrefix(s.URL, "http") + "/CP1", closed
}

func next(t *testing.T, l *Link, want Kind) Event {
	t.Helper()
	for {
		select {
		case e := <-l.Events():
			if !l.Current(e) {
				continue
			}
			if e.Kind != want {
				t.Fatalf("event %+v, want kind %d", e, want)
			}
			return e
		case <-time.After(10 * time.Second):
			t.Fatalf("no event of kind %d", want)
		}
	}
}

func TestConnection(t *testing.T) {
	url, closed := server(t)
	l := New(http.DefaultClient)
	if err := l.Send(t.Context(), []byte("x")); err != ErrNotConnected {
		t.Errorf("sent without a connection: %v", err)
	}
	good := Target{URL: url, Protocol: "ocpp1.6", User: "CP1", Password: "\x00key"}

	wrong := good
	wrong.Password = "wrong"
	l.Connect(t.Context(), wrong)
	if e := next(t, l, Refused); e.Status != http.StatusUnauthorized || e.Err == nil {
		t.Errorf("refused by %+v", e)
	}
	unspoken := good
	unspoken.Protocol = "ocpp9"
	l.Connect(t.Context(), unspoken)
	if e := next(t, l, Refused); !strings.Contains(e.Err.Error(), "ocpp9") {
		t.Errorf("refused by %+v", e)
	}
	<-closed

	l.Connect(t.Context(), good)
	next(t, l, Connected)
	send := func(text string) {
		if err := l.Send(t.Context(), []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	send("hello")
	if e := next(t, l, Received); string(e.Data) != "hello" {
		t.Errorf("received %q", e.Data)
	}
	send("hang up")
	next(t, l, Lost)

	for _, test := range []struct {
		name string
		end  func()
		want websocket.StatusCode
	}{
		{"with a close frame", func() { <-l.Close("bye") }, websocket.StatusNormalClosure},
		{"without one", l.Drop, -1},
	} {
		l.Connect(t.Context(), good)
		next(t, l, Connected)
		test.end()
		if got := <-closed; got != test.want {
			t.Errorf("%s: the other side saw %d, want %d", test.name, got, test.want)
		}
	}
	<-l.Close("again") // nothing to close
}
