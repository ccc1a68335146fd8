package awsapi

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"

	"github.com/serverless-ocpp/backend/local/fault"
	"github.com/serverless-ocpp/backend/local/iam"
)

// echo is a service whose every request is one action on one resource. It answers with what the body was.
type echo struct {
	action, resource string

	mu     sync.Mutex
	bodies []string
}

// got are the bodies of the requests so far.
func (e *echo) got() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.bodies)
}

func (e *echo) Access(*http.Request, []byte) (string, []string) {
	return e.action, []string{e.resource}
}

func (e *echo) Deny(w http.ResponseWriter, _ *http.Request, message string) {
	writeError(w, http.StatusBadRequest, "AccessDeniedException", message)
}

func (e *echo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	e.mu.Lock()
	e.bodies = append(e.bodies, string(body))
	e.mu.Unlock()
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	_, _ = io.WriteString(w, "{}")
}

type fixture struct {
	dynamodb, sqs, iotdata echo
	calls                  Calls
	directory              *iam.Directory
	server                 *httptest.Server
	faults                 *fault.Injector
	invocations            invocations
}

func start(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{
		dynamodb:  echo{action: "dynamodb:ListTables", resource: "tables"},
		sqs:       echo{action: "sqs:ListQueues", resource: "queues"},
		iotdata:   echo{action: "iot:Publish", resource: "topic"},
		directory: iam.NewDirectory("000000000000"),
		faults:    fault.New(slog.New(slog.DiscardHandler)),
	}
	f.server = httptest.NewServer(New(Config{
		Services:  map[string]Service{"dynamodb": &f.dynamodb, "sqs": &f.sqs, "iotdata": &f.iotdata, "sts": STS{}},
		Directory: f.directory,
		Region:    "us-east-1",
		Calls:     &f.calls,
		Log:       slog.New(slog.DiscardHandler),

		Faults:      f.faults,
		Invocations: &f.invocations,
	}))
	t.Cleanup(f.server.Close)
	return f
}

func (f *fixture) as(issued iam.Credentials) aws.Config {
	return aws.Config{
		Region:       "us-east-1",
		BaseEndpoint: aws.String(f.server.URL),
		Credentials:  credentials.NewStaticCredentialsProvider(issued.AccessKeyID, issued.SecretAccessKey, issued.SessionToken),
	}
}

func role(t *testing.T, document string) iam.Role {
	t.Helper()
	var policy iam.Policy
	if err := json.Unmarshal([]byte(document), &policy); err != nil {
		t.Fatal(err)
	}
	return iam.Role{Name: "R", Policies: []iam.Policy{policy}}
}

func TestCallsReachTheirServiceAndAreCounted(t *testing.T) {
	f := start(t)
	issued := f.directory.AssumeRole(role(t, `{"Statement":[{"Effect":"Allow","Action":["dynamodb:*","iot:Publish"],"Resource":"*"}]}`), "Stack-Message")
	config, ctx := f.as(issued), context.Background()

	if _, err := dynamodb.NewFromConfig(config).ListTables(ctx, &dynamodb.ListTablesInput{Limit: aws.Int32(3)}); err != nil {
		t.Error(err)
	}
	if _, err := iotdataplane.NewFromConfig(config).Publish(ctx, &iotdataplane.PublishInput{Topic: aws.String("CP001/in"), Payload: []byte("[2]")}); err != nil {
		t.Error(err)
	}
	_, err := sqs.NewFromConfig(config, func(o *sqs.Options) { o.RetryMaxAttempts = 1 }).ListQueues(ctx, &sqs.ListQueuesInput{})
	failure, ok := errors.AsType[smithy.APIError](err)
	if !ok || failure.ErrorCode() != "AccessDeniedException" || !strings.Contains(failure.ErrorMessage(), "assumed-role/R/Stack-Message is not authorized to perform: sqs:ListQueues on resource: queues") {
		t.Errorf("ListQueues: %v, want AccessDeniedException", err)
	}

	if err := f.calls.Denials(); err == nil || strings.Count(err.Error(), "Stack-Message is not authorized to perform: sqs:ListQueues") != 1 {
		t.Errorf("denials: %v, want the one of sqs:ListQueues", err)
	}

	if want := []string{`{"Limit":3}`}; !reflect.DeepEqual(f.dynamodb.got(), want) {
		t.Errorf("dynamodb got the bodies %q, want %q", f.dynamodb.got(), want)
	}
	if want := []string{"[2]"}; !reflect.DeepEqual(f.iotdata.got(), want) {
		t.Errorf("iotdata got the bodies %q, want %q", f.iotdata.got(), want)
	}
	if len(f.sqs.got()) != 0 {
		t.Errorf("the denied call reached sqs: %q", f.sqs.got())
	}
	want := map[Call]int{{"dynamodb", "ListTables", "Stack-Message"}: 1, {"iot", "Publish", "Stack-Message"}: 1}
	if got := f.calls.Snapshot(); !reflect.DeepEqual(got, want) {
		t.Errorf("counts %v, want %v", got, want)
	}
	recorder := httptest.NewRecorder()
	f.calls.ServeHTTP(recorder, nil)
	if want := `[{"service":"dynamodb","action":"ListTables","function":"Stack-Message","count":1},{"service":"iot","action":"Publish","function":"Stack-Message","count":1}]`; strings.TrimSpace(recorder.Body.String()) != want {
		t.Errorf("counts as JSON: %s, want %s", recorder.Body, want)
	}
}

func TestWrongSignatureIsRefused(t *testing.T) {
	f := start(t)
	issued := f.directory.AssumeRole(iam.Role{Name: "R"}, "Stack-Message")
	issued.SecretAccessKey = "guessed"
	_, err := dynamodb.NewFromConfig(f.as(issued)).ListTables(context.Background(), &dynamodb.ListTablesInput{})
	if failure, ok := errors.AsType[smithy.APIError](err); !ok || failure.ErrorCode() != "InvalidSignatureException" {
		t.Errorf("error %v, want InvalidSignatureException", err)
	}
}

func TestServiceOf(t *testing.T) {
	signed := func(service string) http.Header {
		return http.Header{"Authorization": {"AWS4-HMAC-SHA256 Credential=AKIA/20260102/us-east-1/" + service + "/aws4_request, SignedHeaders=host, Signature=ab"}}
	}
	withTarget := func(header http.Header, target string) http.Header {
		header.Set("X-Amz-Target", target)
		return header
	}
	tests := []struct {
		name   string
		path   string
		body   string
		header http.Header
		want   string
	}{
		{"target", "/", "{}", http.Header{"X-Amz-Target": {"DynamoDB_20120810.GetItem"}}, "dynamodb"},
		{"target of SQS", "/", "{}", http.Header{"X-Amz-Target": {"AmazonSQS.SendMessage"}}, "sqs"},
		{"foreign target", "/", "{}", http.Header{"X-Amz-Target": {"AWSEvents.PutEvents"}}, "AWSEvents"},
		{"foreign target, signed", "/", "", withTarget(signed("logs"), "Logs_20140328.FilterLogEvents"), "logs"},
		{"signature", "/things", "", signed("iot"), "iot"},
		{"old IoT data name", "/topics/a", "", signed("iotdevicegateway"), "iotdata"},
		{"unsigned thing", "/things/CP001", "", nil, "iot"},
		{"unsigned event configuration", "/event-configurations", "", nil, "iot"},
		{"unsigned shadow", "/things/CP001/shadow", "", nil, "iotdata"},
		{"unsigned publish", "/topics/CP001%2Fout", "", nil, "iotdata"},
		{"unsigned queue URL", "/000000000000/Stack-Timers", "", nil, "sqs"},
		{"unsigned invoke", "/2015-03-31/functions/f/invocations", "", nil, "lambda"},
		{"unsigned sts", "/", "Action=GetCallerIdentity&Version=2011-06-15", nil, "sts"},
		{"a browser", "/", "", nil, ""},
	}
	for _, test := range tests {
		r := httptest.NewRequest(http.MethodPost, test.path, nil)
		if test.header != nil {
			r.Header = test.header
		}
		if got := serviceOf(r, []byte(test.body)); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestUnknownServiceSaysWhatIsHere(t *testing.T) {
	f := start(t)
	for _, test := range []struct{ name, target, contentType, body, want string }{
		{"a browser", "", "", "", `{"__type":"UnknownService"`},
		{"JSON protocol", "Logs_20140328.FilterLogEvents", "application/x-amz-json-1.1", "{}", `{"__type":"UnknownService"`},
		{"query protocol", "", "application/x-www-form-urlencoded", "Action=DescribeStacks", `<ErrorResponse><Error><Type>Sender</Type><Code>UnknownService</Code>`},
	} {
		request, err := http.NewRequest(http.MethodPost, f.server.URL, strings.NewReader(test.body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header = http.Header{"X-Amz-Target": {test.target}, "Content-Type": {test.contentType}}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || response.StatusCode != http.StatusNotFound || !strings.HasPrefix(string(body), test.want) || !strings.Contains(string(body), "Here are dynamodb, sqs") {
			t.Errorf("%s: %d %s, %v; want 404 %s…", test.name, response.StatusCode, body, err, test.want)
		}
	}
}

func TestCallerIdentity(t *testing.T) {
	f := start(t)
	response, err := http.Post(f.server.URL, "application/x-www-form-urlencoded", strings.NewReader("Action=GetCallerIdentity&Version=2011-06-15"))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK || !strings.Contains(string(body), "<Arn>arn:aws:iam::000000000000:user/administrator</Arn>") {
		t.Errorf("%d %s, %v", response.StatusCode, body, err)
	}
}
