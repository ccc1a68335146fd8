package cloudwatch

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/metric"
)

func TestErrors(t *testing.T) {
	const document = `<ErrorResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"><Error><Type>Sender</Type><Code>CODE</Code><Message>not now</Message></Error></ErrorResponse>`
	for _, test := range []struct {
		status     int
		body, says string
		want       fault.Code
	}{
		{400, strings.Replace(document, "CODE", "Throttling", 1), "Throttling: not now", fault.Throttled},
		{403, strings.Replace(document, "CODE", "AccessDenied", 1), "AccessDenied: not now", fault.Internal},
		{429, "<html>", "429", fault.Throttled},
		{500, "", "500", fault.Internal},
		{200, "no XML", "not that of GetMetricData", fault.Internal},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(test.status)
			io.WriteString(w, test.body)
		}))
		config := aws.Config{Region: "eu-central-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""), RetryMaxAttempts: 1}
		_, err := NewReader(config, "Depot").Read(t.Context(), []Series{{Name: metric.Answers, Statistic: Sum}}, time.Now().Add(-time.Hour), time.Now(), time.Minute)
		if !fault.Is(err, test.want) || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%d %s: %v, want a fault %s", test.status, test.body, err, test.want)
		}
		server.Close()
		if _, err := NewReader(config, "Depot").Read(t.Context(), nil, time.Now(), time.Now(), time.Minute); !fault.Is(err, fault.Internal) {
			t.Errorf("nobody there: %v", err)
		}
	}
}

func TestEndpoint(t *testing.T) {
	for region, want := range map[string]string{
		"eu-central-1": "https://monitoring.eu-central-1.amazonaws.com", "cn-north-1": "https://monitoring.cn-north-1.amazonaws.com.cn",
	} {
		if got := endpointOf(aws.Config{Region: region}); got != want {
			t.Errorf("%s: %s, want %s", region, got, want)
		}
	}
}
