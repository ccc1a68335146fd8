// Package main serves the operator's console: static files that hold no data, and the configuration with which a browser
// signs in. What a person sees and does there goes from the browser to the HTTP API.
package main

import (
	"github.com/awslabs/aws-lambda-go-api-proxy/httpadapter"

	"github.com/serverless-ocpp/backend/shared/invocation"
	"github.com/serverless-ocpp/backend/shared/settings"
)

func main() {
	settings.Logs()
	env := settings.FromEnvironment()
	signIn := signInFrom(env)
	if err := env.Err(); err != nil {
		settings.Exit(err)
	}
	handler, err := newHandler(signIn)
	if err != nil {
		settings.Exit(err)
	}
	invocation.Serve(httpadapter.NewV2(handler).ProxyWithContext)
}
