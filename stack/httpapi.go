package main

import (
	"regexp"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2authorizers"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2integrations"
	"github.com/aws/jsii-runtime-go"
)

// HTTP is who may call the HTTP API.
type HTTP struct {
	// JWTIssuer (context httpApiJwtIssuer, https://…, default none) has the HTTP API take JSON Web Tokens of that OpenID
	// Connect issuer, such as a user pool of Cognito, instead of signatures of AWS (SigV4).
	JWTIssuer string

	// JWTAudience (context httpApiJwtAudience, default none) are the audiences, with commas between them, of which a token
	// must be for one. It belongs to httpApiJwtIssuer.
	JWTAudience []string

	// CORSOrigins (context corsOrigins, default none) are the web sites, with commas between them, whose pages browsers
	// let call the HTTP API, such as https://console.example.com.
	CORSOrigins []string

	// RequestsPerSecond (context httpRequestsPerSecond, 0 to 1000000, default 0 for what the account allows) bounds the
	// calls of all callers together, with bursts of as many. Calls beyond it are answered 429.
	RequestsPerSecond int
}

var (
	issuers     = regexp.MustCompile(`^https://[^\s,]+$`)
	audiences   = regexp.MustCompile(`^[^\s,]+$`)
	webOrigins  = regexp.MustCompile(`^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?$`)
	corsHeaders = []string{"authorization", "content-type", "idempotency-key", "if-match", "prefer", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"}
)

func (r *reader) http() HTTP {
	h := HTTP{
		JWTIssuer:         r.matching("httpApiJwtIssuer", issuers, "the URL of an issuer, beginning with https://"),
		JWTAudience:       r.list("httpApiJwtAudience", audiences, "audiences"),
		CORSOrigins:       r.list("corsOrigins", webOrigins, "origins such as https://console.example.com"),
		RequestsPerSecond: r.number("httpRequestsPerSecond", 0, 0, highestRate),
	}
	if h.JWTIssuer != "" {
		r.needs("httpApiJwtIssuer", "httpApiJwtAudience")
	}
	if h.JWTAudience != nil {
		r.needs("httpApiJwtAudience", "httpApiJwtIssuer")
	}
	return h
}

// httpAccessLog is one line of the access log. It has no path, which may hold an id token: the line of Api with the same
// requestId names the route. The caller is the IAM principal that signed the request, the subject
// whom a token is about.
const httpAccessLog = `{"requestId":"$context.requestId","time":"$context.requestTime","method":"$context.httpMethod",` +
	`"status":"$context.status","sourceIp":"$context.identity.sourceIp","caller":"$context.identity.userArn",` +
	`"subject":"$context.authorizer.claims.sub","latency":"$context.responseLatency","error":"$context.integrationErrorMessage"}`

// addHTTPAPI makes the API of operators and integrators. One route leads everything to the function Api,
// which knows the paths. A call is signed (SigV4) by somebody whom IAM allows execute-api:Invoke, or has a token.
func (b *backend) addHTTPAPI() {
	http := b.properties.HTTP
	integration := awsapigatewayv2integrations.NewHttpLambdaIntegration(jsii.String("Api"), b.functions["Api"],
		&awsapigatewayv2integrations.HttpLambdaIntegrationProps{
			PayloadFormatVersion: awsapigatewayv2.PayloadFormatVersion_VERSION_2_0(),
		})
	props := &awsapigatewayv2.HttpApiProps{
		ApiName:            b.name("Http"),
		Description:        jsii.String("Commands to charge points, and what is known about them"),
		DefaultIntegration: integration,
		DefaultAuthorizer:  awsapigatewayv2authorizers.NewHttpIamAuthorizer(),
		CreateDefaultStage: jsii.Bool(false), // the one below has an access log
	}
	if http.JWTIssuer != "" {
		props.DefaultAuthorizer = awsapigatewayv2authorizers.NewHttpJwtAuthorizer(jsii.String("Tokens"), &http.JWTIssuer,
			&awsapigatewayv2authorizers.HttpJwtAuthorizerProps{AuthorizerName: b.name("Tokens"), JwtAudience: jsii.Strings(http.JWTAudience...)})
	}
	if http.CORSOrigins != nil {
		props.CorsPreflight = &awsapigatewayv2.CorsPreflightOptions{
			AllowOrigins:  jsii.Strings(http.CORSOrigins...),
			AllowMethods:  &[]awsapigatewayv2.CorsHttpMethod{awsapigatewayv2.CorsHttpMethod_ANY},
			AllowHeaders:  jsii.Strings(corsHeaders...),
			ExposeHeaders: jsii.Strings("location", "preference-applied", "retry-after"),
			MaxAge:        awscdk.Duration_Hours(jsii.Number(1)),
		}
	}
	api := awsapigatewayv2.NewHttpApi(b.stack, jsii.String("Http"), props)
	if http.CORSOrigins != nil {
		b.letBrowsersAsk(api, integration)
	}
	console := b.addConsole(api)
	stage := &awsapigatewayv2.CfnStageProps{
		ApiId:      api.ApiId(),
		StageName:  jsii.String("$default"),
		AutoDeploy: jsii.Bool(true),
		AccessLogSettings: &awsapigatewayv2.CfnStage_AccessLogSettingsProperty{
			DestinationArn: b.addLogGroup("HttpLogGroup", "/aws/apigateway/"+*b.name("Http")).LogGroupArn(),
			Format:         jsii.String(httpAccessLog),
		},
		RouteSettings: consoleThrottles(),
	}
	if most := float64(http.RequestsPerSecond); most > 0 {
		stage.DefaultRouteSettings = &awsapigatewayv2.CfnStage_RouteSettingsProperty{ThrottlingRateLimit: &most, ThrottlingBurstLimit: &most}
	}
	made := awsapigatewayv2.NewCfnStage(b.stack, jsii.String("HttpStage"), stage)
	for _, route := range console { // settings of a route that is not there yet are refused
		made.AddResourceDependency(route.Node().DefaultChild().(awscdk.CfnResource), nil)
	}
	b.httpID, b.httpURL = api.ApiId(), api.ApiEndpoint()
}

// letBrowsersAsk lets everybody make the requests by which browsers ask what a page may do: they carry neither
// signature nor token. API Gateway answers them by itself, but not on the $default route, which wants one.
func (b *backend) letBrowsersAsk(api awsapigatewayv2.HttpApi, integration awsapigatewayv2.HttpRouteIntegration) {
	added := api.AddRoutes(&awsapigatewayv2.AddRoutesOptions{
		Path:        jsii.String("/{proxy+}"),
		Methods:     &[]awsapigatewayv2.HttpMethod{awsapigatewayv2.HttpMethod_OPTIONS},
		Integration: integration,
		Authorizer:  awsapigatewayv2.NewHttpNoneAuthorizer(),
	})
	for _, route := range *added {
		accept(route, suppression{
			rule:   "AwsSolutions-APIG4",
			reason: "Browsers send preflight requests without credentials; API Gateway answers them with the CORS headers alone.",
		})
	}
}
