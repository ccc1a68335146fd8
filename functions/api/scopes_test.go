package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

// What a token may do is what API Gateway says of it, in any of the forms in which it says so.
func TestScopes(t *testing.T) {
	r := newRig(t)
	serve := behindGateway(r.api.Handler())
	type jwt = events.APIGatewayV2HTTPRequestContextAuthorizerJWTDescription
	for name, test := range map[string]struct {
		authorizer   *events.APIGatewayV2HTTPRequestContextAuthorizerDescription
		read, change int
	}{
		"nobody asked":      {nil, 200, 200},
		"IAM":               {&events.APIGatewayV2HTTPRequestContextAuthorizerDescription{IAM: &events.APIGatewayV2HTTPRequestContextAuthorizerIAMDescription{}}, 200, 200},
		"no scope":          {tokenOf(jwt{Claims: map[string]string{"sub": "ocpp/operate"}}), 403, 403},
		"another scope":     {tokenOf(jwt{Claims: map[string]string{"scope": "openid ocpp/reader"}}), 403, 403},
		"viewer":            {tokenOf(jwt{Claims: map[string]string{"scope": "openid ocpp/read"}}), 200, 403},
		"operator":          {tokenOf(jwt{Claims: map[string]string{"scope": "ocpp/operate"}}), 200, 200},
		"a list":            {tokenOf(jwt{Claims: map[string]string{"scp": "[ocpp/read ocpp/operate]"}}), 200, 200},
		"listed by the API": {tokenOf(jwt{Scopes: []string{"ocpp/read"}}), 200, 403},
	} {
		t.Run(name, func(t *testing.T) {
			for method, want := range map[string]int{http.MethodGet: test.read, http.MethodPut: test.change} {
				path, body := "/tokens", ""
				if method == http.MethodPut {
					path, body = "/tokens/SCOPES", "{}"
				}
				event := events.APIGatewayV2HTTPRequest{Version: "2.0", RawPath: path, Body: body}
				event.RequestContext.HTTP.Method, event.RequestContext.Authorizer = method, test.authorizer
				got, err := serve(t.Context(), event)
				if err != nil {
					t.Fatal(err)
				}
				if got.StatusCode != want {
					t.Errorf("%s: %d %s, want %d", method, got.StatusCode, got.Body, want)
				}
				var said problem
				if want == http.StatusForbidden && (json.Unmarshal([]byte(got.Body), &said) != nil || !strings.Contains(said.Detail, "scope ocpp/")) {
					t.Errorf("%s: no problem that names the scope: %s", method, got.Body)
				}
			}
		})
	}
}

func tokenOf(jwt events.APIGatewayV2HTTPRequestContextAuthorizerJWTDescription) *events.APIGatewayV2HTTPRequestContextAuthorizerDescription {
	return &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{JWT: &jwt}
}
