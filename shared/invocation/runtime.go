package invocation

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/serverless-ocpp/backend/shared/wire"
)

const (
	addressVariable = "AWS_LAMBDA_RUNTIME_API"
	traceVariable   = "_X_AMZN_TRACE_ID" // where the SDK looks for the trace
	invocations     = "/2018-06-01/runtime/invocation/"
	maxCause        = 1 << 20 // bytes that X-Ray takes
)

// runtime is Lambda's runtime API, which listens beside the process.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
type runtime struct {
	address string
	client  *wire.Client
}

func newRuntime(address string) *runtime {
	return &runtime{address, &wire.Client{Dial: new(net.Dialer).DialContext, MaxIdle: 1}}
}

// serve returns when Lambda cannot be asked or told, or when the handler panicked.
func (r *runtime) serve(handler lambda.Handler) error {
	for {
		event, about, err := r.next()
		if err != nil {
			return fmt.Errorf("Lambda gives no event: %w", err)
		}
		if err := r.invoke(handler, event, about); err != nil {
			return err
		}
	}
}

// next waits for as long as there is no event.
func (r *runtime) next() (event []byte, about http.Header, err error) {
	return r.call(http.MethodGet, "next", nil, nil, http.StatusOK)
}

func (r *runtime) invoke(handler lambda.Handler, event []byte, about http.Header) error {
	ctx, cancel, err := contextOf(about)
	defer cancel()
	var answer []byte
	var failed *failure
	if err != nil {
		failed = failureOf(err)
	} else {
		answer, failed = attempt(ctx, handler, event)
	}
	id := about.Get("Lambda-Runtime-Aws-Request-Id")
	if failed == nil {
		return r.tell(id+"/response", answer, http.Header{})
	}
	slog.InfoContext(ctx, "the invocation failed", "error", failed.Message) // the handler has said more
	header := http.Header{}
	if cause := failed.cause(); len(cause) < maxCause {
		header["Lambda-Runtime-Function-Xray-Error-Cause"] = []string{cause}
	}
	if err := r.tell(id+"/error", failed.text(), header); err != nil {
		return err
	}
	if failed.ShouldExit {
		return fmt.Errorf("the handler panicked: %s", failed.Message)
	}
	return nil
}

// attempt has the handler deal with an event. The answer is in a buffer of the library's, until the next event.
func attempt(ctx context.Context, handler lambda.Handler, event []byte) (answer []byte, failed *failure) {
	defer func() {
		if cause := recover(); cause != nil {
			answer, failed = nil, failureOfPanic(cause)
		}
	}()
	answer, err := handler.Invoke(ctx, event)
	if err != nil {
		return nil, failureOf(err)
	}
	return answer, nil
}

// contextOf holds what Lambda says about an invocation.
func contextOf(about http.Header) (_ context.Context, cancel context.CancelFunc, err error) {
	of := lambdacontext.LambdaContext{
		AwsRequestID:       about.Get("Lambda-Runtime-Aws-Request-Id"),
		InvokedFunctionArn: about.Get("Lambda-Runtime-Invoked-Function-Arn"),
		TenantID:           about.Get("Lambda-Runtime-Aws-Tenant-Id"),
	}
	ctx := lambdacontext.NewContext(context.Background(), &of)
	end, err := strconv.ParseInt(about.Get("Lambda-Runtime-Deadline-Ms"), 10, 64)
	if err != nil {
		return ctx, func() {}, fmt.Errorf("Lambda gives no deadline: %w", err)
	}
	ctx, cancel = context.WithDeadline(ctx, time.UnixMilli(end))
	if err := parseIf(about.Get("Lambda-Runtime-Client-Context"), &of.ClientContext); err != nil {
		return ctx, cancel, fmt.Errorf("the client context cannot be read: %w", err)
	}
	if err := parseIf(about.Get("Lambda-Runtime-Cognito-Identity"), &of.Identity); err != nil {
		return ctx, cancel, fmt.Errorf("the Cognito identity cannot be read: %w", err)
	}
	return ctx, cancel, os.Setenv(traceVariable, about.Get("Lambda-Runtime-Trace-Id"))
}

func parseIf(text string, into any) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), into)
}

// tell delivers what became of an invocation.
func (r *runtime) tell(call string, text []byte, header http.Header) error {
	header["Content-Type"] = []string{"application/json"}
	_, _, err := r.call(http.MethodPost, call, header, text, http.StatusAccepted)
	if err != nil {
		return fmt.Errorf("Lambda does not take what became of an invocation: %w", err)
	}
	return nil
}

// call makes a call of the runtime API, and returns its answer, which has the status that is wanted.
func (r *runtime) call(method, call string, header http.Header, text []byte, wanted int) ([]byte, http.Header, error) {
	request := &http.Request{Method: method, URL: &url.URL{Scheme: "http", Host: r.address, Path: invocations + call}, Header: header}
	if method == http.MethodPost {
		request.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }
		request.Body, request.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	}
	answer, err := r.client.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer answer.Body.Close()
	var said bytes.Buffer
	said.Grow(int(max(answer.ContentLength, 0)) + bytes.MinRead) // at once, and the look for more
	if _, err = said.ReadFrom(answer.Body); err == nil && answer.StatusCode != wanted {
		err = fmt.Errorf("%s %s is answered %s: %.200s", method, request.URL, answer.Status, said.Bytes())
	}
	return said.Bytes(), answer.Header, err
}
