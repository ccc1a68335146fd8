package cloud

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/serverless-ocpp/backend/local/httpapi"
	"github.com/serverless-ocpp/backend/local/template"
)

// serveHTTPAPI opens the HTTP API.
func (c *Cloud) serveHTTPAPI() error {
	apis, err := c.template.APIs("HTTP")
	if err != nil {
		return err
	}
	if len(apis) != 1 {
		return fmt.Errorf("the template has %d HTTP APIs; the stand-in knows one", len(apis))
	}
	api := apis[0]
	config := httpapi.Config{
		APIID:     api.ID,
		Stage:     api.Stage,
		Region:    Region,
		AccountID: Account,
		Invoker:   c.invokerFor(api),
		RateLimit: api.RateLimit, BurstLimit: api.BurstLimit,
		Logger: c.log,
	}
	for _, route := range api.Routes {
		served, err := c.httpRoute(api, route)
		if err != nil {
			return fmt.Errorf("HTTP API %s, route %s: %w", api.Name, route.Key, err)
		}
		config.Routes = append(config.Routes, served)
	}
	handler, err := httpapi.New(config)
	if err != nil {
		return err
	}
	c.serve("HTTP API", c.httpListener, handler)
	return nil
}

func (c *Cloud) httpRoute(api template.API, route template.Route) (httpapi.Route, error) {
	served := httpapi.Route{Key: route.Key, Function: route.Function, Timeout: route.Timeout, RateLimit: route.RateLimit, BurstLimit: route.BurstLimit}
	if route.PayloadFormat != "2.0" {
		return served, fmt.Errorf("the stand-in knows payload format 2.0 only, not %q", route.PayloadFormat)
	}
	switch route.Authorization {
	case "NONE":
	case "AWS_IAM":
		served.Authorize = func(r *http.Request, body []byte) (*httpapi.Caller, error) {
			signer, err := c.authorize(r, body, api)
			return &httpapi.Caller{IAM: signer}, err
		}
	case "JWT":
		tokens := &httpapi.JWT{
			Issuer: route.Authorizer.Issuer, Audiences: route.Authorizer.Audiences, Scopes: route.AuthorizationScopes,
			Client: &http.Client{Timeout: issuerPatience}, Now: time.Now,
		}
		served.Authorize = tokens.Authorize
	default:
		return served, fmt.Errorf("the stand-in knows the authorizations AWS_IAM and JWT, not %s", route.Authorization)
	}
	return served, nil
}

// issuerPatience is how long the keys of an issuer are waited for.
const issuerPatience = 5 * time.Second

var errUnsigned = errors.New("the call is not signed with credentials of this stand-in; those of the administrator were printed when it started")

// authorize is AWS_IAM authorization: who signed must be allowed execute-api:Invoke. Without Options.Auth a call without a
// signature is the administrator's.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html
func (c *Cloud) authorize(r *http.Request, body []byte, api template.API) (*httpapi.Signer, error) {
	caller, err := c.directory.Identify(r, body, time.Now())
	if err != nil {
		return nil, err
	}
	if c.options.Auth && !caller.Signed {
		return nil, errUnsigned
	}
	resource := fmt.Sprintf("arn:aws:execute-api:%s:%s:%s/%s/%s%s", Region, Account, api.ID, api.Stage, r.Method, r.URL.Path)
	if err := caller.Authorize("execute-api:Invoke", []string{resource}, nil); err != nil {
		return nil, err
	}
	return &httpapi.Signer{AccountID: caller.Account, CallerID: caller.ARN, UserARN: caller.ARN, UserID: caller.ARN}, nil
}
