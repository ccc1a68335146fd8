package cloud

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	lambdaapi "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/smithy-go"
	"github.com/coder/websocket"

	"github.com/serverless-ocpp/backend/local/awsapi"
	"github.com/serverless-ocpp/backend/local/fault"
)

func inject(t *testing.T, c *Cloud, rules ...fault.Rule) {
	t.Helper()
	if err := c.Faults().Set(fault.Plan{Seed: 1, Rules: rules}); err != nil {
		t.Fatal(err)
	}
}

// TestFaultsOfEveryAPI meets the hooks with the clients that functions and operators use.
func TestFaultsOfEveryAPI(t *testing.T) {
	c := start(t, testOptions())
	config := administrator(c)
	config.RetryMaxAttempts = 2
	tests := []struct {
		rule fault.Rule
		call func() error
		code string
	}{
		{fault.Rule{Target: "iot:CreateThing", Kind: fault.Throttle}, func() error {
			_, err := iot.NewFromConfig(config).CreateThing(within(t), &iot.CreateThingInput{ThingName: aws.String("CP001")})
			return err
		}, "ThrottlingException"},
		{fault.Rule{Target: "lambda:*", Kind: fault.Throttle}, func() error {
			_, err := lambdaapi.NewFromConfig(config).Invoke(within(t), &lambdaapi.InvokeInput{FunctionName: aws.String("AwsOcppGatewayStack-Api")})
			return err
		}, "TooManyRequestsException"},
		{fault.Rule{Target: "function:Api", Kind: fault.Throttle}, func() error {
			_, err := lambdaapi.NewFromConfig(config).Invoke(within(t), &lambdaapi.InvokeInput{FunctionName: aws.String("AwsOcppGatewayStack-Api")})
			return err
		}, "TooManyRequestsException"},
		{fault.Rule{Target: "function:Api", Kind: fault.Error}, func() error {
			_, err := lambdaapi.NewFromConfig(config).Invoke(within(t), &lambdaapi.InvokeInput{FunctionName: aws.String("AwsOcppGatewayStack-Api")})
			return err
		}, "ServiceException"},
	}
	for _, test := range tests {
		inject(t, c, test.rule)
		err := test.call()
		if failure, ok := errors.AsType[smithy.APIError](err); !ok || failure.ErrorCode() != test.code {
			t.Errorf("%+v: %v, want %s", test.rule, err, test.code)
		}
		if got := c.Faults().State().Injected(); got != 2 {
			t.Errorf("%+v: %d attempts, want 2", test.rule, got)
		}
	}
}

// TestFunctionKilledBetweenItsCalls kills message after the journal has the frame and before the charge point has its answer.
func TestFunctionKilledBetweenItsCalls(t *testing.T) {
	c := start(t, testOptions())
	conn := dial(t, c.Addresses().ChargePoints+"/CP001")
	inject(t, c, fault.Rule{Target: "*", Function: "Message", Kind: fault.KillBefore, Nth: 2, Count: 1})

	ctx := within(t)
	if err := conn.Write(ctx, websocket.MessageText, []byte(`[2,"1","Heartbeat",{}]`)); err != nil {
		t.Fatal(err)
	}
	_, answer, err := conn.Read(ctx)
	if err != nil || !strings.Contains(string(answer), "Internal server error") {
		t.Fatalf("the charge point learns %s %v", answer, err)
	}
	sent := c.Calls().Snapshot()[awsapi.Call{Service: "sqs", Action: "SendMessage", Function: "AwsOcppGatewayStack-Message"}]
	posted := c.Calls().Snapshot()[awsapi.Call{Service: "execute-api", Action: "ManageConnections", Function: "AwsOcppGatewayStack-Message"}]
	if sent != 1 || posted != 0 {
		t.Errorf("%d frames journaled, %d answers posted; want 1 and 0", sent, posted)
	}
	ask(t, conn, "Heartbeat") // the next one is all right
}

// TestFaultsOverHTTP sets a plan as a shell script would.
func TestFaultsOverHTTP(t *testing.T) {
	c := start(t, testOptions())
	r, err := http.NewRequestWithContext(within(t), http.MethodPut, c.Addresses().AWS+fault.Path,
		strings.NewReader(`{"rules":[{"target":"websocket:connect","kind":"throttle"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("status %d", answer.StatusCode)
	}
	_, response, err := websocket.Dial(within(t), c.Addresses().ChargePoints+"/CP001", nil)
	if err == nil || response == nil || response.StatusCode != http.StatusTooManyRequests {
		t.Errorf("the handshake: %v %v, want 429", response, err)
	}
}

// TestMixEndsInOrder runs a hard mix for a moment and then ends everything, and nothing hangs.
func TestMixEndsInOrder(t *testing.T) {
	options := testOptions()
	options.Faults = fault.Mix(1, 1)
	c, err := Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	var chargePoints sync.WaitGroup
	for i := range 20 {
		chargePoints.Go(func() {
			conn, _, err := websocket.Dial(within(t), fmt.Sprintf("%s/CP%03d", c.Addresses().ChargePoints, i), nil)
			if err != nil {
				return // as the mix will have it
			}
			// What becomes of the call is up to the mix, too.
			_ = conn.Write(within(t), websocket.MessageText, []byte(`[2,"1","Heartbeat",{}]`))
		})
	}
	chargePoints.Wait()
	injected, began := c.Faults().State().Injected(), time.Now()
	if err := c.Close(); err != nil || time.Since(began) > testTimeout {
		t.Errorf("ended after %v: %v", time.Since(began), err)
	}
	if injected == 0 {
		t.Error("nothing went wrong")
	}
}
