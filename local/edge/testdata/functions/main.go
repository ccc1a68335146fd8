// Command functions is, by the name in _HANDLER, one of the Lambda functions behind a
// WebSocket API: an authorizer, $connect, and a $default that sends every message back.
package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

func main() {
	switch os.Getenv("_HANDLER") {
	case "authorize":
		lambda.Start(authorize)
	case "connect":
		lambda.Start(connect)
	case "echo":
		lambda.Start(echo)
	}
}

func authorize(_ context.Context, e events.APIGatewayCustomAuthorizerRequestTypeRequest) (events.APIGatewayCustomAuthorizerResponse, error) {
	return events.APIGatewayCustomAuthorizerResponse{
		PrincipalID: "station",
		PolicyDocument: events.APIGatewayCustomAuthorizerPolicy{Version: "2012-10-17", Statement: []events.IAMPolicyStatement{
			{Action: []string{"execute-api:Invoke"}, Effect: "Allow", Resource: []string{e.MethodArn}}}},
		Context: map[string]any{
			"chargePointId": e.QueryStringParameters["chargePointId"],
			"edge":          e.Headers["X-Edge-Secret"] == os.Getenv("EDGE_SECRET"),
		},
	}, nil
}

func connect(_ context.Context, e events.APIGatewayWebsocketProxyRequest) (events.APIGatewayProxyResponse, error) {
	return events.APIGatewayProxyResponse{
		StatusCode: http.StatusOK,
		Headers:    map[string]string{"Sec-WebSocket-Protocol": e.Headers["Sec-WebSocket-Protocol"]},
	}, nil
}

func echo(ctx context.Context, e events.APIGatewayWebsocketProxyRequest) (events.APIGatewayProxyResponse, error) {
	ended := events.APIGatewayProxyResponse{StatusCode: http.StatusOK}
	who := e.RequestContext.Authorizer.(map[string]any)
	message := fmt.Sprintf("%s over the edge %s: %s", who["chargePointId"], who["edge"], e.Body)
	target := os.Getenv("CONNECTIONS_ENDPOINT") + "/@connections/" + url.PathEscape(e.RequestContext.ConnectionID)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewBufferString(message))
	if err != nil {
		return ended, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return ended, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return ended, fmt.Errorf("@connections answered %s", response.Status)
	}
	return ended, nil
}
