package queue

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/serverless-ocpp/backend/shared/fault"
)

func TestDeadLetters(t *testing.T) {
	answer := `{"Attributes":{"ApproximateNumberOfMessages":"3","ApproximateNumberOfMessagesNotVisible":"2"}}`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if target := r.Header.Get("X-Amz-Target"); target != "AmazonSQS.GetQueueAttributes" {
			t.Errorf("call of %s", target)
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		fmt.Fprint(w, answer)
	}))
	defer server.Close()
	client := sqs.NewFromConfig(aws.Config{Region: "eu-central-1", Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""), RetryMaxAttempts: 1},
		func(o *sqs.Options) { o.BaseEndpoint = &server.URL })
	queues := NewDeadLetters(client, []string{"https://sqs/1/DeadB", "https://sqs/1/DeadA"})
	if got, err := queues.Count(t.Context()); err != nil || !slices.Equal(got, []Letters{{"DeadB", 5}, {"DeadA", 5}}) {
		t.Errorf("%v, %v", got, err)
	}
	answer = `{"Attributes":{}}`
	if _, err := queues.Count(t.Context()); !fault.Is(err, fault.Internal) || !strings.Contains(err.Error(), "DeadB") {
		t.Errorf("without attributes: %v", err)
	}
}
