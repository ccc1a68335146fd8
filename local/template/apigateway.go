package template

import (
	"fmt"
	"strings"
	"time"
)

// An API is a WebSocket or HTTP API with its one stage.
type API struct {
	ID             string
	Name           string
	Protocol       string // "WEBSOCKET" or "HTTP"
	RouteSelection string // e.g. $request.body.action
	Stage          string // "ocpp", "$default"
	Routes         []Route

	// Limits of the stage; 0 = those of the account.
	BurstLimit int
	RateLimit  float64

	routeLimits map[string]limits // by the keys of routes
}

// limits are the throttling of a stage or of a route.
type limits struct {
	ThrottlingBurstLimit int
	ThrottlingRateLimit  float64
}

// A Route sends what arrives under a key to a function.
type Route struct {
	Key                 string // "$connect", "$default", "GET /health", …
	Function            string // name
	Timeout             time.Duration
	PayloadFormat       string // "1.0" or "2.0", HTTP APIs only
	Authorization       string // "NONE", "CUSTOM", "AWS_IAM", "JWT"
	Authorizer          *Authorizer
	ResponseToClient    bool // the function's answer is sent to the WebSocket client
	RequiresAPIKey      bool
	AuthorizationScopes []string

	// Limits of the route alone; 0 = those of the stage.
	BurstLimit int
	RateLimit  float64
}

// An Authorizer is a function that is asked before a route's own (Type REQUEST), or a JWT issuer.
type Authorizer struct {
	ID             string
	Name           string
	Type           string
	Function       string
	IdentitySource []string

	// Of type JWT.
	Issuer    string
	Audiences []string
}

const integrationTimeout = 29 * time.Second // API Gateway's default and maximum for WebSocket APIs

// APIs returns the APIs of a protocol, "WEBSOCKET" or "HTTP".
func (t *Template) APIs(protocol string) ([]API, error) {
	var apis []API
	for _, r := range t.ofType("AWS::ApiGatewayV2::Api") {
		var properties struct{ Name, ProtocolType, RouteSelectionExpression string }
		if err := t.decode(r, &properties); err != nil {
			return nil, err
		}
		if properties.ProtocolType != protocol {
			continue
		}
		api := API{
			ID:             t.generatedID(r),
			Name:           properties.Name,
			Protocol:       protocol,
			RouteSelection: properties.RouteSelectionExpression,
		}
		if err := t.stage(&api); err != nil {
			return nil, err
		}
		if err := t.routes(&api); err != nil {
			return nil, err
		}
		apis = append(apis, api)
	}
	return apis, nil
}

func (t *Template) stage(api *API) error {
	for _, r := range t.ofType("AWS::ApiGatewayV2::Stage") {
		var properties struct {
			ApiId, StageName     string
			DefaultRouteSettings limits
			RouteSettings        map[string]limits // by the keys of routes
		}
		if err := t.decode(r, &properties); err != nil {
			return err
		}
		if properties.ApiId != api.ID {
			continue
		}
		if api.Stage != "" {
			return fmt.Errorf("resource %s: the API %s has a second stage, the stand-in knows one", r.logicalID, api.Name)
		}
		api.Stage = properties.StageName
		api.BurstLimit = properties.DefaultRouteSettings.ThrottlingBurstLimit
		api.RateLimit = properties.DefaultRouteSettings.ThrottlingRateLimit
		api.routeLimits = properties.RouteSettings
	}
	if api.Stage == "" {
		return fmt.Errorf("the API %s has no stage", api.Name)
	}
	return nil
}

func (t *Template) routes(api *API) error {
	integrations, err := t.integrations(api.ID)
	if err != nil {
		return err
	}
	authorizers, err := t.authorizers(api.ID)
	if err != nil {
		return err
	}
	for _, r := range t.ofType("AWS::ApiGatewayV2::Route") {
		var properties struct {
			ApiId, RouteKey, Target, AuthorizationType, AuthorizerId string
			RouteResponseSelectionExpression                         string
			ApiKeyRequired                                           bool
			AuthorizationScopes                                      []string
		}
		if err := t.decode(r, &properties); err != nil {
			return err
		}
		if properties.ApiId != api.ID {
			continue
		}
		route, ok := integrations[strings.TrimPrefix(properties.Target, "integrations/")]
		if !ok {
			return fmt.Errorf("resource %s: the target %q of route %s is not an integration of its API", r.logicalID, properties.Target, properties.RouteKey)
		}
		route.Key = properties.RouteKey
		route.Authorization = properties.AuthorizationType
		if route.Authorization == "" {
			route.Authorization = "NONE"
		}
		route.ResponseToClient = properties.RouteResponseSelectionExpression != ""
		route.RequiresAPIKey = properties.ApiKeyRequired
		route.AuthorizationScopes = properties.AuthorizationScopes
		own := api.routeLimits[route.Key]
		route.BurstLimit, route.RateLimit = own.ThrottlingBurstLimit, own.ThrottlingRateLimit
		if id := properties.AuthorizerId; id != "" {
			authorizer, ok := authorizers[id]
			if !ok {
				return fmt.Errorf("resource %s: the authorizer of route %s is not one of its API", r.logicalID, properties.RouteKey)
			}
			route.Authorizer = &authorizer
		}
		api.Routes = append(api.Routes, route)
	}
	return nil
}

// integrations returns the integration's part of a route, by integration id.
func (t *Template) integrations(apiID string) (map[string]Route, error) {
	integrations := map[string]Route{}
	for _, r := range t.ofType("AWS::ApiGatewayV2::Integration") {
		var properties struct {
			ApiId, IntegrationType, IntegrationUri, PayloadFormatVersion string
			TimeoutInMillis                                              int
		}
		if err := t.decode(r, &properties); err != nil {
			return nil, err
		}
		if properties.ApiId != apiID {
			continue
		}
		if properties.IntegrationType != "AWS_PROXY" {
			return nil, fmt.Errorf("resource %s (%s): the stand-in knows integrations of type AWS_PROXY only, not %q", r.logicalID, r.Type, properties.IntegrationType)
		}
		function, err := integrationFunction(properties.IntegrationUri)
		if err != nil {
			return nil, fmt.Errorf("resource %s (%s): %w", r.logicalID, r.Type, err)
		}
		route := Route{Function: function, Timeout: integrationTimeout, PayloadFormat: properties.PayloadFormatVersion}
		if properties.TimeoutInMillis != 0 {
			route.Timeout = time.Duration(properties.TimeoutInMillis) * time.Millisecond
		}
		integrations[t.generatedID(r)] = route
	}
	return integrations, nil
}

func (t *Template) authorizers(apiID string) (map[string]Authorizer, error) {
	authorizers := map[string]Authorizer{}
	for _, r := range t.ofType("AWS::ApiGatewayV2::Authorizer") {
		var properties struct {
			ApiId, Name, AuthorizerType, AuthorizerUri string
			IdentitySource                             []string
			JwtConfiguration                           struct {
				Issuer   string
				Audience []string
			}
		}
		if err := t.decode(r, &properties); err != nil {
			return nil, err
		}
		if properties.ApiId != apiID {
			continue
		}
		authorizer := Authorizer{
			ID:             t.generatedID(r),
			Name:           properties.Name,
			Type:           properties.AuthorizerType,
			IdentitySource: properties.IdentitySource,
			Issuer:         properties.JwtConfiguration.Issuer,
			Audiences:      properties.JwtConfiguration.Audience,
		}
		if authorizer.Type == "REQUEST" {
			function, err := integrationFunction(properties.AuthorizerUri)
			if err != nil {
				return nil, fmt.Errorf("resource %s (%s): %w", r.logicalID, r.Type, err)
			}
			authorizer.Function = function
		}
		authorizers[authorizer.ID] = authorizer
	}
	return authorizers, nil
}
