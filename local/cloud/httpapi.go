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
	if len(apis) != 1 || len(apis[0].Routes) != 1 || apis[0].Routes[0].Key != "$default" {
		return fmt.Errorf("the template has %d HTTP APIs; the stand-in knows one, with the one route $default", len(apis))
	}
	api, route := apis[0], apis[0].Routes[0]
	if route.PayloadFormat != "2.0" {
		return fmt.Errorf("HTTP API %s: the stand-in knows payload format 2.0 only, not %q", api.Name, route.PayloadFormat)
	}
	config := httpapi.Config{
		APIID:     api.ID,
		Stage:     api.Stage,
		Region:    Region,
		AccountID: Account,
		Function:  route.Function,
		Timeout:   route.Timeout,
		Invoker:   c.invokerFor(api),
		Logger:    c.log,
	}
	switch route.Authorization {
	case "NONE":
	case "AWS_IAM":
		config.Authorize = func(r *http.Request, body []byte) (*httpapi.Signer, error) { return c.authorize(r, body, api) }
	default:
		return fmt.Errorf("HTTP API %s: the stand-in knows the authorization AWS_IAM, not %s", api.Name, route.Authorization)
	}
	handler, err := httpapi.New(config)
	if err != nil {
		return err
	}
	c.serve("HTTP API", c.httpListener, handler)
	return nil
}

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
