package localhttp_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/local/localhttp"
)

// patience is how long a test waits for what must come; nothing that is right takes a tenth of it.
const patience = 5 * time.Second

// start serves until the test ends.
func start(t *testing.T, handler http.Handler) (*localhttp.Server, string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &localhttp.Server{Handler: handler, Log: slog.New(slog.DiscardHandler)}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("Serve returned %v", err)
		}
	})
	return server, listener.Addr().String()
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return conn
}

// behaviour is a handler with an example of everything.
func behaviour(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/echo":
		w.Header().Set("Content-Type", "text/x")
		w.Header().Add("X-Many", "1")
		w.Header().Add("X-Many", "2")
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.Copy(w, r.Body)
		_, _ = io.WriteString(w, r.Trailer.Get("X-End"))
	case "/read":
		body, _ := io.ReadAll(r.Body) // what was read so far is the answer
		_, _ = w.Write(body)
	case "/nothing":
		w.WriteHeader(http.StatusNoContent)
	case "/typed":
		_, _ = io.WriteString(w, "<html>")
	case "/abort":
		panic(http.ErrAbortHandler)
	case "/panic":
		panic("no reason")
	}
}

// exchange sends some bytes and returns all answers until the connection ends.
func exchange(t *testing.T, address, sent string) (answers []string) {
	t.Helper()
	conn := dial(t, address)
	if _, err := io.WriteString(conn, sent); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(conn)
	for {
		response, err := http.ReadResponse(in, nil)
		if err != nil {
			return answers
		}
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		response.Header.Del("Date")
		var header strings.Builder
		if err := response.Header.Write(&header); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, response.Status+"\n"+header.String()+string(body))
	}
}

func TestAnswersAreThoseOfNetHTTP(t *testing.T) {
	_, ours := start(t, http.HandlerFunc(behaviour))
	theirs := httptest.NewUnstartedServer(http.HandlerFunc(behaviour))
	theirs.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)
	theirs.Start()
	defer theirs.Close()
	const last = "GET /typed HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
	for name, sent := range map[string]string{
		"one":                    last,
		"two":                    "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab" + last,
		"chunks and a trailer":   "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTrailer: X-End\r\n\r\n2\r\nab\r\n0\r\nX-End: e\r\n\r\n" + last,
		"a body nobody reads":    "POST /typed HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nGET /" + last,
		"no content":             "GET /nothing HTTP/1.1\r\nHost: h\r\n\r\n" + last,
		"empty":                  "GET /other HTTP/1.1\r\nHost: h\r\n\r\n" + last,
		"HTTP/1.0":               "GET /typed HTTP/1.0\r\n\r\n" + last,
		"HTTP/1.0, kept":         "GET /typed HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + last,
		"aborted":                "GET /abort HTTP/1.1\r\nHost: h\r\n\r\n" + last,
		"panicked":               "GET /panic HTTP/1.1\r\nHost: h\r\n\r\n" + last,
		"waits for the go-ahead": "POST /read HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab",
	} {
		t.Run(name, func(t *testing.T) {
			got, want := exchange(t, ours, sent), exchange(t, theirs.Listener.Addr().String(), sent)
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%q\nwant %q", got, want)
			}
		})
	}
	for _, sent := range []string{"no HTTP\r\n\r\n", "GET / HTTP/1.1\r\n\r\n"} {
		if got := exchange(t, ours, sent); len(got) != 1 || !strings.HasPrefix(got[0], "400 ") {
			t.Errorf("%q is answered %q", sent, got)
		}
	}
}

// A protocol that begins as HTTP goes on with what the client has sent already.
func TestHijack(t *testing.T) {
	_, address := start(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		default: // the connection is watched now
		}
		w.Header().Set("Upgrade", "x")
		w.WriteHeader(http.StatusSwitchingProtocols)
		conn, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		if _, _, err := http.NewResponseController(w).Hijack(); !errors.Is(err, http.ErrHijacked) {
			t.Errorf("a second time: %v", err)
		}
		go func() {
			defer conn.Close()
			_, _ = io.CopyN(conn, buffered, 4) // the client notices what is missing
		}()
	}))
	conn := dial(t, address)
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\n\r\nab"); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(conn)
	response, err := http.ReadResponse(in, nil)
	if err != nil || response.StatusCode != http.StatusSwitchingProtocols || response.Header.Get("Upgrade") != "x" {
		t.Fatalf("%+v, %v", response, err)
	}
	if _, err := io.WriteString(conn, "cd"); err != nil {
		t.Fatal(err)
	}
	if echo, err := io.ReadAll(in); err != nil || string(echo) != "abcd" {
		t.Errorf("%q, %v", echo, err)
	}
}

func TestContextEndsWhenTheClientLeaves(t *testing.T) {
	left := make(chan error, 1)
	_, address := start(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadFull(r.Body, make([]byte, r.ContentLength)); err != nil {
			t.Error(err)
		}
		ctx, cancel := context.WithTimeout(r.Context(), patience)
		defer cancel()
		<-ctx.Done()
		left <- ctx.Err()
	}))
	for _, sent := range []string{"GET / HTTP/1.1\r\nHost: h\r\n\r\n", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab"} {
		conn := dial(t, address)
		if _, err := io.WriteString(conn, sent); err != nil {
			t.Fatal(err)
		}
		conn.Close()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("the context ended with %v", err)
		}
	}
}

func TestContextEndsWithTheAnswer(t *testing.T) {
	contexts := make(chan context.Context, 2)
	_, address := start(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/watched" {
			select {
			case <-r.Context().Done():
				t.Error("the client has not left")
			default:
			}
		}
		contexts <- r.Context()
	}))
	if got := exchange(t, address, "GET /watched HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"); len(got) != 2 {
		t.Fatalf("answered %q", got)
	}
	for range 2 {
		ctx := <-contexts
		<-ctx.Done()
		if !errors.Is(ctx.Err(), context.Canceled) {
			t.Errorf("the context ended with %v", ctx.Err())
		}
	}
}

func TestShutdownWaitsForAnswers(t *testing.T) {
	arrived, proceed := make(chan struct{}), make(chan struct{})
	server, address := start(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(arrived)
		<-proceed
		_, _ = io.WriteString(w, "done")
	}))
	idle, busy := dial(t, address), make(chan []string, 1)
	go func() { busy <- exchange(t, address, "GET / HTTP/1.1\r\nHost: h\r\n\r\n") }()
	<-arrived
	late, cancel := context.WithCancel(t.Context())
	cancel()
	if err := server.Shutdown(late); !errors.Is(err, context.Canceled) {
		t.Errorf("Shutdown returned %v", err)
	}
	if _, err := idle.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("an idle connection reads %v", err)
	}
	close(proceed)
	if err := server.Shutdown(t.Context()); err != nil {
		t.Errorf("Shutdown returned %v", err)
	}
	if got := <-busy; len(got) != 1 || !strings.HasSuffix(got[0], "done") {
		t.Errorf("answered %q", got)
	}
}

// BenchmarkServe is a call of a function's size, of this server and of net/http's.
func BenchmarkServe(b *testing.B) {
	handler := http.HandlerFunc(behaviour)
	serve := map[string]func(net.Listener){
		"localhttp": func(l net.Listener) { _ = (&localhttp.Server{Handler: handler}).Serve(l) },
		"net/http":  func(l net.Listener) { _ = (&http.Server{Handler: handler}).Serve(l) },
	}
	for name, serve := range serve {
		b.Run(name, func(b *testing.B) {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				b.Fatal(err)
			}
			defer listener.Close()
			go serve(listener)
			conn, err := net.Dial("tcp", listener.Addr().String())
			if err != nil {
				b.Fatal(err)
			}
			defer conn.Close()
			request := "POST /read HTTP/1.1\r\nHost: h\r\nContent-Length: 500\r\nX-Amz-Target: AmazonSQS.SendMessage\r\n\r\n" + strings.Repeat("x", 500)
			answer := make([]byte, 4096)
			for b.Loop() {
				if _, err := io.WriteString(conn, request); err != nil {
					b.Fatal(err)
				}
				if _, err := conn.Read(answer); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
