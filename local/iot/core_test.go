package iot_test

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awsiot "github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/aws/smithy-go"
	"github.com/serverless-ocpp/backend/local/durable"
	"github.com/serverless-ocpp/backend/local/iot"
	"github.com/serverless-ocpp/backend/local/mqtt"
)

// world is an AWS IoT Core that listens, and clients of it.
type world struct {
	core    *iot.Core
	broker  *mqtt.Broker
	url     string
	control *awsiot.Client
	data    *iotdataplane.Client
}

func start(t *testing.T) world {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	broker, err := mqtt.Listen(mqtt.Config{Address: "127.0.0.1:0", Log: log})
	if err != nil {
		t.Fatal(err)
	}
	broker.Admit()
	t.Cleanup(func() {
		if err := broker.Close(); err != nil {
			t.Error(err)
		}
	})
	core, err := iot.New(iot.Config{
		Account:      "000000000000",
		Region:       "us-east-1",
		DataEndpoint: "127.0.0.1:4566",
		Broker:       broker,
		Store:        durable.Memory(),
		Policies:     map[string]string{"AwsOcppGatewayStack-Policy": `{"Version":"2012-10-17","Statement":[]}`},
		Log:          log,
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		api := map[string]http.Handler{iot.ControlService: core.Control, iot.DataService: core.Data}[iot.ServiceOf(r.URL)]
		if api == nil {
			t.Errorf("%s %s is for neither API", r.Method, r.URL)
			return
		}
		api.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	config := aws.Config{
		Region:       "us-east-1",
		BaseEndpoint: &server.URL,
		Credentials:  credentials.NewStaticCredentialsProvider("local", "local", ""),
		HTTPClient:   server.Client(),
		Retryer:      func() aws.Retryer { return aws.NopRetryer{} },
	}
	return world{core, broker, server.URL, awsiot.NewFromConfig(config), iotdataplane.NewFromConfig(config)}
}

// wantCode wants an error as the SDK reads it: its code, and words of its message.
func wantCode(t *testing.T, what string, err error, code, words string) {
	t.Helper()
	failure, ok := errors.AsType[smithy.APIError](err)
	if !ok || failure.ErrorCode() != code || !strings.Contains(failure.ErrorMessage(), words) {
		t.Errorf("%s: %v, want %s: %s", what, err, code, words)
	}
}
