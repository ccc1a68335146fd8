package awsapi

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi/types"

	"github.com/serverless-ocpp/backend/local/fault"
)

func TestRefusalsOfConnections(t *testing.T) {
	f := start(t)
	connections := &echo{action: manageConnections, resource: "*"}
	guarded := httptest.NewServer(New(Config{Directory: f.directory, Calls: &f.calls, Log: slog.New(slog.DiscardHandler), Faults: f.faults}).
		Guard("connections", connections))
	defer guarded.Close()
	config := f.impatient(t)
	config.BaseEndpoint = aws.String(guarded.URL + "/ocpp")
	client := apigatewaymanagementapi.NewFromConfig(config)
	post := func() error {
		_, err := client.PostToConnection(t.Context(), &apigatewaymanagementapi.PostToConnectionInput{ConnectionId: aws.String("abc="), Data: []byte("x")})
		return err
	}
	isGone := func(err error) bool { _, ok := errors.AsType[*types.GoneException](err); return ok }
	isThrottled := func(err error) bool { _, ok := errors.AsType[*types.LimitExceededException](err); return ok }
	isServerError := func(err error) bool {
		response, ok := errors.AsType[*awshttp.ResponseError](err)
		return ok && response.HTTPStatusCode() == http.StatusInternalServerError
	}
	tests := []struct {
		rule     fault.Rule
		is       func(error) bool
		attempts int
	}{
		{fault.Rule{Target: "connections:POST", Kind: fault.Gone}, isGone, 1},
		{fault.Rule{Target: "connections:*", Kind: fault.Throttle}, isThrottled, 3},
		{fault.Rule{Target: "connections:*", Kind: fault.Error}, isServerError, 3},
	}
	for _, test := range tests {
		f.inject(t, test.rule)
		if err := post(); !test.is(err) {
			t.Errorf("%s: %v", test.rule.Kind, err)
		}
		if got := f.faults.State().Injected(); got != test.attempts {
			t.Errorf("%s: %d attempts, want %d", test.rule.Kind, got, test.attempts)
		}
	}
	f.inject(t, fault.Rule{Target: "connections:DELETE", Kind: fault.Gone})
	if err := post(); err != nil || len(connections.got()) != 1 {
		t.Errorf("a fault of another method: %v, %d posts arrived", err, len(connections.got()))
	}
}
