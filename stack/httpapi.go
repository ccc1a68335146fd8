package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2authorizers"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2integrations"
	"github.com/aws/jsii-runtime-go"
)

// httpAccessLog is one line of the access log. The caller is the IAM principal that signed the request.
const httpAccessLog = `{"requestId":"$context.requestId","time":"$context.requestTime","method":"$context.httpMethod",` +
	`"path":"$context.path","status":"$context.status","sourceIp":"$context.identity.sourceIp","caller":"$context.identity.userArn",` +
	`"latency":"$context.responseLatency","error":"$context.integrationErrorMessage"}`

// addHTTPAPI makes the API of operators and integrators. One route leads everything to the function Api,
// which knows the paths. A call is signed (SigV4) by somebody whom IAM allows execute-api:Invoke.
func (b *backend) addHTTPAPI() {
	api := awsapigatewayv2.NewHttpApi(b.stack, jsii.String("Http"), &awsapigatewayv2.HttpApiProps{
		ApiName:     b.name("Http"),
		Description: jsii.String("Commands to charge points, and what is known about them"),
		DefaultIntegration: awsapigatewayv2integrations.NewHttpLambdaIntegration(jsii.String("Api"), b.functions["Api"],
			&awsapigatewayv2integrations.HttpLambdaIntegrationProps{
				PayloadFormatVersion: awsapigatewayv2.PayloadFormatVersion_VERSION_2_0(),
			}),
		DefaultAuthorizer:  awsapigatewayv2authorizers.NewHttpIamAuthorizer(),
		CreateDefaultStage: jsii.Bool(false), // the one below has an access log
	})
	awsapigatewayv2.NewCfnStage(b.stack, jsii.String("HttpStage"), &awsapigatewayv2.CfnStageProps{
		ApiId:      api.ApiId(),
		StageName:  jsii.String("$default"),
		AutoDeploy: jsii.Bool(true),
		AccessLogSettings: &awsapigatewayv2.CfnStage_AccessLogSettingsProperty{
			DestinationArn: b.addLogGroup("HttpLogGroup", "/aws/apigateway/"+*b.name("Http")).LogGroupArn(),
			Format:         jsii.String(httpAccessLog),
		},
	})
	b.httpURL = api.ApiEndpoint()
}
