package settings

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/serverless-ocpp/backend/shared/fault"
)

// How long AWS may take. A charge point waits for its answer for about 30 s and API Gateway for 29 s, so
// a call that hangs is given up and tried anew while there is time: three attempts of 4 s (7 s where
// even the connection hangs) and two pauses of up to 1 s.
const (
	dialTimeout   = 1 * time.Second // within a Region a connection takes a few milliseconds
	tlsTimeout    = 2 * time.Second
	answerTimeout = 4 * time.Second // until the headers of the answer
	attempts      = 3
	maxPause      = 1 * time.Second
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
	return loaded, nil
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
