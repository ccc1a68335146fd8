package main

import (
	"regexp"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2integrations"
	"github.com/aws/jsii-runtime-go"
)

// Console is how people sign in to the console. Without HTTP.JWTIssuer it takes no one's calls: browsers cannot sign
// requests with keys of AWS.
type Console struct {
	// ClientID (context consoleClientId, default none) is the console's own id at the issuer of tokens: a public client with
	// the authorization code flow and PKCE, whose redirect URL is the output ConsoleUrl.
	ClientID string

	// Scopes (context consoleScopes, with commas between them, default openid,ocpp/read,ocpp/operate) are those that the
	// console asks the issuer for. What a person is not granted, the HTTP API refuses and the console hides.
	Scopes string
}

var (
	clientIDs = regexp.MustCompile(`^[^\s,]+$`)
	scopes    = regexp.MustCompile(`^[^\s,]+(,[^\s,]+)*$`)
)

const defaultScopes = "openid,ocpp/read,ocpp/operate"

func (r *reader) console() Console {
	c := Console{
		ClientID: r.matching("consoleClientId", clientIDs, "an id of a client, without spaces and commas"),
		Scopes:   r.text("consoleScopes", defaultScopes),
	}
	if !scopes.MatchString(c.Scopes) {
		r.refuse("consoleScopes", c.Scopes, "scopes with commas between them")
	}
	if c.ClientID != "" {
		r.needs("consoleClientId", "httpApiJwtIssuer")
	}
	return c
}

// consolePaths are open to everybody, so that whoever opens the page can sign in.
var consolePaths = []string{"/console", "/console/{proxy+}"}

// consoleRate is how many requests a second each of them takes, with bursts of twice as many: a page is thirty files that
// browsers keep. What everybody may call is bounded, or whoever floods it takes the account's requests and concurrent functions
// away from charge points.
const consoleRate = 100

// consoleThrottles are the settings of the console's routes in a stage, as CloudFormation takes them.
func consoleThrottles() map[string]any {
	settings := make(map[string]any, len(consolePaths))
	for _, path := range consolePaths {
		settings["GET "+path] = map[string]any{"ThrottlingRateLimit": consoleRate, "ThrottlingBurstLimit": 2 * consoleRate}
	}
	return settings
}

// addConsole puts the console beside the HTTP API, which its page calls. It returns the routes.
func (b *backend) addConsole(api awsapigatewayv2.HttpApi) (routes []awsapigatewayv2.HttpRoute) {
	integration := awsapigatewayv2integrations.NewHttpLambdaIntegration(jsii.String("Console"), b.functions["Console"],
		&awsapigatewayv2integrations.HttpLambdaIntegrationProps{
			PayloadFormatVersion: awsapigatewayv2.PayloadFormatVersion_VERSION_2_0(),
		})
	for _, path := range consolePaths {
		added := api.AddRoutes(&awsapigatewayv2.AddRoutesOptions{
			Path:        &path,
			Methods:     &[]awsapigatewayv2.HttpMethod{awsapigatewayv2.HttpMethod_GET},
			Integration: integration,
			Authorizer:  awsapigatewayv2.NewHttpNoneAuthorizer(),
		})
		for _, route := range *added {
			accept(route, suppression{
				rule:   "AwsSolutions-APIG4",
				reason: "The files of the console hold no data; whoever opens it signs in, and its calls of the HTTP API are authorized like all others.",
			})
			routes = append(routes, route)
		}
	}
	return routes
}
