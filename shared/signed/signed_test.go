package signed

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go"
)

// answers are how a service answers one attempt after the other, the last one for ever.
type answers []http.HandlerFunc

// service answers so, and remembers what it was asked.
type service struct {
	mu     sync.Mutex
	bodies []string
}

func (s *service) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.bodies)
}

// start makes a client of a service that answers so. Between attempts is no pause.
func (a answers) start(t *testing.T) (*Client, *service) {
	t.Helper()
	s := &service{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		s.mu.Lock()
		s.bodies = append(s.bodies, string(body))
		attempt := len(s.bodies)
		s.mu.Unlock()
		a[min(attempt, len(a))-1](w, r)
	}))
	t.Cleanup(server.Close)
	return New(configuration(), Service{"Test", "test"}, func() (string, error) { return server.URL, nil }), s
}

func configuration() aws.Config {
	return aws.Config{
		Region: "eu-central-1", Credentials: credentials.NewStaticCredentialsProvider("a", "b", "c"),
		HTTPClient: awshttp.NewBuildableClient().WithTransportOptions(func(transport *http.Transport) {
			transport.ResponseHeaderTimeout = 200 * time.Millisecond
		}),
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) {
				o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
			})
		},
	}
}

var call = Call{Operation: "Try", Method: http.MethodPost, Path: "/a%3D?b=1", Header: http.Header{"X-Amz-Target": {"T"}}, Body: []byte("body")}

// with answers a status, a header "name: value" and a body.
func with(status int, header, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if name, value, given := strings.Cut(header, ": "); given {
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

func lost(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// torn is an answer of which the end gets lost.
func torn(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "100")
	io.WriteString(w, "begun")
	panic(http.ErrAbortHandler)
}

func hanging(_ http.ResponseWriter, r *http.Request) { time.Sleep(400 * time.Millisecond) }

func TestAttempts(t *testing.T) {
	const header = "X-Amzn-ErrorType: "
	for _, test := range []struct {
		name     string
		answers  answers
		attempts int
		code     string // of the error
	}{
		{"right", answers{with(200, "", "fine")}, 1, ""},
		{"right without a body", answers{with(204, "", "")}, 1, ""},
		{"throttled once", answers{with(400, header+"ThrottlingException", `{}`), with(200, "", "fine")}, 2, ""},
		{"throttled", answers{with(429, header+"TooManyRequestsException", `{}`)}, 3, "TooManyRequestsException"},
		{"throttled as the query protocol has it", answers{with(400, "X-Amzn-Query-Error: RequestThrottled;Sender", `{"__type":"com.amazonaws.sqs#RequestThrottled"}`)}, 3, "RequestThrottled"},
		{"failed", answers{with(500, header+"InternalFailure", `{}`)}, 3, "InternalFailure"},
		{"failed behind a load balancer", answers{with(502, "", `<html>`)}, 3, "UnknownError"},
		{"failed twice", answers{with(503, "", ``), with(500, "", ``), with(200, "", "fine")}, 3, ""},
		{"lost", answers{lost}, 3, ""},
		{"lost once", answers{lost, with(200, "", "fine")}, 2, ""},
		{"torn once", answers{torn, with(200, "", "fine")}, 2, ""},
		{"hangs once", answers{hanging, with(200, "", "fine")}, 2, ""},
		{"gone", answers{with(410, header+"GoneException", ``)}, 1, "GoneException"},
		{"gone, with an address", answers{with(410, header+"GoneException:http://internal.amazon.com/x", ``)}, 1, "GoneException"},
		{"too large", answers{with(413, header+"PayloadTooLargeException", `{}`)}, 1, "PayloadTooLargeException"},
		{"forbidden", answers{with(403, header+"AccessDeniedException", `{"message":"no"}`)}, 1, "AccessDeniedException"},
		{"code in the body", answers{with(400, "", `{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"no"}`)}, 1, "QueueDoesNotExist"},
		{"another code in the body", answers{with(404, "", `{"code":"ResourceNotFoundException","Message":"no"}`)}, 1, "ResourceNotFoundException"},
		{"code of the query protocol", answers{with(400, "X-Amzn-Query-Error: AWS.SimpleQueueService.NonExistentQueue;Sender", `{"__type":"com.amazonaws.sqs#QueueDoesNotExist"}`)}, 1, "AWS.SimpleQueueService.NonExistentQueue"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			client, service := test.answers.start(t)
			answer, err := client.Do(t.Context(), call)
			asked := service.asked()
			if len(asked) != test.attempts || slices.ContainsFunc(asked, func(body string) bool { return body != "body" }) {
				t.Errorf("attempts with the bodies %q, want %d", asked, test.attempts)
			}
			if Code(err) != test.code {
				t.Errorf("code %q, want %q: %v", Code(err), test.code, err)
			}
			fine := test.code == "" && test.name != "lost"
			if fine != (err == nil) || fine && string(answer) != "fine" && string(answer) != "" {
				t.Errorf("answer %q, %v", answer, err)
			}
		})
	}
}

func TestErrorSaysWhatWasTried(t *testing.T) {
	client, _ := answers{with(403, "X-Amzn-RequestId: r1", `{"__type":"AccessDeniedException","message":"not for you"}`)}.start(t)
	_, err := client.Do(t.Context(), call)
	for _, want := range []string{"Test", "Try", "403", "r1", "AccessDeniedException", "not for you"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error lacks %s: %v", want, err)
		}
	}
	answered, ok := errors.AsType[*awshttp.ResponseError](err)
	if !ok || answered.HTTPStatusCode() != http.StatusForbidden {
		t.Fatalf("error %#v", err)
	}
	if body, readErr := io.ReadAll(answered.Response.Body); readErr != nil || !strings.Contains(string(body), "not for you") {
		t.Errorf("body %q, %v", body, readErr)
	}
}

func TestWhoGivesUpIsNotWaitedFor(t *testing.T) {
	client, service := answers{hanging}.start(t)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := client.Do(ctx, call)
	if _, canceled := errors.AsType[*smithy.CanceledError](err); !canceled || !errors.Is(err, context.DeadlineExceeded) || len(service.asked()) > 1 {
		t.Errorf("%d attempts: %v", len(service.asked()), err)
	}
	if _, err := client.Do(ctx, call); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a call that is too late: %v", err)
	}
}

func TestAttemptsOfTheConfiguration(t *testing.T) {
	two := configuration()
	two.RetryMaxAttempts = 2
	bare := aws.Config{Region: "eu-central-1", Credentials: two.Credentials, RetryMaxAttempts: 1}
	for attempts, config := range map[int]aws.Config{1: bare, 2: two} {
		client, service := answers{with(500, "", "")}.start(t)
		_, err := New(config, client.service, client.endpoint).Do(t.Context(), call)
		if got := len(service.asked()); err == nil || got != attempts {
			t.Errorf("%d attempts, want %d: %v", got, attempts, err)
		}
	}
}

func TestWhatCannotBeSent(t *testing.T) {
	noCredentials := configuration()
	noCredentials.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{}, errors.New("no credentials")
	})
	for _, test := range []struct {
		config   aws.Config
		endpoint string
		err      error
		want     string
	}{
		{noCredentials, "http://127.0.0.1:1", nil, "no credentials"},
		{configuration(), "", errors.New("no Region"), "no Region"},
		{configuration(), "http://%", nil, "invalid URL escape"},
	} {
		client := New(test.config, Service{"Test", "test"}, func() (string, error) { return test.endpoint, test.err })
		if _, err := client.Do(t.Context(), call); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v, want %s", err, test.want)
		}
	}
}

func TestTheTraceGoesOn(t *testing.T) {
	var header http.Header
	client, _ := answers{func(_ http.ResponseWriter, r *http.Request) { header = r.Header.Clone() }}.start(t)
	t.Setenv("AWS_LAMBDA_FUNCTION_NAME", "F")
	t.Setenv("_X_AMZN_TRACE_ID", "Root=1-5759e988;Sampled=1;Lineage=a87bd80c:1|68fd508a:5/")
	if _, err := client.Do(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	const want = "Root=1-5759e988;Sampled=1;Lineage=a87bd80c:1%7C68fd508a:5%2F"
	if got := header.Get("X-Amzn-Trace-Id"); got != want {
		t.Errorf("trace %q, want %q", got, want)
	}
	if header.Get("X-Amz-Target") != "T" || header.Get("X-Amz-Security-Token") != "c" {
		t.Errorf("headers %v", header)
	}
}
