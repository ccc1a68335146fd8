package awsapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"

	"github.com/serverless-ocpp/backend/local/cloudwatch"
	"github.com/serverless-ocpp/backend/local/fault"
)

// invocations plays the Lambda host with one invocation.
type invocations struct {
	mu     sync.Mutex
	calls  int
	killed []string
}

func (i *invocations) CallArrived(string) int {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.calls++
	return i.calls
}

func (i *invocations) Kill(trace string) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.killed = append(i.killed, trace)
	return true
}

// deaths are the traces that were killed so far.
func (i *invocations) deaths() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return strings.Join(i.killed, " ")
}

// inject sets a plan of one rule.
func (f *fixture) inject(t *testing.T, rule fault.Rule) {
	t.Helper()
	if err := f.faults.Set(fault.Plan{Seed: 1, Rules: []fault.Rule{rule}}); err != nil {
		t.Fatal(err)
	}
}

// impatient is the configuration of a function's clients, with less patience, so that what they do about
// faults is seen at once.
func (f *fixture) impatient(t *testing.T) aws.Config {
	t.Helper()
	config := f.as(f.directory.AssumeRole(role(t, `{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`), "Stack-Message"))
	config.HTTPClient = awshttp.NewBuildableClient().WithTransportOptions(func(transport *http.Transport) {
		transport.ResponseHeaderTimeout = 100 * time.Millisecond
	})
	config.Retryer = func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = time.Millisecond })
	}
	return config
}

// clients make a call of each service.
func clients(config aws.Config) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"dynamodb": func(ctx context.Context) error {
			_, err := dynamodb.NewFromConfig(config).ListTables(ctx, &dynamodb.ListTablesInput{})
			return err
		},
		"sqs": func(ctx context.Context) error {
			_, err := sqs.NewFromConfig(config).ListQueues(ctx, &sqs.ListQueuesInput{})
			return err
		},
		"iotdata": func(ctx context.Context) error {
			_, err := iotdataplane.NewFromConfig(config).Publish(ctx, &iotdataplane.PublishInput{Topic: aws.String("a")})
			return err
		},
	}
}

func TestRefusalsAreUnderstoodByTheSDK(t *testing.T) {
	tests := []struct {
		service string
		rule    fault.Rule
		code    string
		status  int
		retried bool
	}{
		{"dynamodb", fault.Rule{Target: "dynamodb:*", Kind: fault.Throttle}, "ThrottlingException", 400, true},
		{"dynamodb", fault.Rule{Target: "dynamodb:*", Kind: fault.Throttle, Code: "ProvisionedThroughputExceededException"}, "ProvisionedThroughputExceededException", 400, true},
		{"dynamodb", fault.Rule{Target: "dynamodb:*", Kind: fault.Throttle, Code: "RequestLimitExceeded"}, "RequestLimitExceeded", 400, true},
		{"dynamodb", fault.Rule{Target: "dynamodb:*", Kind: fault.Error}, "InternalServerError", 500, true},
		{"dynamodb", fault.Rule{Target: "dynamodb:*", Kind: fault.Error, Code: "ServiceUnavailable"}, "ServiceUnavailableException", 503, true},
		{"sqs", fault.Rule{Target: "sqs:*", Kind: fault.Throttle}, "RequestThrottled", 403, true},
		{"sqs", fault.Rule{Target: "sqs:*", Kind: fault.Throttle, Code: "ThrottlingException"}, "ThrottlingException", 400, true},
		{"sqs", fault.Rule{Target: "sqs:*", Kind: fault.Throttle, Code: "OverLimit"}, "OverLimit", 403, false},
		{"sqs", fault.Rule{Target: "sqs:*", Kind: fault.Error}, "InternalFailure", 500, true},
		{"sqs", fault.Rule{Target: "sqs:*", Kind: fault.Error, Code: "ServiceUnavailable"}, "ServiceUnavailable", 503, true},
		{"iotdata", fault.Rule{Target: "iot:*", Kind: fault.Throttle}, "ThrottlingException", 429, true},
		{"iotdata", fault.Rule{Target: "iot:Publish", Kind: fault.Error}, "InternalFailureException", 500, true},
		{"iotdata", fault.Rule{Target: "iot:*", Kind: fault.Error, Code: "ServiceUnavailableException"}, "ServiceUnavailableException", 503, true},
	}
	f := start(t)
	call := clients(f.impatient(t))
	for _, test := range tests {
		t.Run(fmt.Sprintf("%s %s", test.rule.Target, test.code), func(t *testing.T) {
			f.inject(t, test.rule)
			err := call[test.service](t.Context())
			failure, ok := errors.AsType[smithy.APIError](err)
			if !ok || failure.ErrorCode() != test.code || failure.ErrorMessage() == "" {
				t.Errorf("%v, want %s", err, test.code)
			}
			if response, ok := errors.AsType[*awshttp.ResponseError](err); !ok || response.HTTPStatusCode() != test.status || response.RequestID == "" {
				t.Errorf("%v, want status %d and a request id", err, test.status)
			}
			want := 1
			if test.retried {
				want = 3
			}
			if got := f.faults.State().Injected(); got != want {
				t.Errorf("%d attempts, want %d", got, want)
			}

			// One refusal is passed over, if it can be.
			test.rule.Count = 1
			f.inject(t, test.rule)
			if err := call[test.service](t.Context()); (err == nil) != test.retried {
				t.Errorf("after one refusal: %v", err)
			}
		})
	}
	if len(f.dynamodb.got()) != 5 || f.calls.Snapshot()[Call{"dynamodb", "ListTables", "Stack-Message"}] != 5 {
		t.Errorf("%d calls reached dynamodb, %v were counted; want those that were not refused", len(f.dynamodb.got()), f.calls.Snapshot())
	}
}

func TestEveryCodeHasAShape(t *testing.T) {
	for service, kinds := range fault.Codes {
		if service == ruledAs[cloudwatch.SigningName] {
			service = cloudwatch.SigningName
		}
		for kind, codes := range kinds {
			for _, code := range codes {
				shape := refusalOf(service, fault.Fault{Kind: kind, Code: code})
				if shape.status/100 != 4 && shape.status/100 != 5 || !strings.Contains(shape.body+shape.header["x-amzn-ErrorType"], code) {
					t.Errorf("%s %s: %+v", service, code, shape)
				}
			}
		}
	}
}

func TestEveryServiceRefuses(t *testing.T) {
	for service := range refusals {
		for _, kind := range []fault.Kind{fault.Throttle, fault.Error} {
			if shape := refusalOf(service, fault.Fault{Kind: kind}); shape.status < 400 {
				t.Errorf("%s %s: %+v", service, kind, shape)
			}
		}
	}
}

func TestLostCalls(t *testing.T) {
	tests := []struct {
		name    string
		rule    fault.Rule
		reached int // the service, in three attempts of which the first two meet the fault
	}{
		{"request", fault.Rule{Kind: fault.LoseRequest}, 1},
		{"answer", fault.Rule{Kind: fault.LoseAnswer}, 3},
		{"connection before", fault.Rule{Kind: fault.LoseRequest, Delay: fault.Duration(time.Millisecond)}, 1},
		{"connection after", fault.Rule{Kind: fault.LoseAnswer, Delay: fault.Duration(time.Millisecond)}, 3},
		{"slower than the client waits", fault.Rule{Kind: fault.Slow, Delay: fault.Duration(time.Second)}, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := start(t)
			test.rule.Target, test.rule.Count = "sqs:*", 2
			f.inject(t, test.rule)
			if err := clients(f.impatient(t))["sqs"](t.Context()); err != nil {
				t.Error(err)
			}
			if len(f.sqs.got()) != test.reached || f.faults.State().Injected() != 2 {
				t.Errorf("%d calls were carried out, want %d", len(f.sqs.got()), test.reached)
			}
		})
	}
}

func TestSlowCallsAreAnswered(t *testing.T) {
	f := start(t)
	f.inject(t, fault.Rule{Target: "sqs:*", Kind: fault.Slow, Delay: fault.Duration(30 * time.Millisecond)})
	began := time.Now()
	if err := clients(f.impatient(t))["sqs"](t.Context()); err != nil || time.Since(began) < 30*time.Millisecond {
		t.Errorf("after %v: %v", time.Since(began), err)
	}
}

func TestFunctionsAreKilledAtTheirNthCall(t *testing.T) {
	tests := []struct {
		kind    fault.Kind
		reached int
	}{
		{fault.KillBefore, 1},
		{fault.KillAfter, 2},
	}
	for _, test := range tests {
		t.Run(string(test.kind), func(t *testing.T) {
			t.Setenv("AWS_LAMBDA_FUNCTION_NAME", "Stack-Message")
			t.Setenv("_X_AMZN_TRACE_ID", "Root=1-2-3;Parent=4;Sampled=0")
			f := start(t)
			f.inject(t, fault.Rule{Target: "*", Kind: test.kind, Nth: 2})
			config := f.impatient(t)
			config.RetryMaxAttempts = 1
			config.Retryer = nil
			call := clients(config)["sqs"]
			if err := call(t.Context()); err != nil {
				t.Fatalf("the first call: %v", err)
			}
			if err := call(t.Context()); err == nil {
				t.Error("the second call is answered")
			}
			if len(f.sqs.got()) != test.reached {
				t.Errorf("%d calls were carried out, want %d", len(f.sqs.got()), test.reached)
			}
			if got := f.invocations.deaths(); got != "Root=1-2-3;Parent=4;Sampled=0" {
				t.Errorf("killed: %q", got)
			}
		})
	}
}

func TestPartOfABatch(t *testing.T) {
	f := start(t)
	f.dynamodb.action = "dynamodb:BatchWriteItem"
	f.inject(t, fault.Rule{Target: "dynamodb:BatchWriteItem", Kind: fault.Partial})
	client := dynamodb.NewFromConfig(f.impatient(t))
	write := func(key string) types.WriteRequest {
		return types.WriteRequest{PutRequest: &types.PutRequest{Item: map[string]types.AttributeValue{"k": &types.AttributeValueMemberS{Value: key}}}}
	}
	answer, err := client.BatchWriteItem(t.Context(), &dynamodb.BatchWriteItemInput{
		RequestItems: map[string][]types.WriteRequest{"T": {write("a"), write("b"), write("c")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"RequestItems":{"T":[{"PutRequest":{"Item":{"k":{"S":"a"}}}}]}}`; f.dynamodb.got()[0] != want {
		t.Errorf("carried out: %s, want %s", f.dynamodb.got()[0], want)
	}
	left := answer.UnprocessedItems["T"]
	if len(left) != 2 || left[0].PutRequest.Item["k"].(*types.AttributeValueMemberS).Value != "b" {
		t.Errorf("unprocessed: %v", left)
	}
	_, err = client.BatchWriteItem(t.Context(), &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{"T": {write("a")}}})
	if failure, ok := errors.AsType[smithy.APIError](err); !ok || failure.ErrorCode() != "ThrottlingException" {
		t.Errorf("a batch of one: %v", err)
	}
}

func TestControlAPI(t *testing.T) {
	f := start(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, f.server.URL+fault.Path, strings.NewReader(`{"rules":[{"target":"sqs:*","kind":"error"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != 200 || !f.faults.Active() {
		t.Errorf("status %d, active %t", response.StatusCode, f.faults.Active())
	}
}
