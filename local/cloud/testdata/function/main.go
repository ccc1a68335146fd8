// Command function stands for every function of the stack in the tests of package cloud: small ones, which do just enough
// to show that what they reach is wired as the template says. Which one it is, _HANDLER tells.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

func main() {
	loaded, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	f := functions{loaded}
	handlers := map[string]any{
		"authorize":  f.authorize,
		"connect":    f.connect,
		"message":    f.message,
		"disconnect": f.disconnect,
		"processor":  f.processor,
		"timer":      f.fail,
		"registry":   f.registry,
		"outbound":   f.fail,
		"api":        f.api,
	}
	lambda.Start(handlers[os.Getenv("_HANDLER")])
}

type functions struct{ config aws.Config }

// authorize lets everybody in, and remembers whether it was through the edge.
func (f functions) authorize(r events.APIGatewayWebsocketProxyRequest) (events.APIGatewayCustomAuthorizerResponse, error) {
	edge := "no"
	if r.Headers["X-Ocpp-Edge-Secret"] == os.Getenv("EDGE_SECRET") {
		edge = "yes"
	}
	return events.APIGatewayCustomAuthorizerResponse{
		PrincipalID: r.QueryStringParameters["chargePointId"],
		Context:     map[string]any{"chargePointId": r.QueryStringParameters["chargePointId"], "edge": edge, "profile": os.Getenv("MIN_SECURITY_PROFILE")},
		PolicyDocument: events.APIGatewayCustomAuthorizerPolicy{Version: "2012-10-17", Statement: []events.IAMPolicyStatement{
			{Effect: "Allow", Action: []string{"execute-api:Invoke"}, Resource: []string{"*"}},
		}},
	}, nil
}

func (f functions) connect(events.APIGatewayWebsocketProxyRequest) (events.APIGatewayProxyResponse, error) {
	return events.APIGatewayProxyResponse{StatusCode: 200, Headers: map[string]string{"Sec-WebSocket-Protocol": "ocpp1.6"}}, nil
}

// message journals a call and answers it. To the action Forbidden it does what its role does not allow, and answers with
// what it was told.
func (f functions) message(ctx context.Context, r events.APIGatewayWebsocketProxyRequest) (events.APIGatewayProxyResponse, error) {
	about := r.RequestContext.Authorizer.(map[string]any)
	var frame []json.RawMessage
	if err := json.Unmarshal([]byte(r.Body), &frame); err != nil {
		return events.APIGatewayProxyResponse{}, err
	}
	outcome := map[string]any{"edge": about["edge"], "profile": about["profile"], "tokens": os.Getenv("UNKNOWN_ID_TOKENS")}
	if string(frame[2]) == `"Forbidden"` {
		_, err := dynamodb.NewFromConfig(f.config).Scan(ctx, &dynamodb.ScanInput{TableName: aws.String(os.Getenv("CHARGE_POINT_TABLE"))})
		outcome["error"] = fmt.Sprint(err)
	}
	_, err := sqs.NewFromConfig(f.config).SendMessage(ctx, &sqs.SendMessageInput{
		QueueUrl:               aws.String(os.Getenv("INCOMING_MESSAGES_QUEUE_URL")),
		MessageBody:            aws.String(r.Body),
		MessageGroupId:         aws.String(about["chargePointId"].(string)),
		MessageDeduplicationId: aws.String(r.RequestContext.RequestID[:8] + "x"),
	})
	if err != nil {
		return events.APIGatewayProxyResponse{}, err
	}
	answer, err := json.Marshal([]any{3, frame[1], outcome})
	if err != nil {
		return events.APIGatewayProxyResponse{}, err
	}
	connections := apigatewaymanagementapi.NewFromConfig(f.config, func(o *apigatewaymanagementapi.Options) {
		o.BaseEndpoint = aws.String(os.Getenv("CONNECTIONS_ENDPOINT"))
	})
	_, err = connections.PostToConnection(ctx, &apigatewaymanagementapi.PostToConnectionInput{
		ConnectionId: aws.String(r.RequestContext.ConnectionID), Data: answer,
	})
	return events.APIGatewayProxyResponse{StatusCode: 200}, err
}

func (f functions) disconnect(ctx context.Context, r events.APIGatewayWebsocketProxyRequest) (events.APIGatewayProxyResponse, error) {
	id := r.RequestContext.Authorizer.(map[string]any)["chargePointId"].(string)
	return events.APIGatewayProxyResponse{StatusCode: 200}, f.note(ctx, id, "disconnected")
}

// processor mirrors journaled messages to the charge point's topic.
func (f functions) processor(ctx context.Context, batch events.SQSEvent) (events.SQSEventResponse, error) {
	for _, message := range batch.Records {
		_, err := iotdataplane.NewFromConfig(f.config).Publish(ctx, &iotdataplane.PublishInput{
			Topic:   aws.String(message.Attributes["MessageGroupId"] + "/in"),
			Payload: []byte(message.Body),
		})
		if err != nil {
			return events.SQSEventResponse{}, err
		}
	}
	return events.SQSEventResponse{}, nil
}

func (f functions) registry(ctx context.Context, event struct{ ThingName, Operation string }) error {
	return f.note(ctx, event.ThingName, event.Operation)
}

// note writes a word into a charge point's row.
func (f functions) note(ctx context.Context, chargePointID, word string) error {
	_, err := dynamodb.NewFromConfig(f.config).UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                 aws.String(os.Getenv("CHARGE_POINT_TABLE")),
		Key:                       map[string]types.AttributeValue{"chargePointId": &types.AttributeValueMemberS{Value: chargePointID}},
		UpdateExpression:          aws.String("SET note = :note"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":note": &types.AttributeValueMemberS{Value: word}},
	})
	return err
}

func (f functions) api(r events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	signer := ""
	if authorizer := r.RequestContext.Authorizer; authorizer != nil && authorizer.IAM != nil {
		signer = authorizer.IAM.UserARN
	}
	return events.APIGatewayV2HTTPResponse{StatusCode: 200, Body: r.RawPath + " " + signer}, nil
}

func (f functions) fail(json.RawMessage) error {
	return fmt.Errorf("%s always fails", os.Getenv("_HANDLER"))
}
