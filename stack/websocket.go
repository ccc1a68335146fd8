package main

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2authorizers"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2integrations"
	"github.com/aws/jsii-runtime-go"
)

// webSocketStage is the path of the WebSocket API, to which edge.js rewrites every other.
const webSocketStage = "ocpp"

// addWebSocketAPI makes the API without its routes, because functions need its address before routes need
// the functions.
func (b *backend) addWebSocketAPI() {
	b.webSocket = awsapigatewayv2.NewWebSocketApi(b.stack, jsii.String("WebSocket"), &awsapigatewayv2.WebSocketApiProps{
		ApiName:     b.name("WebSocket"),
		Description: jsii.String("Connections of charge points"),
		// Required by API Gateway. An OCPP frame is an array and has no such member, so that each goes to $default.
		RouteSelectionExpression: jsii.String("$request.body.action"),
	})
	props := &awsapigatewayv2.WebSocketStageProps{
		WebSocketApi: b.webSocket,
		StageName:    jsii.String(webSocketStage),
		AutoDeploy:   jsii.Bool(true),
	}
	if most := float64(b.properties.WebSocketRequestsPerSecond); most > 0 {
		props.Throttle = &awsapigatewayv2.ThrottleSettings{RateLimit: &most, BurstLimit: &most}
	}
	stage := awsapigatewayv2.NewWebSocketStage(b.stack, jsii.String("WebSocketStage"), props)
	if b.properties.WebSocketAccessLog {
		stage.Node().DefaultChild().(awsapigatewayv2.CfnStage).SetAccessLogSettings(&awsapigatewayv2.CfnStage_AccessLogSettingsProperty{
			DestinationArn: b.addLogGroup("WebSocketLogGroup", "/aws/apigateway/"+*b.name("WebSocket")).LogGroupArn(),
			Format:         jsii.String(webSocketAccessLog),
		})
		return
	}
	accept(stage, suppression{
		rule: "AwsSolutions-APIG1",
		reason: "Access logs of a WebSocket API need a role in the settings of the whole account, which are not this stack's to change: " +
			"webSocketAccessLog is for accounts that have it. Authorize and Connect log every handshake, and Message what it answers.",
	})
}

// webSocketAccessLog is one line of the access log. What a charge point sent is not in it: neither the query string nor a message.
const webSocketAccessLog = `{"requestId":"$context.requestId","time":"$context.requestTime","eventType":"$context.eventType",` +
	`"chargePointId":"$context.authorizer.chargePointId","connectionId":"$context.connectionId","status":"$context.status",` +
	`"sourceIp":"$context.identity.sourceIp","authorizerError":"$context.authorizer.error","error":"$context.integrationErrorMessage",` +
	`"latency":"$context.integrationLatency"}`

// webSocketDomain is the host name of the API, without the stage.
func (b *backend) webSocketDomain() string {
	return fmt.Sprintf("%s.execute-api.%s.%s", *b.webSocket.ApiId(), *b.stack.Region(), *b.stack.UrlSuffix())
}

// addWebSocketRoutes leads the three events of a connection to their functions. The authorizer of $connect
// lets everybody through and puts its finding into the context: $connect can answer 400, 401 and 404, an
// authorizer cannot.
func (b *backend) addWebSocketRoutes() {
	authorizer := awsapigatewayv2authorizers.NewWebSocketLambdaAuthorizer(
		jsii.String("Authorizer"), b.functions["Authorize"],
		&awsapigatewayv2authorizers.WebSocketLambdaAuthorizerProps{
			AuthorizerName: b.name("Authorizer"),
			// API Gateway would answer 401 by itself where a source is missing, and there is none that
			// every charge point sends.
			IdentitySource: &[]*string{},
		})
	for _, route := range []struct {
		key, function string
		authorizer    awsapigatewayv2.IWebSocketRouteAuthorizer
	}{
		{"$connect", "Connect", authorizer},
		{"$default", "Message", nil},
		{"$disconnect", "Disconnect", nil},
	} {
		added := b.webSocket.AddRoute(jsii.String(route.key), &awsapigatewayv2.WebSocketRouteOptions{
			Integration: awsapigatewayv2integrations.NewWebSocketLambdaIntegration(&route.function, b.functions[route.function], nil),
			Authorizer:  route.authorizer,
		})
		if route.authorizer == nil {
			accept(added, suppression{
				rule:   "AwsSolutions-APIG4",
				reason: "API Gateway authorizes a WebSocket connection once, at $connect; other routes can have no authorizer.",
			})
		}
	}
}
