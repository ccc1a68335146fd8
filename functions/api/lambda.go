package main

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/awslabs/aws-lambda-go-api-proxy/httpadapter"

	"github.com/serverless-ocpp/backend/shared/invocation"
)

// behindGateway serves the events of an HTTP API (payload format 2.0).
func behindGateway(handler http.Handler) func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	adapter := httpadapter.NewV2(handler)
	return func(ctx context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		// Whether rawPath is percent-encoded is not documented. One that cannot be read as such is plain text;
		// the adapter would fail on it, and the caller see a 500.
		if _, err := url.ParseRequestURI(event.RawPath); err != nil {
			event.RawPath = (&url.URL{Path: event.RawPath}).EscapedPath()
		}
		ctx, cancel := invocation.EndingBefore(ctx, timeToReturn)
		defer cancel()
		return adapter.ProxyWithContext(ctx, event)
	}
}

// timeToReturn is what is left of the invocation when a request stops waiting, for AWS or for a command's fate. Killed
// by its timeout it would be a 503, and a caller who then asks again commands the charge point twice.
const timeToReturn = time.Second
