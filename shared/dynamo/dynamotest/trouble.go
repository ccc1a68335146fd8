package dynamotest

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// Trouble is a way to AWS on which one call fails.
type Trouble struct {
	mu      sync.Mutex
	at      int // 0: none fails
	calls   int
	working aws.HTTPClient
}

// Client speaks to the server of Client on this way.
func (w *Trouble) Client() *dynamodb.Client {
	options := Client().Options()
	w.working, options.HTTPClient = options.HTTPClient, w
	return dynamodb.New(options)
}

// Fail lets the nth call from now on fail.
func (w *Trouble) Fail(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.calls + n
}

// Calls is how many there were.
func (w *Trouble) Calls() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.calls
}

// Call is a call of something else than DynamoDB.
func (w *Trouble) Call() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.calls++; w.calls == w.at {
		return errors.New("AWS is not well")
	}
	return nil
}

// Do is a call of DynamoDB. It fails in a way that no client tries again.
func (w *Trouble) Do(request *http.Request) (*http.Response, error) {
	if w.Call() == nil {
		return w.working.Do(request)
	}
	const body = `{"__type":"com.amazonaws.dynamodb.v20120810#AccessDeniedException","message":"AWS is not well"}`
	header := http.Header{"Content-Type": {"application/x-amz-json-1.0"}}
	return &http.Response{StatusCode: http.StatusBadRequest, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: request}, nil
}
