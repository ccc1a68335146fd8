package httpapi

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"
)

// API Gateway's quotas of HTTP APIs.
// See https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
const (
	maxPayload = 10 << 20 // bytes of a request's body
	maxTimeout = 30 * time.Second
)

// Invoker runs Lambda functions. functionError is not empty when the function ran
// and failed; err tells that it did not run or that ctx ended first.
type Invoker interface {
	Invoke(ctx context.Context, function string, event []byte) (answer []byte, functionError string, err error)
}

// Config describes an API.
type Config struct {
	APIID      string // "abcdef1234"
	Stage      string // the default is "$default", which is no part of the path; another stage is its first segment
	Region     string // of the domain name
	AccountID  string // twelve digits
	DomainName string // the default is {api}.execute-api.{region}.amazonaws.com

	Function string        // of the $default route
	Timeout  time.Duration // of the integration; the default and the limit are 30 s
	Invoker  Invoker       // required

	// Authorize is the AWS_IAM authorization of the route; nil leaves it open. It
	// returns who signed the request, or an error, which the client is told as 403
	// Forbidden. body is the whole body; r.Body is not to be read.
	Authorize func(r *http.Request, body []byte) (*Signer, error)

	Logger *slog.Logger // nil means slog.Default()
}

// Signer is requestContext.authorizer.iam: who signed a request.
type Signer struct {
	AccessKey string `json:"accessKey"`
	AccountID string `json:"accountId"`
	CallerID  string `json:"callerId"`
	UserARN   string `json:"userArn"`
	UserID    string `json:"userId"`
}

func (c Config) withDefaults() (Config, error) {
	if c.APIID == "" || c.Region == "" || c.AccountID == "" || c.Function == "" || c.Invoker == nil {
		return c, fmt.Errorf("httpapi: APIID %q, Region %q, AccountID %q, Function %q and an Invoker are all required",
			c.APIID, c.Region, c.AccountID, c.Function)
	}
	c.Stage = cmp.Or(c.Stage, "$default")
	c.DomainName = cmp.Or(c.DomainName, fmt.Sprintf("%s.execute-api.%s.amazonaws.com", c.APIID, c.Region))
	c.Logger = cmp.Or(c.Logger, slog.Default())
	if c.Timeout <= 0 || c.Timeout > maxTimeout {
		c.Timeout = maxTimeout
	}
	return c, nil
}
