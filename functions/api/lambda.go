package main

import (
	"context"
	"net/http"
	"net/url"

	"github.com/aws/aws-lambda-go/events"
	"github.com/awslabs/aws-lambda-go-api-proxy/httpadapter"
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
		return adapter.ProxyWithContext(ctx, event)
	}
}
