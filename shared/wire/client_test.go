package wire

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestAnswers(t *testing.T) {
	large := strings.Repeat("0123456789", 50_000)
	for _, test := range []struct {
		name    string
		handler http.HandlerFunc
		body    string
		status  int
		answer  string
		dialed  int32 // connections for three requests
	}{
		{"echo", func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) }, "hello", 200, "hello", 1},
		{"no content", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(204) }, "hello", 204, "", 1},
		{"empty", func(w http.ResponseWriter, r *http.Request) {}, "", 200, "", 1},
		{"error", func(w http.ResponseWriter, r *http.Request) { http.Error(w, "broken", 500) }, "x", 500, "broken\n", 1},
		{"redirect", func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Location", "/x"); w.WriteHeader(307) }, "x", 307, "", 1},
		{"large both ways", func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			w.Write(body)
		}, large, 200, large, 1},
		{"in chunks", func(w http.ResponseWriter, r *http.Request) {
			for range 3 {
				io.WriteString(w, "part ")
				w.(http.Flusher).Flush()
			}
		}, "x", 200, "part part part ", 1},
		{"not kept", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Connection", "close")
			io.WriteString(w, "bye")
		}, "x", 200, "bye", 3},
		{"hints before it", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(103); io.WriteString(w, "then") }, "x", 200, "then", 1},
	} {
		for _, secure := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, TLS %t", test.name, secure), func(t *testing.T) {
				t.Parallel()
				server := serve(t, secure, test.handler)
				client, dialed := newClient()
				if secure {
					client.TLS = server.Client().Transport.(*http.Transport).TLSClientConfig
				}
				for range 3 {
					answer, text, err := post(t, t.Context(), client, server.URL, test.body)
					if err != nil || answer.StatusCode != test.status || text != test.answer {
						t.Fatalf("%.200q, %v, %+v", text, err, answer)
					}
				}
				if got := dialed.Load(); got != test.dialed {
					t.Errorf("%d connections, want %d", got, test.dialed)
				}
			})
		}
	}
}

// TestConnectionsThatEnded: whether it is known beforehand or not, the request is answered on another one.
func TestConnectionsThatEnded(t *testing.T) {
	const answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	ended := make(chan struct{}, 10)
	for name, serve := range map[string]func(number int, c net.Conn, requests *bufio.Reader){
		"while it waited": func(number int, c net.Conn, requests *bufio.Reader) {
			read(t, requests)
			io.WriteString(c, answer)
			c.Close()
			ended <- struct{}{}
		},
		"when it was used": func(number int, c net.Conn, requests *bufio.Reader) {
			read(t, requests)
			io.WriteString(c, answer)
			ended <- struct{}{}
			read(t, requests)
		},
		"when it was used, unread": func(number int, c net.Conn, requests *bufio.Reader) {
			read(t, requests)
			io.WriteString(c, answer)
			ended <- struct{}{}
			requests.Peek(1) // what is left unread makes the end a reset
		},
		"with words that nobody asked for": func(number int, c net.Conn, requests *bufio.Reader) {
			read(t, requests)
			io.WriteString(c, answer)
			io.WriteString(c, "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n")
			ended <- struct{}{}
			read(t, requests)
		},
	} {
		t.Run(name, func(t *testing.T) {
			url := raw(t, serve)
			client, dialed := newClient()
			for range 3 {
				if _, text, err := post(t, t.Context(), client, url, strings.Repeat("x", 100_000)); err != nil || text != "ok" {
					t.Fatalf("%q, %v", text, err)
				}
				<-ended
			}
			if got := dialed.Load(); got != 3 {
				t.Errorf("%d connections, want 3", got)
			}
		})
	}
}

func TestFailures(t *testing.T) {
	begun := func(text string) func(int, net.Conn, *bufio.Reader) {
		return func(_ int, c net.Conn, requests *bufio.Reader) { read(t, requests); io.WriteString(c, text) }
	}
	silent := func(text string) func(int, net.Conn, *bufio.Reader) {
		return func(_ int, c net.Conn, requests *bufio.Reader) {
			read(t, requests)
			io.WriteString(c, text)
			requests.Peek(1) // until the other side ends it
		}
	}
	for _, test := range []struct {
		name   string
		answer func(int, net.Conn, *bufio.Reader)
		err    error // nil: any
	}{
		{"ended at once", begun(""), errEnded},
		{"ended in the headers", begun("HTTP/1.1 200 OK\r\nContent-"), nil},
		{"ended in the body", begun("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"), io.ErrUnexpectedEOF},
		{"no HTTP", begun("SSH-2.0-OpenSSH\r\n\r\n"), nil},
		{"silent", silent(""), os.ErrDeadlineExceeded},
		{"silent after the first line", silent("HTTP/1.1 200 OK\r\n"), os.ErrDeadlineExceeded},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var served atomic.Int32
			url := raw(t, func(number int, c net.Conn, requests *bufio.Reader) { served.Add(1); test.answer(number, c, requests) })
			client, _ := newClient()
			client.AnswerTimeout = 100 * time.Millisecond
			if _, _, err := post(t, t.Context(), client, url, "x"); err == nil || test.err != nil && !errors.Is(err, test.err) {
				t.Errorf("error %v, want %v", err, test.err)
			}
			if len(client.idle.waiting[host{address: strings.TrimPrefix(url, "http://")}]) > 0 || served.Load() != 1 {
				t.Errorf("the connection is kept, or the request was sent %d times", served.Load())
			}
		})
	}
}

// TestTheBodyMayTakeLonger: the timeout is that of the headers; a body ends with its context.
func TestTheBodyMayTakeLonger(t *testing.T) {
	server := serve(t, false, func(w http.ResponseWriter, r *http.Request) {
		w.(http.Flusher).Flush()
		select {
		case <-time.After(300 * time.Millisecond):
		case <-r.Context().Done():
		}
		io.WriteString(w, "late")
	})
	client, _ := newClient()
	client.AnswerTimeout = 100 * time.Millisecond
	if _, text, err := post(t, t.Context(), client, server.URL, ""); err != nil || text != "late" {
		t.Errorf("%q, %v", text, err)
	}
	short, cancel := context.WithTimeout(t.Context(), 150*time.Millisecond)
	defer cancel()
	if _, text, err := post(t, short, client, server.URL, ""); err == nil {
		t.Errorf("%q was read after the deadline", text)
	}
}

func TestContextsThatEnd(t *testing.T) {
	var begun sync.WaitGroup
	begun.Add(1)
	server := serve(t, false, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			begun.Done()
			<-r.Context().Done()
		}
	})
	client, dialed := newClient()
	if _, _, err := post(t, t.Context(), client, server.URL, ""); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() { begun.Wait(); cancel() }()
	if _, _, err := post(t, ctx, client, server.URL+"/slow", ""); err != context.Canceled {
		t.Errorf("error %v", err)
	}
	if _, _, err := post(t, ctx, client, server.URL, ""); err != context.Canceled {
		t.Errorf("a call with a context that ended: %v", err)
	}
	if _, _, err := post(t, t.Context(), client, server.URL, ""); err != nil || dialed.Load() != 2 {
		t.Errorf("%v, %d connections, want 2", err, dialed.Load())
	}
}

func TestUnreachable(t *testing.T) {
	client, _ := newClient()
	if _, _, err := post(t, t.Context(), client, "http://127.0.0.1:1", "x"); err == nil {
		t.Error("nobody is there")
	}
	server := serve(t, true, func(http.ResponseWriter, *http.Request) {})
	unknown, _ := newClient()
	if _, _, err := post(t, t.Context(), unknown, server.URL, "x"); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("a certificate of nobody: %v", err)
	}
	silent := raw(t, func(_ int, c net.Conn, requests *bufio.Reader) { io.Copy(io.Discard, requests) })
	unknown.HandshakeTimeout = 100 * time.Millisecond
	if _, _, err := post(t, t.Context(), unknown, strings.Replace(silent, "http:", "https:", 1), "x"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a handshake that takes forever: %v", err)
	}
}

// TestConnectionsKept: no more than MaxIdle wait, and none for longer than IdleTimeout.
func TestConnectionsKept(t *testing.T) {
	var all sync.WaitGroup
	all.Add(4)
	server := serve(t, false, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/together" {
			all.Done()
			all.Wait()
		}
	})
	client, dialed := newClient()
	var callers sync.WaitGroup
	for range 4 {
		callers.Go(func() {
			if _, _, err := post(t, t.Context(), client, server.URL+"/together", "x"); err != nil {
				t.Error(err)
			}
		})
	}
	callers.Wait()
	if kept := len(client.idle.waiting[host{address: server.Listener.Addr().String()}]); dialed.Load() != 4 || kept != 2 {
		t.Errorf("%d connections, of which %d are kept", dialed.Load(), kept)
	}
	for _, kept := range client.idle.waiting[host{address: server.Listener.Addr().String()}] {
		if strings.Contains(kept.since.String(), "m=") {
			t.Errorf("a connection waits since %s: while the process is frozen, that clock may stand still", kept.since)
		}
	}
	if _, _, err := post(t, t.Context(), client.Unkept(), server.URL, "x"); err != nil || dialed.Load() != 5 {
		t.Errorf("%v, %d connections: one that was kept was used", err, dialed.Load())
	}
	client.IdleTimeout = time.Nanosecond
	if _, _, err := post(t, t.Context(), client, server.URL, "x"); err != nil || dialed.Load() != 6 {
		t.Errorf("%v, %d connections: an old one was used", err, dialed.Load())
	}
}

// TestWhoLeavesTheBody loses the connection and nothing else.
func TestWhoLeavesTheBody(t *testing.T) {
	server := serve(t, false, func(w http.ResponseWriter, r *http.Request) { w.Write(bytes.Repeat([]byte("x"), 1<<20)) })
	client, dialed := newClient()
	for range 2 {
		request, err := http.NewRequest(http.MethodGet, server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		answer.Body.Close()
		if _, err := answer.Body.Read(make([]byte, 1)); err != http.ErrBodyReadAfterClose {
			t.Errorf("what was given up reads as %v", err)
		}
	}
	if dialed.Load() != 2 {
		t.Errorf("%d connections, want 2", dialed.Load())
	}
}

func TestHosts(t *testing.T) {
	for given, want := range map[string]host{
		"http://127.0.0.1:4566/x":                      {false, "127.0.0.1:4566"},
		"https://sqs.eu-central-1.amazonaws.com/a?b=c": {true, "sqs.eu-central-1.amazonaws.com:443"},
		"http://example.org":                           {false, "example.org:80"},
		"https://[2001:db8::1]":                        {true, "[2001:db8::1]:443"},
	} {
		request, err := http.NewRequest(http.MethodGet, given, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := hostOf(request.URL); got != want {
			t.Errorf("%s is %+v, want %+v", given, got, want)
		}
	}
}

// BenchmarkClient is one request at a time over a kept connection, beside net/http's transport. The server is in this process: give it
// one processor (-cpu 1), which is also what a function has.
func BenchmarkClient(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		io.WriteString(w, `{"UnprocessedItems":{}}`)
	}))
	defer server.Close()
	wired, _ := newClient()
	for _, client := range []struct {
		name string
		do   func(*http.Request) (*http.Response, error)
	}{{"wire", wired.Do}, {"net/http", (&http.Transport{ResponseHeaderTimeout: wired.AnswerTimeout}).RoundTrip}} {
		b.Run(client.name, func(b *testing.B) {
			ctx, cancel := context.WithCancel(b.Context()) // an invocation's context can end
			defer cancel()
			body := bytes.Repeat([]byte("x"), 900)
			b.ReportAllocs()
			for b.Loop() {
				request, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL, bytes.NewReader(body))
				if err != nil {
					b.Fatal(err)
				}
				answer, err := client.do(request)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := io.Copy(io.Discard, answer.Body); err != nil {
					b.Fatal(err)
				}
				answer.Body.Close()
			}
		})
	}
}
