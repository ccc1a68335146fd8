package settings

import (
	"context"
	"net"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/wire"
)

// How long AWS may take. It answers within milliseconds; a call that hangs is given up and tried anew
// while there is time. Three attempts of 2.5 s and two pauses of up to 0.5 s fit into the shortest timeout of
// a function on the way of a message, 10 s, and that into the 29 s of API Gateway.
const (
	dialTimeout   = 1 * time.Second // within a Region a connection takes a few milliseconds
	tlsTimeout    = 2 * time.Second
	answerTimeout = 2500 * time.Millisecond // until the headers of the answer
	attempts      = 3
	maxPause      = 500 * time.Millisecond
)

// AWS returns the configuration of the AWS clients: Region, credentials and endpoints are from the
// environment, connections are kept alive between invocations, and calls end in bounded time. It
// returns Err instead, should a variable that was asked for before be missing or wrong.
func (e *Environment) AWS(ctx context.Context) (aws.Config, error) {
	if err := e.Err(); err != nil {
		return aws.Config{}, err
	}
	loaded, err := config.LoadDefaultConfig(ctx, config.WithHTTPClient(httpClient()), config.WithRetryer(retryer))
	if err != nil {
		return aws.Config{}, fault.Wrap(fault.Internal, err, "the AWS configuration cannot be loaded")
	}
	loaded.HTTPClient = direct(loaded.HTTPClient)
	return loaded, nil
}

// direct speaks with AWS as the SDK's client would, with its limits and certificates (AWS_CA_BUNDLE), but without its goroutines. The way
// through a proxy is left to the SDK's.
func direct(client aws.HTTPClient) aws.HTTPClient {
	sdk, ok := client.(*awshttp.BuildableClient)
	if !ok || proxied() {
		return client
	}
	transport := sdk.GetTransport()
	return &wire.Client{
		Dial: sdk.GetDialer().DialContext, TLS: transport.TLSClientConfig, HandshakeTimeout: transport.TLSHandshakeTimeout,
		AnswerTimeout: transport.ResponseHeaderTimeout, IdleTimeout: transport.IdleConnTimeout, MaxIdle: transport.MaxIdleConnsPerHost,
	}
}

// proxied tells whether the environment names a proxy, as Go understands it.
func proxied() bool {
	return slices.ContainsFunc([]string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"}, func(name string) bool { return os.Getenv(name) != "" })
}

func httpClient() *awshttp.BuildableClient {
	return awshttp.NewBuildableClient().
		WithDialerOptions(func(dialer *net.Dialer) { dialer.Timeout = dialTimeout }).
		WithTransportOptions(func(transport *http.Transport) {
			transport.TLSHandshakeTimeout = tlsTimeout
			transport.ResponseHeaderTimeout = answerTimeout
		})
}

func retryer() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = attempts
		o.MaxBackoff = maxPause
	})
}
