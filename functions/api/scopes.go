package main

import (
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/awslabs/aws-lambda-go-api-proxy/core"
)

// Scopes of tokens. A stack without a JWT issuer has none: IAM policies say there who may call which route.
const (
	scopeRead    = "ocpp/read"    // GET
	scopeOperate = "ocpp/operate" // everything
)

// permitted refuses what the scopes of the caller's token do not allow, by a problem document with status 403. A call
// without a token has been authorized by IAM, or comes from this machine.
func permitted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		granted, hasToken := scopesOf(r)
		if hasToken && !allows(granted, r.Method) {
			lacking := scopeOperate
			if reads(r.Method) {
				lacking = scopeRead
			}
			problemAnswer(r, statusError{http.StatusForbidden, "the token does not have the scope " + lacking + ", which " + r.Method + " needs"}).write(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func allows(granted []string, method string) bool {
	return slices.Contains(granted, scopeOperate) || reads(method) && slices.Contains(granted, scopeRead)
}

func reads(method string) bool { return method == http.MethodGet || method == http.MethodHead }

// scopesOf are the scopes of the token that API Gateway has checked; false for a call without one.
func scopesOf(r *http.Request) ([]string, bool) {
	event, behindGateway := core.GetAPIGatewayV2ContextFromContext(r.Context())
	if !behindGateway || event.Authorizer == nil || event.Authorizer.JWT == nil {
		return nil, false
	}
	return scopesIn(event.Authorizer.JWT), true
}

// scopesIn reads the claims as well: API Gateway lists scopes by themselves only where a route names some. They are
// words in "scope" (RFC 8693 section 4.2), or in "scp", a list that API Gateway writes as [one two].
func scopesIn(token *events.APIGatewayV2HTTPRequestContextAuthorizerJWTDescription) []string {
	scopes := slices.Clone(token.Scopes)
	for _, claim := range []string{"scope", "scp"} {
		scopes = append(scopes, strings.FieldsFunc(token.Claims[claim], func(r rune) bool { return strings.ContainsRune(" ,[]", r) })...)
	}
	return scopes
}
