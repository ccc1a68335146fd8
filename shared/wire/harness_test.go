package wire

import (
	"bufio"
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// newClient is one like that of the functions, and counts its connections.
func newClient() (*Client, *atomic.Int32) {
	var dialed atomic.Int32
	return &Client{
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			dialed.Add(1)
			return (&net.Dialer{}).DialContext(ctx, network, address)
		},
		HandshakeTimeout: time.Second, AnswerTimeout: 5 * time.Second, IdleTimeout: time.Minute, MaxIdle: 2,
	}, &dialed
}

// serve answers with handler, over TLS or not.
func serve(t *testing.T, secure bool, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // a handshake that fails is what a test wants
	if secure {
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	return server
}

// raw gives every connection to a function of its own, which may say what no server would.
func raw(t *testing.T, answer func(number int, c net.Conn, requests *bufio.Reader)) (url string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	ended, end := context.WithCancel(context.Background())
	t.Cleanup(func() { end(); listener.Close(); running.Wait() })
	running.Go(func() {
		for number := 1; ; number++ {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			context.AfterFunc(ended, func() { c.Close() })
			running.Go(func() { defer c.Close(); answer(number, c, bufio.NewReader(c)) })
		}
	})
	return "http://" + listener.Addr().String()
}

// read takes one request off a raw connection.
func read(t *testing.T, requests *bufio.Reader) bool {
	request, err := http.ReadRequest(requests)
	if err != nil {
		return false
	}
	if _, err := io.Copy(io.Discard, request.Body); err != nil {
		t.Error(err)
	}
	return true
}

func post(t *testing.T, ctx context.Context, c *Client, url, body string) (*http.Response, string, error) {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := c.Do(request)
	if err != nil {
		return nil, "", err
	}
	text, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	return answer, string(text), err
}
