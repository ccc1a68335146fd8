package httpapi

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
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

	Routes  []Route // at least one; see routeOf for which takes a request
	Invoker Invoker // required

	// RateLimit and BurstLimit are the stage's throttling, of all routes together; 0 is none: the account's quota of
	// 10,000 requests a second is out of reach here.
	RateLimit  float64 // requests per second
	BurstLimit int     // requests at once

	Logger *slog.Logger // nil means slog.Default()
}

// Route leads the requests of its key to a function.
type Route struct {
	Key      string // "$default", "GET /console", "GET /console/{proxy+}", "ANY /{proxy+}"
	Function string
	Timeout  time.Duration // of the integration; the default and the limit are 30 s

	// RateLimit and BurstLimit are the route's own throttling, in place of the stage's; 0 is none.
	RateLimit  float64 // requests per second
	BurstLimit int     // requests at once

	// Authorize finds out who calls; nil leaves the route open. A *Refusal says what the client is told of an error;
	// any other error is a 403 Forbidden. body is the whole body; r.Body is not to be read.
	Authorize func(r *http.Request, body []byte) (*Caller, error)
}

// Caller is requestContext.authorizer: who calls, by signature or by token.
type Caller struct {
	IAM *Signer `json:"iam,omitempty"`
	JWT *Token  `json:"jwt,omitempty"`
}

// Refusal is an error of an authorizer with what the client is told.
type Refusal struct {
	Status  int    // 401, 403
	Message string // such as Unauthorized
	Why     error  // for the log
}

func (r *Refusal) Error() string { return r.Why.Error() }
func (r *Refusal) Unwrap() error { return r.Why }

// Signer is requestContext.authorizer.iam: who signed a request.
type Signer struct {
	AccessKey string `json:"accessKey"`
	AccountID string `json:"accountId"`
	CallerID  string `json:"callerId"`
	UserARN   string `json:"userArn"`
	UserID    string `json:"userId"`
}

func (c Config) withDefaults() (Config, error) {
	if c.APIID == "" || c.Region == "" || c.AccountID == "" || len(c.Routes) == 0 || c.Invoker == nil {
		return c, fmt.Errorf("httpapi: APIID %q, Region %q, AccountID %q, Routes (%d) and an Invoker are all required",
			c.APIID, c.Region, c.AccountID, len(c.Routes))
	}
	c.Routes = slices.Clone(c.Routes)
	for i, route := range c.Routes {
		if route.Function == "" {
			return c, fmt.Errorf("httpapi: route %q needs a Function", route.Key)
		}
		if _, err := pathOf(route.Key); err != nil {
			return c, err
		}
		if route.Timeout <= 0 || route.Timeout > maxTimeout {
			c.Routes[i].Timeout = maxTimeout
		}
	}
	c.Stage = cmp.Or(c.Stage, "$default")
	c.DomainName = cmp.Or(c.DomainName, fmt.Sprintf("%s.execute-api.%s.amazonaws.com", c.APIID, c.Region))
	c.Logger = cmp.Or(c.Logger, slog.Default())
	return c, nil
}
