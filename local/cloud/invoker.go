package cloud

import (
	"context"
	"fmt"

	"github.com/serverless-ocpp/backend/local/template"
)

// gatewayInvoker invokes functions for API Gateway. One that no permission opens to it is not invoked, which is a 500 for
// the client, as on AWS: a forgotten permission does not keep the rest from working.
type gatewayInvoker struct {
	functions invoker
	closed    map[string]error // by function
}

type invoker interface {
	Invoke(ctx context.Context, function string, event []byte) (answer []byte, functionError string, err error)
}

func (g gatewayInvoker) Invoke(ctx context.Context, function string, event []byte) ([]byte, string, error) {
	if err := g.closed[function]; err != nil {
		return nil, "", err
	}
	return g.functions.Invoke(ctx, function, event)
}

// invokerFor finds out which functions of an API's routes API Gateway may not invoke.
func (c *Cloud) invokerFor(api template.API) gatewayInvoker {
	closed := map[string]error{}
	check := func(function, resource string) {
		source := fmt.Sprintf("arn:aws:execute-api:%s:%s:%s/%s", Region, Account, api.ID, resource)
		if !permitted(c.permissions, function, apiGateway, source) {
			closed[function] = fmt.Errorf("no AWS::Lambda::Permission lets %s (%s) invoke %s", apiGateway, source, function)
			c.log.Error("API Gateway may not invoke a function: add the permission to the stack", "function", function, "error", closed[function])
		}
	}
	for _, route := range api.Routes {
		check(route.Function, api.Stage+"/"+route.Key)
		if route.Authorizer != nil && route.Authorizer.Function != "" {
			check(route.Authorizer.Function, "authorizers/"+route.Authorizer.ID)
		}
	}
	return gatewayInvoker{functions: c.functions, closed: closed}
}
