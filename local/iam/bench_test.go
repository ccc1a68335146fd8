package iam

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// BenchmarkIdentify is what every AWS call of a function costs before its service sees it.
func BenchmarkIdentify(b *testing.B) {
	directory := NewDirectory("000000000000")
	issued := directory.AssumeRole(Role{Name: "R"}, "Stack-Message")
	seen := &capture{}
	server := httptest.NewServer(seen)
	defer server.Close()
	// The server answers every call with 400; what matters is the request.
	_, _ = sqs.NewFromConfig(configFor(server.URL, issued)).SendMessage(context.Background(), &sqs.SendMessageInput{QueueUrl: aws.String("q"), MessageBody: aws.String("[2]")})
	for b.Loop() {
		if _, err := directory.Identify(seen.request, seen.body, time.Now()); err != nil {
			b.Fatal(err)
		}
	}
}
