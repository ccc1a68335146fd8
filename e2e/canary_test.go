package e2e

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/serverless-ocpp/backend/local/cloud"
)

// invoke runs a function of a schedule, as the schedule does.
func invoke(t *testing.T, at *cloud.Cloud, function string) {
	t.Helper()
	config := operator()
	config.BaseEndpoint = aws.String(at.Addresses().AWS)
	answer, err := lambda.NewFromConfig(config).Invoke(t.Context(), &lambda.InvokeInput{
		FunctionName: aws.String("AwsOcppGatewayStack-" + function), Payload: []byte(`{}`),
	})
	if err != nil || answer.FunctionError != nil {
		t.Fatalf("%s: %v %s", function, err, answer.Payload)
	}
}

// canary waits for the metric of the next visit.
func canary(t *testing.T, at *cloud.Cloud, log functionLog) string {
	t.Helper()
	invoke(t, at, "Canary")
	var value string
	eventually(t, func() string {
		for _, line := range log.find(logLine{"": "metrics"}) {
			if line["Canary"] != "" {
				value = compact(line["Canary"])
				return ""
			}
		}
		return "Canary has written no metric"
	})
	return value
}

// The synthetic charge point goes the way of every other: through the edge, with a key.
func TestCanaryIsServed(t *testing.T) {
	t.Parallel()
	if got := canary(t, stack, logs); got != "[1]" {
		t.Errorf("Canary is %s, want [1]: %v", got, logs.find(logLine{"chargePointId": "AwsOcppGatewayStack-Canary"}))
	}
}

// What keeps charge points out must show: here the authorizer has another secret than the edge.
func TestCanaryIsNotServedByABrokenStack(t *testing.T) {
	t.Parallel()
	log := newFunctionLog(slog.DiscardHandler)
	broken, err := start(cloud.Options{Environment: map[string]string{"EDGE_SECRET": "another"}, Log: slog.New(log)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := broken.Close(); err != nil {
			t.Error(err)
		}
	})
	if got := canary(t, broken, log); got != "[0]" {
		t.Errorf("Canary is %s, want [0]", got)
	}
	eventually(t, func() string { // lines come after the answer
		if len(log.find(logLine{"": "connection refused", "status": "401"})) != 1 {
			return "no line of Connect says that the handshake was refused"
		}
		return ""
	})
}

func TestCensus(t *testing.T) {
	t.Parallel()
	createThing(t, "COUNTED")
	connect(t, "COUNTED", "ocpp1.6")
	invoke(t, stack, "Census")
	eventually(t, func() string {
		for _, line := range logs.find(logLine{"": "metrics"}) {
			if count := compact(line["ActiveConnections"]); count != "" && count != "[0]" {
				return ""
			}
		}
		return "Census has counted nobody"
	})
}

// compact is a list of one number without its white space.
func compact(list string) string { return strings.Join(strings.Fields(list), "") }
