// Package signed makes the calls of AWS that go with every message, for a third of what the SDK's clients spend on them:
// those put together, and walk through, a chain of sixty functions for each call. What decides whether and how a call
// arrives is the SDK's all the same: its retries and its errors, and its signatures, which are made here to the byte (signature.go).
package signed

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"maps"
	"net/http"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Service is a service of AWS.
type Service struct {
	ID          string // in errors, such as SQS
	SigningName string // in signatures, such as sqs
}

// Client makes calls of one service.
type Client struct {
	service     Service
	endpoint    func() (string, error)
	region      string
	credentials aws.CredentialsProvider
	client      aws.HTTPClient
	signature   signature
	signer      *v4.Signer // of what is not plain
	attempts    *retry.Attempt
}

// New takes Region, credentials, HTTP client and retries from config, with the SDK's defaults for the latter two. endpoint is
// asked once, before the first call, for the URL that paths are appended to.
func New(config aws.Config, service Service, endpoint func() (string, error)) *Client {
	client := config.HTTPClient
	if client == nil {
		client = awshttp.NewBuildableClient()
	}
	return &Client{
		service: service, endpoint: sync.OnceValues(endpoint), region: config.Region,
		credentials: config.Credentials, client: client, signer: v4.NewSigner(), signature: signature{service: service.SigningName, region: config.Region},
		attempts: retry.NewAttemptMiddleware(retryerOf(config), func(request any) any { return request }),
	}
}

func retryerOf(config aws.Config) aws.Retryer {
	retryer := aws.Retryer(retry.NewStandard())
	if config.Retryer != nil {
		retryer = config.Retryer()
	}
	if config.RetryMaxAttempts > 0 {
		retryer = retry.AddWithMaxAttempts(retryer, config.RetryMaxAttempts)
	}
	return retryer
}

// Call is one call.
type Call struct {
	Operation string // in errors, such as SendMessage
	Method    string
	Path      string      // what follows the endpoint, escaped, with its query
	Header    http.Header // canonical names; it is not changed
	Body      []byte

	// Refused makes an error of an answer that is one; nil is for an error that is known by its code alone.
	Refused func(*http.Response) error
}

// Do makes a call, again where the retries say so, and returns the body of the answer. Every error is a *smithy.OperationError;
// one that AWS answered has a smithy.APIError in it, and an *awshttp.ResponseError, whose body can be read.
func (c *Client) Do(ctx context.Context, call Call) ([]byte, error) {
	var answer []byte
	attempt := func(ctx context.Context, _ middleware.FinalizeInput) (out middleware.FinalizeOutput, none middleware.Metadata, err error) {
		answer, err = c.attempt(ctx, call)
		return out, none, err
	}
	_, _, err := c.attempts.HandleFinalize(ctx, middleware.FinalizeInput{}, middleware.FinalizeHandlerFunc(attempt))
	if err != nil {
		return nil, &smithy.OperationError{ServiceID: c.service.ID, OperationName: call.Operation, Err: err}
	}
	return answer, nil
}

func (c *Client) attempt(ctx context.Context, call Call) ([]byte, error) {
	request, err := c.request(ctx, call)
	if err != nil {
		return nil, err
	}
	response, err := c.client.Do(request)
	if err != nil {
		return nil, notSent(ctx, err)
	}
	defer response.Body.Close()
	answer, err := whole(response)
	if err != nil {
		return nil, notSent(ctx, err)
	}
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return nil, refused(call, response, answer)
	}
	return answer, nil
}

// whole reads the body of an answer.
func whole(response *http.Response) ([]byte, error) {
	if length := response.ContentLength; length >= 0 && length <= maxAnswer {
		answer := make([]byte, length)
		_, err := io.ReadFull(response.Body, answer)
		return answer, err
	}
	return io.ReadAll(response.Body)
}

// maxAnswer is how long an answer is whose room is made at once: DynamoDB's are the longest, with 1 MB of items.
const maxAnswer = 4 << 20

// request is signed for this attempt: a signature is good for five minutes.
func (c *Client) request(ctx context.Context, call Call) (*http.Request, error) {
	endpoint, err := c.endpoint()
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, call.Method, endpoint+call.Path, bytes.NewReader(call.Body))
	if err != nil {
		return nil, err
	}
	maps.Copy(request.Header, call.Header)
	setTrace(request.Header)
	if c.credentials == nil {
		return nil, errors.New("there are no credentials to sign with")
	}
	credentials, err := c.credentials.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	if c.signature.sign(request, credentials, call.Body, time.Now()) {
		return request, nil
	}
	sum := sha256.Sum256(call.Body)
	return request, c.signer.SignHTTP(ctx, credentials, request, hex.EncodeToString(sum[:]), c.service.SigningName, c.region, time.Now())
}

// notSent is a call without an answer, of which the retries try all but those that were given up.
func notSent(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return &smithy.CanceledError{Err: ctx.Err()}
	}
	return &smithyhttp.RequestSendError{Err: err}
}
