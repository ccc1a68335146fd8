package iam

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// capture records the last request an SDK client sent, with its body.
type capture struct {
	request *http.Request
	body    []byte
}

func (c *capture) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.request, c.body = r, body
	w.WriteHeader(http.StatusBadRequest) // not retried
}

func configFor(endpoint string, issued Credentials) aws.Config {
	return aws.Config{
		Region:       "us-east-1",
		BaseEndpoint: aws.String(endpoint),
		Credentials:  credentials.NewStaticCredentialsProvider(issued.AccessKeyID, issued.SecretAccessKey, issued.SessionToken),
	}
}

// TestIdentifyRealClients lets the SDK's own clients sign, with paths and bodies that are awkward to canonicalise.
func TestIdentifyRealClients(t *testing.T) {
	directory := NewDirectory("000000000000")
	issued := directory.AssumeRole(Role{Name: "R"}, "Stack-Message")
	seen := &capture{}
	server := httptest.NewServer(seen)
	defer server.Close()
	config := configFor(server.URL, issued)
	ctx := context.Background()

	// The server answers every call with 400, and what matters is the request it saw: the calls' errors are dropped.
	calls := map[string]func(){
		"dynamodb": func() { _, _ = dynamodb.NewFromConfig(config).ListTables(ctx, &dynamodb.ListTablesInput{}) },
		"sqs": func() {
			_, _ = sqs.NewFromConfig(config).SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: aws.String("q"), MessageBody: aws.String("ä")})
		},
		"iotdata": func() {
			_, _ = iotdataplane.NewFromConfig(config).Publish(ctx, &iotdataplane.PublishInput{Topic: aws.String("CP:001/in"), Qos: 1, Payload: []byte("{}")})
		},
		"connections": func() {
			client := apigatewaymanagementapi.NewFromConfig(config, func(o *apigatewaymanagementapi.Options) {
				o.BaseEndpoint = aws.String(server.URL + "/ocpp")
			})
			_, _ = client.PostToConnection(ctx, &apigatewaymanagementapi.PostToConnectionInput{ConnectionId: aws.String("L0SM9cOFvHcCIhw="), Data: []byte("[3]")})
		},
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			seen.request = nil
			call()
			if seen.request == nil {
				t.Fatal("the client sent nothing")
			}
			caller, err := directory.Identify(seen.request, seen.body, time.Now())
			if err != nil {
				t.Fatal(err)
			}
			if caller.Function != "Stack-Message" || caller.Administrator() || !caller.Signed {
				t.Errorf("caller %+v, want the function Stack-Message", caller)
			}
		})
	}
}

func TestIdentifyRefusesWhatWasTamperedWith(t *testing.T) {
	directory := NewDirectory("000000000000")
	issued := directory.AssumeRole(Role{Name: "R"}, "Stack-Message")
	other := directory.AssumeRole(Role{Name: "R"}, "Stack-Other")
	seen := &capture{}
	server := httptest.NewServer(seen)
	defer server.Close()

	tests := []struct {
		name   string
		issued Credentials
		change func(r *http.Request, body *[]byte)
		late   time.Duration
		want   string
	}{
		{"nothing", issued, func(*http.Request, *[]byte) {}, 0, ""},
		{"body", issued, func(_ *http.Request, body *[]byte) { *body = append(bytes.Clone(*body), ' ') }, 0, "does not match"},
		{"path", issued, func(r *http.Request, _ *[]byte) { r.URL.Path = "/other" }, 0, "does not match"},
		{"signed header", issued, func(r *http.Request, _ *[]byte) { r.Header.Set("X-Amz-Target", "DynamoDB_20120810.DeleteTable") }, 0, "does not match"},
		{"another's token", issued, func(r *http.Request, _ *[]byte) { r.Header.Set("X-Amz-Security-Token", other.SessionToken) }, 0, "token"},
		{"no token", issued, func(r *http.Request, _ *[]byte) { r.Header.Del("X-Amz-Security-Token") }, 0, "token"},
		{"late", issued, func(*http.Request, *[]byte) {}, 6 * time.Minute, "expired"},
		{"no date", issued, func(r *http.Request, _ *[]byte) { r.Header.Del("X-Amz-Date") }, 0, "X-Amz-Date"},
		{"wrong secret", Credentials{issued.AccessKeyID, "x", issued.SessionToken}, func(*http.Request, *[]byte) {}, 0, "does not match"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			// As above: the answer is always 400.
			_, _ = dynamodb.NewFromConfig(configFor(server.URL, test.issued)).ListTables(context.Background(), &dynamodb.ListTablesInput{})
			body := seen.body
			test.change(seen.request, &body)
			_, err := directory.Identify(seen.request, body, time.Now().Add(test.late))
			if test.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if refused, ok := errors.AsType[*SignatureError](err); !ok || !strings.Contains(refused.Reason, test.want) {
				t.Errorf("error %v, want a SignatureError about %q", err, test.want)
			}
		})
	}
}

func TestIdentifyAdministrator(t *testing.T) {
	directory := NewDirectory("000000000000")
	issued := directory.IssueAdministrator()
	seen := &capture{}
	server := httptest.NewServer(seen)
	defer server.Close()
	tests := []struct {
		name       string
		issued     *Credentials
		wantSigned bool
	}{
		{"unsigned", nil, false},
		{"foreign access key", &Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "whatever"}, false},
		{"printed credentials", &issued, true},
	}
	for _, test := range tests {
		request := httptest.NewRequest(http.MethodGet, "/charge-points", nil)
		if test.issued != nil {
			_, _ = dynamodb.NewFromConfig(configFor(server.URL, *test.issued)).ListTables(context.Background(), &dynamodb.ListTablesInput{})
			request = seen.request
		}
		caller, err := directory.Identify(request, seen.body, time.Now())
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		if !caller.Administrator() || caller.Signed != test.wantSigned {
			t.Errorf("%s: caller %+v, want the administrator, signed %t", test.name, caller, test.wantSigned)
		}
	}
}
