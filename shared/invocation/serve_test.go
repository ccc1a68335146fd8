package invocation

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambda/messages"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

// The functions of these tests are this program, started anew with one of these in childVariable.
const (
	childVariable = "INVOCATION_TEST_FUNCTION"
	ours          = "invocation.Serve"
	theirs        = "lambda.Start"
)

func TestMain(m *testing.M) {
	switch os.Getenv(childVariable) {
	case ours:
		Serve(deal)
	case theirs:
		lambda.Start(deal)
	}
	os.Exit(m.Run())
}

type event struct{ Do, Text string }

type brokenMeter struct{ id string }

func (b *brokenMeter) Error() string { return "meter " + b.id + " is broken" }

// deal does what an event says.
func deal(ctx context.Context, e event) (any, error) {
	switch e.Do {
	case "echo":
		return e.Text, nil
	case "fail":
		return nil, errors.New(e.Text)
	case "fail with a type":
		return nil, &brokenMeter{e.Text}
	case "fail with Lambda's own":
		return nil, messages.InvokeResponse_Error{Type: "Odd", Message: e.Text, StackTrace: []*messages.InvokeResponse_Error_StackFrame{{Path: "a.go", Line: 3, Label: "f"}}}
	case "panic":
		panic(e.Text)
	case "context":
		of, _ := lambdacontext.FromContext(ctx)
		end, _ := ctx.Deadline()
		return []any{of, end.UnixMilli(), os.Getenv("_X_AMZN_TRACE_ID")}, nil
	case "meet":
		return nil, meet(e.Text)
	}
	return func() {}, nil // no JSON
}

// told is a call that tells Lambda what became of an invocation.
type told struct {
	Path, ContentType, Body, Cause string
}

// api is a runtime API that gives events, each with headers of its own, and then answers 410.
type api struct {
	*httptest.Server
	status int // of its answers to what it is told

	mutex  sync.Mutex
	events []string
	header http.Header
	given  int
	told   []told
}

func newAPI(t testing.TB, events ...string) *api {
	a := &api{events: events, status: http.StatusAccepted, header: http.Header{}}
	a.Server = httptest.NewServer(a)
	t.Cleanup(a.Close)
	return a
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if r.Method == http.MethodPost {
		a.told = append(a.told, told{r.URL.Path, r.Header.Get("Content-Type"), string(text), r.Header.Get("Lambda-Runtime-Function-Xray-Error-Cause")})
		w.WriteHeader(a.status)
		return
	}
	if r.URL.Path != "/2018-06-01/runtime/invocation/next" || a.given == len(a.events) {
		w.WriteHeader(http.StatusGone)
		return
	}
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.Header().Set("Lambda-Runtime-Aws-Request-Id", "id"+strconv.Itoa(a.given))
	if w.Header().Get("Lambda-Runtime-Deadline-Ms") == "" {
		w.Header().Set("Lambda-Runtime-Deadline-Ms", "4102444800000")
	}
	io.WriteString(w, a.events[a.given])
	a.given++
}

// run is the life of a function, until it ends.
func (a *api) run(t testing.TB, function string, environment ...string) (output string, exit int) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, program)
	command.Env = append([]string{childVariable + "=" + function, "AWS_LAMBDA_RUNTIME_API=" + strings.TrimPrefix(a.URL, "http://")}, environment...)
	said, err := command.CombinedOutput()
	if exited := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exited) {
		t.Fatal(err)
	}
	return string(said), command.ProcessState.ExitCode()
}

// TestLambdaIsToldWhatTheLibraryTells, whatever becomes of an invocation.
func TestLambdaIsToldWhatTheLibraryTells(t *testing.T) {
	events := []string{
		`{"Do":"echo","Text":"<ü>"}`, `{"Do":"echo","Text":"` + strings.Repeat("x", 300_000) + `"}`, `{"Do":"fail","Text":"no \"power\""}`,
		`{"Do":"fail with a type","Text":"7"}`, `{"Do":"fail with Lambda's own","Text":"odd"}`, `{"Do":"context"}`, `{"Do":"no JSON"}`, `["no event"]`, `{"Do":`,
	}
	for name, header := range map[string]http.Header{
		"plain": {},
		"with everything": {
			"Lambda-Runtime-Invoked-Function-Arn": {"arn:aws:lambda:eu-central-1:000000000000:function:F"}, "Lambda-Runtime-Trace-Id": {"Root=1-5"}, "Lambda-Runtime-Aws-Tenant-Id": {"depot"},
			"Lambda-Runtime-Client-Context": {`{"client":{"app_title":"x"},"custom":{"a":"b"}}`}, "Lambda-Runtime-Cognito-Identity": {`{"cognitoIdentityId":"i"}`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			our, their := newAPI(t, events...), newAPI(t, events...)
			our.header, their.header = header, header
			output, exit := our.run(t, ours)
			if _, theirExit := their.run(t, theirs); exit != 1 || exit != theirExit {
				t.Errorf("exit %d, the library's is %d: %s", exit, theirExit, output)
			}
			if !strings.Contains(output, "Lambda gives no event") || !strings.Contains(output, "410 Gone") {
				t.Errorf("it does not say why it ends: %s", output)
			}
			if len(our.told) != len(events) || len(their.told) != len(events) {
				t.Fatalf("%d and %d of %d events are dealt with: %s", len(our.told), len(their.told), len(events), output)
			}
			for n := range events {
				if got, want := our.told[n], their.told[n]; got != want {
					t.Errorf("%.60s:\n%.300v, want\n%.300v", events[n], got, want)
				}
			}
		})
	}
}

// TestWhatLambdaSaysAndNobodyUnderstands fails the invocation, and the function goes on.
func TestWhatLambdaSaysAndNobodyUnderstands(t *testing.T) {
	for header, problem := range map[string]string{
		"Lambda-Runtime-Deadline-Ms":      "Lambda gives no deadline: ",
		"Lambda-Runtime-Client-Context":   "the client context cannot be read: ",
		"Lambda-Runtime-Cognito-Identity": "the Cognito identity cannot be read: ",
	} {
		a := newAPI(t, `{"Do":"echo"}`, `{"Do":"echo"}`)
		a.header.Set(header, "{")
		output, _ := a.run(t, ours)
		if len(a.told) != 2 || !strings.HasSuffix(a.told[1].Path, "/id1/error") || !strings.Contains(a.told[1].Body, `{"errorMessage":"`+problem) {
			t.Errorf("%s: told %v: %s", header, a.told, output)
		}
	}
}

func TestPanic(t *testing.T) {
	our, their := newAPI(t, `{"Do":"panic","Text":"short circuit"}`), newAPI(t, `{"Do":"panic","Text":"short circuit"}`)
	output, exit := our.run(t, ours)
	their.run(t, theirs)
	if exit != 1 || !strings.Contains(output, "the handler panicked: short circuit") || len(our.told) != 1 || our.given != 1 {
		t.Fatalf("exit %d, told %v: %s", exit, our.told, output)
	}
	got, want := frameOf(t, our.told[0], "deal"), frameOf(t, their.told[0], "deal")
	if got.Line != want.Line || got.Path != "invocation/serve_test.go" || !strings.HasSuffix(want.Path, got.Path) {
		t.Errorf("panicked at %+v, want %+v", got, want)
	}
	if !strings.Contains(our.told[0].Cause, `"paths":[`) || !strings.Contains(our.told[0].Cause, got.Path) {
		t.Errorf("X-Ray is told %s", our.told[0].Cause)
	}
}

func frameOf(t *testing.T, of told, label string) *messages.InvokeResponse_Error_StackFrame {
	t.Helper()
	var failed messages.InvokeResponse_Error
	if err := json.Unmarshal([]byte(of.Body), &failed); err != nil || failed.Message != "short circuit" || failed.Type != "string" || !strings.HasSuffix(of.Path, "/error") {
		t.Fatalf("%v, %+v", err, of)
	}
	at := slices.IndexFunc(failed.StackTrace, func(f *messages.InvokeResponse_Error_StackFrame) bool { return f.Label == label })
	if at < 0 {
		t.Fatalf("no %s in %s", label, of.Body)
	}
	return failed.StackTrace[at]
}

// TestWhatEndsAFunction: Lambda starts another when one ends, so it goes on with nothing that it could not tell.
func TestWhatEndsAFunction(t *testing.T) {
	refusing := newAPI(t, `{"Do":"echo"}`, `{"Do":"echo"}`)
	refusing.status = http.StatusRequestEntityTooLarge
	if output, exit := refusing.run(t, ours); exit != 1 || len(refusing.told) != 1 || !strings.Contains(output, "id0/response is answered 413") {
		t.Errorf("exit %d, told %v: %s", exit, refusing.told, output)
	}
	nobody := newAPI(t)
	nobody.Close()
	if output, exit := nobody.run(t, ours); exit != 1 || !strings.Contains(output, "connection refused") {
		t.Errorf("exit %d: %s", exit, output)
	}
	if output, exit := nobody.run(t, ours, "AWS_LAMBDA_RUNTIME_API="); exit != 1 || !strings.Contains(output, "AWS_LAMBDA_RUNTIME_API is not set") {
		t.Errorf("exit %d: %s", exit, output)
	}
}

// TestSeveralAtOnce is left to the library.
func TestSeveralAtOnce(t *testing.T) {
	place := t.TempDir()
	met := newAPI(t, fmt.Sprintf(`{"Do":"meet","Text":%q}`, place), fmt.Sprintf(`{"Do":"meet","Text":%q}`, place))
	if output, _ := met.run(t, ours, "AWS_LAMBDA_MAX_CONCURRENCY=2"); len(met.told) != 2 || !strings.HasSuffix(met.told[0].Path, "/response") || !strings.HasSuffix(met.told[1].Path, "/response") {
		t.Errorf("told %v: %s", met.told, output)
	}
}

// meet waits until two have come to a place.
func meet(place string) error {
	if _, err := os.CreateTemp(place, ""); err != nil {
		return err
	}
	for range 1000 {
		if here, err := os.ReadDir(place); err != nil || len(here) == 2 {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
	return errors.New("nobody came")
}

// BenchmarkServe is the life of a function on one processor, which has b.N events, beside the library's.
func BenchmarkServe(b *testing.B) {
	text := string(bytes.Repeat([]byte("x"), 700))
	for _, function := range []string{ours, theirs} {
		b.Run(function, func(b *testing.B) {
			served := newAPI(b, slices.Repeat([]string{`{"Do":"echo","Text":"` + text + `"}`}, b.N)...)
			if output, _ := served.run(b, function, "GOMAXPROCS=1"); len(served.told) != b.N {
				b.Fatalf("%d of %d are dealt with: %s", len(served.told), b.N, output)
			}
		})
	}
}
