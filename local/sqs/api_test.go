package sqs

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	client "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// newClient is AWS's own client, connected to a service.
func newClient(t *testing.T) (*client.Client, *Service) {
	t.Helper()
	s := newService(t, nil)
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.config.Endpoint = server.URL
	return client.NewFromConfig(aws.Config{
		Region:           "us-east-1",
		Credentials:      credentials.NewStaticCredentialsProvider("AKIDSENDER", "secret", ""),
		RetryMaxAttempts: 1,
	}, func(o *client.Options) { o.BaseEndpoint = aws.String(server.URL) }), s
}

func TestClientSendsReceivesAndDeletes(t *testing.T) {
	c, _ := newClient(t)
	ctx := t.Context()
	created, err := c.CreateQueue(ctx, &client.CreateQueueInput{
		QueueName: aws.String("q"), Attributes: map[string]string{"VisibilityTimeout": "9", "Policy": "{}"}, Tags: map[string]string{"a": "b"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(*created.QueueUrl, "/000000000000/q") {
		t.Errorf("queue URL is %s", *created.QueueUrl)
	}
	// The client compares the checksum of the body itself.
	sent, err := c.SendMessageBatch(ctx, &client.SendMessageBatchInput{QueueUrl: created.QueueUrl, Entries: []types.SendMessageBatchRequestEntry{
		{Id: aws.String("good"), MessageBody: aws.String("é"), MessageAttributes: map[string]types.MessageAttributeValue{
			"Foo": {DataType: aws.String("String"), StringValue: aws.String("Bar")},
		}},
		{Id: aws.String("bad"), MessageBody: aws.String("\x01")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	// The checksum of Foo=Bar was recorded from SQS.
	if len(sent.Successful) != 1 || aws.ToString(sent.Successful[0].MD5OfMessageAttributes) != "ae7155c6026991b6d54b11589678bf9c" {
		t.Errorf("succeeded: %+v", sent.Successful)
	}
	if len(sent.Failed) != 1 || *sent.Failed[0].Id != "bad" || *sent.Failed[0].Code != "InvalidMessageContents" || !sent.Failed[0].SenderFault {
		t.Errorf("failed: %+v", sent.Failed)
	}
	received, err := c.ReceiveMessage(ctx, &client.ReceiveMessageInput{
		QueueUrl: created.QueueUrl, MessageAttributeNames: []string{"Fo.*", "Foo"},
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{"SenderId"},
	})
	if err != nil || len(received.Messages) != 1 {
		t.Fatalf("received %+v, %v", received, err)
	}
	m := received.Messages[0]
	if len(m.Attributes) != 1 || m.Attributes["SenderId"] != "AKIDSENDER" || *m.MessageAttributes["Foo"].StringValue != "Bar" {
		t.Errorf("received %+v", m)
	}
	if _, err := c.ChangeMessageVisibility(ctx, &client.ChangeMessageVisibilityInput{QueueUrl: created.QueueUrl, ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: 60}); err != nil {
		t.Error(err)
	}
	if _, err := c.DeleteMessage(ctx, &client.DeleteMessageInput{QueueUrl: created.QueueUrl, ReceiptHandle: m.ReceiptHandle}); err != nil {
		t.Error(err)
	}
	described, err := c.GetQueueAttributes(ctx, &client.GetQueueAttributesInput{QueueUrl: created.QueueUrl, AttributeNames: []types.QueueAttributeName{"All"}})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"QueueArn": "arn:aws:sqs:us-east-1:000000000000:q", "VisibilityTimeout": "9", "MaximumMessageSize": "1048576",
		"ApproximateNumberOfMessages": "0", "ApproximateNumberOfMessagesNotVisible": "0", "SqsManagedSseEnabled": "true", "Policy": "{}",
	} {
		if got := described.Attributes[name]; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if _, given := described.Attributes["FifoQueue"]; given {
		t.Error("a standard queue has the attribute FifoQueue")
	}
	tags, err := c.ListQueueTags(ctx, &client.ListQueueTagsInput{QueueUrl: created.QueueUrl})
	if err != nil || tags.Tags["a"] != "b" {
		t.Errorf("tags: %v, %v", tags, err)
	}
}

// TestClientSeesErrors: clients take the code of the old protocol, from the header, where there is one.
func TestClientSeesErrors(t *testing.T) {
	c, s := newClient(t)
	declare(t, s, "q", map[string]string{"VisibilityTimeout": "30"})
	url := aws.String(s.URL("q"))
	ctx := t.Context()
	entry := func(id string) types.DeleteMessageBatchRequestEntry {
		return types.DeleteMessageBatchRequestEntry{Id: aws.String(id), ReceiptHandle: aws.String("x")}
	}
	deleteBatch := func(entries ...types.DeleteMessageBatchRequestEntry) error {
		_, err := c.DeleteMessageBatch(ctx, &client.DeleteMessageBatchInput{QueueUrl: url, Entries: entries})
		return err
	}
	tests := map[string]struct {
		code   string
		status int
		call   func() error
	}{
		"unknown queue": {"AWS.SimpleQueueService.NonExistentQueue", 400, func() error {
			_, err := c.GetQueueUrl(ctx, &client.GetQueueUrlInput{QueueName: aws.String("r")})
			if _, typed := errors.AsType[*types.QueueDoesNotExist](err); !typed {
				t.Errorf("the error is a %T", err)
			}
			return err
		}},
		"same name, other attributes": {"QueueAlreadyExists", 400, func() error {
			_, err := c.CreateQueue(ctx, &client.CreateQueueInput{QueueName: aws.String("q"), Attributes: map[string]string{"VisibilityTimeout": "31"}})
			return err
		}},
		"unknown attribute": {"InvalidAttributeName", 400, func() error {
			_, err := c.SetQueueAttributes(ctx, &client.SetQueueAttributesInput{QueueUrl: url, Attributes: map[string]string{"Nope": "1"}})
			return err
		}},
		"bad handle": {"ReceiptHandleIsInvalid", 404, func() error {
			_, err := c.DeleteMessage(ctx, &client.DeleteMessageInput{QueueUrl: url, ReceiptHandle: aws.String("x")})
			return err
		}},
		"too many messages": {"InvalidParameterValue", 400, func() error {
			_, err := c.ReceiveMessage(ctx, &client.ReceiveMessageInput{QueueUrl: url, MaxNumberOfMessages: 11})
			return err
		}},
		"entry id":      {"AWS.SimpleQueueService.InvalidBatchEntryId", 400, func() error { return deleteBatch(entry("a b")) }},
		"same entry id": {"AWS.SimpleQueueService.BatchEntryIdsNotDistinct", 400, func() error { return deleteBatch(entry("a"), entry("a")) }},
		"empty batch": {"AWS.SimpleQueueService.EmptyBatchRequest", 400, func() error {
			return deleteBatch([]types.DeleteMessageBatchRequestEntry{}...)
		}},
		"second purge": {"AWS.SimpleQueueService.PurgeQueueInProgress", 403, func() error {
			if _, err := c.PurgeQueue(ctx, &client.PurgeQueueInput{QueueUrl: url}); err != nil {
				t.Error(err)
			}
			_, err := c.PurgeQueue(ctx, &client.PurgeQueueInput{QueueUrl: url})
			return err
		}},
		"created after deletion": {"AWS.SimpleQueueService.QueueDeletedRecently", 400, func() error {
			declare(t, s, "gone", nil)
			if _, err := c.DeleteQueue(ctx, &client.DeleteQueueInput{QueueUrl: aws.String(s.URL("gone"))}); err != nil {
				t.Error(err)
			}
			_, err := c.CreateQueue(ctx, &client.CreateQueueInput{QueueName: aws.String("gone")})
			return err
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			err := test.call()
			api, ok := errors.AsType[smithy.APIError](err)
			if !ok || api.ErrorCode() != test.code {
				t.Fatalf("got %v, want code %s", err, test.code)
			}
			if response, ok := errors.AsType[*smithyhttp.ResponseError](err); !ok || response.HTTPStatusCode() != test.status {
				t.Errorf("status of %v is not %d", err, test.status)
			}
		})
	}
}

// post sends a request of the JSON protocol as it is on the wire.
func post(s *Service, action, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", "AmazonSQS."+action)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestErrorsOnTheWire(t *testing.T) {
	s := newService(t, nil)
	denied := httptest.NewRecorder()
	s.Deny(denied, httptest.NewRequest(http.MethodPost, "/", nil), "not authorized")
	tests := map[string]struct {
		got               *httptest.ResponseRecorder
		status            int
		shape, queryError string
	}{
		"own":     {post(s, "GetQueueUrl", `{"QueueName":"q"}`), 400, "com.amazonaws.sqs#QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue;Sender"},
		"common":  {post(s, "SendMessage", `{}`), 400, "com.amazon.coral.service#MissingRequiredParameterException", "MissingParameter;Sender"},
		"no JSON": {post(s, "SendMessage", `{`), 400, "com.amazon.coral.service#SerializationException", "MalformedInput;Sender"},
		"unknown": {post(s, "Nope", `{}`), 400, "com.amazon.coral.service#UnknownOperationException", "InvalidAction;Sender"},
		"denied":  {denied, 403, "com.amazon.coral.service#AccessDeniedException", "AccessDenied;Sender"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var body struct {
				Type    string `json:"__type"`
				Message string `json:"message"`
			}
			if err := json.Unmarshal(test.got.Body.Bytes(), &body); err != nil {
				t.Fatal(err)
			}
			if test.got.Code != test.status || body.Type != test.shape || body.Message == "" || test.got.Header().Get("x-amzn-query-error") != test.queryError {
				t.Errorf("answered %d %+v %s", test.got.Code, body, test.got.Header().Get("x-amzn-query-error"))
			}
		})
	}
}

func TestAccess(t *testing.T) {
	s := newService(t, nil)
	for name, test := range map[string]struct{ action, body, wantAction, wantResource string }{
		"by URL":   {"SendMessage", `{"QueueUrl":"http://localhost:4566/000000000000/q"}`, "sqs:SendMessage", s.ARN("q")},
		"batch":    {"DeleteMessageBatch", `{"QueueUrl":"http://x/000000000000/q.fifo"}`, "sqs:DeleteMessage", s.ARN("q.fifo")},
		"by name":  {"GetQueueUrl", `{"QueueName":"q"}`, "sqs:GetQueueUrl", s.ARN("q")},
		"move":     {"StartMessageMoveTask", `{"SourceArn":"` + s.ARN("dlq") + `"}`, "sqs:StartMessageMoveTask", s.ARN("dlq")},
		"no queue": {"ListQueues", `{}`, "sqs:ListQueues", "*"},
		"no JSON":  {"SendMessage", `{`, "sqs:SendMessage", "*"},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/", nil)
			r.Header.Set("X-Amz-Target", "AmazonSQS."+test.action)
			action, resources := s.Access(r, []byte(test.body))
			if action != test.wantAction || len(resources) != 1 || resources[0] != test.wantResource {
				t.Errorf("Access says %s on %v", action, resources)
			}
		})
	}
}
