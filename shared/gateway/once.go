package gateway

import (
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"

	"github.com/serverless-ocpp/backend/shared/wire"
)

// atMostOnce is the configuration that makes a call to @connections safe for a CALL, which a charge point would carry out twice if
// it came twice: whoever starts a charge twice has started two.
//
//   - The client's own retryer repeats whatever might help, a lost confirmation included. This one repeats
//     only what API Gateway has refused (429), and what never got a connection to it.
//   - A kept connection may have been closed by API Gateway while the function was frozen. Then the
//     frame is lost, but nobody can tell, and the command would wait for its deadline. So a CALL gets a
//     connection of its own: commands are rare, and a handshake within the Region takes milliseconds.
func atMostOnce(config aws.Config) aws.Config {
	retryer := retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxBackoff = 500 * time.Millisecond // three attempts, as all clients have, must fit into a function's timeout
		o.Retryables = []retry.IsErrorRetryable{
			retry.RetryableErrorCode{Codes: retry.DefaultThrottleErrorCodes},
			retry.IsErrorRetryableFunc(neverConnected),
		}
	})
	config.HTTPClient = unkept(config.HTTPClient)
	config.Retryer, config.RetryMaxAttempts = func() aws.Retryer { return retryer }, 0
	return config
}

// unkept is a client with the limits of the one that settings.Environment.AWS makes: one that waits for a gateway that hangs holds up
// its function, and whatever that has to do besides.
func unkept(client aws.HTTPClient) aws.HTTPClient {
	switch client := client.(type) {
	case *wire.Client:
		return client.Unkept()
	case *awshttp.BuildableClient: // behind a proxy
		return client.WithTransportOptions(func(transport *http.Transport) { transport.DisableKeepAlives = true })
	}
	return unkept(awshttp.NewBuildableClient())
}

func neverConnected(err error) aws.Ternary {
	if failed, ok := errors.AsType[*net.OpError](err); ok && failed.Op == "dial" {
		return aws.TrueTernary
	}
	return aws.UnknownTernary
}
