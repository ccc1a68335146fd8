package lambda

import (
	"context"
	"errors"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	api "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// client is AWS's own client of the service.
func client(t *testing.T, h *Host) *api.Client {
	t.Helper()
	server := httptest.NewServer(h.Service())
	t.Cleanup(server.Close)
	return api.NewFromConfig(aws.Config{
		Region:           "us-east-1",
		BaseEndpoint:     aws.String(server.URL),
		Credentials:      credentials.NewStaticCredentialsProvider("id", "secret", ""),
		RetryMaxAttempts: 1,
	})
}

func TestServiceInvoke(t *testing.T) {
	counter := filepath.Join(t.TempDir(), "attempts")
	none := 0
	h := newHost(t, Config{}, Function{Name: "F"}, Function{Name: "Off", ReservedConcurrency: &none})
	lambda, ctx := client(t, h), context.Background()

	for _, name := range []string{"F", "F:$LATEST", "arn:aws:lambda:us-east-1:000000000000:function:F"} {
		got, err := lambda.Invoke(ctx, &api.InvokeInput{FunctionName: &name, Payload: []byte(`{"text":"hi"}`)})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got.StatusCode != 200 || got.FunctionError != nil || !strings.Contains(string(got.Payload), `"text":"hi"`) {
			t.Errorf("%s: got %d %v %s", name, got.StatusCode, got.FunctionError, got.Payload)
		}
	}
	got, err := lambda.Invoke(ctx, &api.InvokeInput{FunctionName: aws.String("F"), Payload: []byte(`{"do":"fail","text":"no"}`)})
	if err != nil || aws.ToString(got.FunctionError) != "Unhandled" || !strings.Contains(string(got.Payload), "as told: no") {
		t.Errorf("failing function: %+v %v", got, err)
	}
	got, err = lambda.Invoke(ctx, &api.InvokeInput{FunctionName: aws.String("F"), InvocationType: types.InvocationTypeEvent,
		Payload: []byte(`{"counter":"` + counter + `"}`)})
	if err != nil || got.StatusCode != 202 {
		t.Errorf("asynchronous: %+v %v", got, err)
	}
	eventually(t, "the asynchronous event ran", func() bool { ok, _ := filepath.Glob(counter); return len(ok) == 1 })
	got, err = lambda.Invoke(ctx, &api.InvokeInput{FunctionName: aws.String("F"), InvocationType: types.InvocationTypeDryRun})
	if err != nil || got.StatusCode != 204 {
		t.Errorf("dry run: %+v %v", got, err)
	}

	_, err = lambda.Invoke(ctx, &api.InvokeInput{FunctionName: aws.String("None")})
	if missing, ok := errors.AsType[*types.ResourceNotFoundException](err); !ok ||
		missing.ErrorMessage() != "Function not found: arn:aws:lambda:us-east-1:000000000000:function:None" {
		t.Errorf("unknown function: %v", err)
	}
	_, err = lambda.Invoke(ctx, &api.InvokeInput{FunctionName: aws.String("Off")})
	if throttled, ok := errors.AsType[*types.TooManyRequestsException](err); !ok ||
		throttled.Reason != types.ThrottleReasonReservedFunctionConcurrentInvocationLimitExceeded {
		t.Errorf("throttled: %v", err)
	}
	_, err = lambda.Invoke(ctx, &api.InvokeInput{FunctionName: aws.String("F"), Payload: []byte(`{`)})
	if _, ok := errors.AsType[*types.InvalidRequestContentException](err); !ok {
		t.Errorf("no JSON: %v", err)
	}
}

func TestServiceDescribes(t *testing.T) {
	h := newHost(t, Config{}, Function{Name: "B", Handler: "message", Env: map[string]string{"X": "1"}},
		Function{Name: "A", Bootstrap: "/nowhere/bootstrap"})
	lambda, ctx := client(t, h), context.Background()
	list, err := lambda.ListFunctions(ctx, &api.ListFunctionsInput{})
	if err != nil {
		t.Fatal(err)
	}
	if len(list.Functions) != 2 || *list.Functions[0].FunctionName != "A" || *list.Functions[1].FunctionName != "B" {
		t.Errorf("listed %+v", list.Functions)
	}
	got, err := lambda.GetFunctionConfiguration(ctx, &api.GetFunctionConfigurationInput{FunctionName: aws.String("B")})
	if err != nil {
		t.Fatal(err)
	}
	if *got.Handler != "message" || got.Environment.Variables["X"] != "1" || *got.Timeout != 3 || got.State != types.StateActive {
		t.Errorf("got %+v", got)
	}
	if err := h.Verify(); err == nil || err.Error() != "function A: no executable at /nowhere/bootstrap: `make run` builds it" {
		t.Errorf("Verify: %v", err)
	}
}

func TestServiceAccess(t *testing.T) {
	s := newHost(t, Config{}).Service()
	const arn = "arn:aws:lambda:us-east-1:000000000000:function:F"
	tests := []struct{ method, path, action, resource string }{
		{"POST", "/2015-03-31/functions/F/invocations", "lambda:InvokeFunction", arn},
		{"GET", "/2015-03-31/functions/F/configuration", "lambda:GetFunctionConfiguration", arn},
		{"GET", "/2015-03-31/functions/F", "lambda:GetFunction", arn},
		{"GET", "/2015-03-31/functions/", "lambda:ListFunctions", "*"},
		{"POST", "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3AF/invocations", "lambda:InvokeFunction", arn},
	}
	for _, test := range tests {
		action, resources := s.Access(httptest.NewRequest(test.method, test.path, nil), nil)
		if action != test.action || len(resources) != 1 || resources[0] != test.resource {
			t.Errorf("%s %s: %s on %v", test.method, test.path, action, resources)
		}
	}
	w := httptest.NewRecorder()
	s.Deny(w, nil, "User: x is not authorized")
	if w.Code != 403 || w.Header().Get("X-Amzn-ErrorType") != "AccessDeniedException" || !strings.Contains(w.Body.String(), "not authorized") {
		t.Errorf("denied with %d %s", w.Code, w.Body)
	}
}
