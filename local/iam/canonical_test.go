package iam

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// TestSignatureOfFunctionsCalls: what the functions call is verified without the SDK's signer.
func TestSignatureOfFunctionsCalls(t *testing.T) {
	directory := NewDirectory("000000000000")
	issued := directory.AssumeRole(Role{Name: "R"}, "Stack-Message")
	seen := &capture{}
	server := httptest.NewServer(seen)
	defer server.Close()
	config, ctx := configFor(server.URL, issued), context.Background()

	// Each call is answered 400; the request that was seen is what matters.
	for name, call := range map[string]func(){
		"dynamodb": func() { _, _ = dynamodb.NewFromConfig(config).ListTables(ctx, &dynamodb.ListTablesInput{}) },
		"sqs": func() {
			_, _ = sqs.NewFromConfig(config).SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: aws.String("q"), MessageBody: aws.String("ä")})
		},
		"connections": func() {
			_, _ = apigatewaymanagementapi.NewFromConfig(config).PostToConnection(ctx, &apigatewaymanagementapi.PostToConnectionInput{ConnectionId: aws.String("a+b/c="), Data: []byte("x")})
		},
		"topic": func() {
			_, _ = iotdataplane.NewFromConfig(config).Publish(ctx, &iotdataplane.PublishInput{Topic: aws.String("ocpp/CP 1/ü"), Qos: 1, Payload: []byte("{}")})
		},
		"shadow": func() {
			_, _ = iotdataplane.NewFromConfig(config).GetThingShadow(ctx, &iotdataplane.GetThingShadowInput{ThingName: aws.String("CP:1")})
		},
	} {
		call()
		auth, ok := ParseAuthorization(seen.request)
		session, known := directory.session(auth.AccessKeyID)
		if !ok || !known {
			t.Fatalf("%s: not signed by the function: %+v", name, auth)
		}
		signedAt, err := time.Parse("20060102T150405Z", seen.request.Header.Get("X-Amz-Date"))
		if err != nil {
			t.Fatal(err)
		}
		digest := sha256.Sum256(seen.body)
		hash := hex.EncodeToString(digest[:])
		if got := session.signatureOf(seen.request, auth, hash, signedAt); got != auth.Signature {
			t.Errorf("%s: %s of %s is not the signature", name, seen.request.Method, seen.request.URL)
		}
		seen.request.Header.Set("X-Amz-Date", signedAt.Add(time.Second).Format("20060102T150405Z"))
		if got := session.signatureOf(seen.request, auth, hash, signedAt); got == auth.Signature {
			t.Errorf("%s: a changed header has the same signature", name)
		}
	}
}

func TestDecisionsAreOfTheSameRequest(t *testing.T) {
	var d decisions
	request := Request{Action: "sqs:SendMessage", Resource: "q", Context: conditions{"aws:UserAgent": {"a"}}}
	d.allow(request)
	if !d.allows(request) {
		t.Error("it is forgotten")
	}
	for _, other := range []Request{
		{Action: "sqs:ReceiveMessage", Resource: "q", Context: request.Context},
		{Action: "sqs:SendMessage", Resource: "r", Context: request.Context},
		{Action: "sqs:SendMessage", Resource: "q", Context: conditions{"aws:UserAgent": {"b"}}},
		{Action: "sqs:SendMessage", Resource: "q"},
	} {
		if d.allows(other) {
			t.Errorf("%+v was never allowed", other)
		}
	}
}
