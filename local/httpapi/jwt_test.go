package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/local/httpapi/issuer"
)

// named notes which function is invoked.
type named struct {
	function *string
	Invoker
}

func (n named) Invoke(ctx context.Context, function string, event []byte) ([]byte, string, error) {
	*n.function = function
	return n.Invoker.Invoke(ctx, function, event)
}

func newIssuer(t *testing.T) *issuer.Issuer {
	t.Helper()
	started, err := issuer.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(started.Close)
	return started
}

func sign(t *testing.T, by *issuer.Issuer, claims map[string]any) string {
	t.Helper()
	token, err := by.Sign(claims)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestTokens(t *testing.T) {
	from, other := newIssuer(t), newIssuer(t)
	now := time.Now()
	valid := func(changes map[string]any) map[string]any {
		claims := map[string]any{"iss": from.URL, "aud": "depot", "exp": now.Add(time.Hour).Unix(), "iat": now.Unix(), "scope": "openid ocpp/read", "sub": "ada"}
		for name, value := range changes {
			claims[name] = value
			if value == nil {
				delete(claims, name)
			}
		}
		return claims
	}
	unsigned, err := issuer.Unsigned(valid(nil))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		header string
		scopes []string
		want   int
	}{
		"valid":                {"Bearer " + sign(t, from, valid(nil)), nil, 200},
		"without Bearer":       {sign(t, from, valid(nil)), nil, 200},
		"client instead of it": {"Bearer " + sign(t, from, valid(map[string]any{"aud": nil, "client_id": "depot"})), nil, 200},
		"several audiences":    {"bearer " + sign(t, from, valid(map[string]any{"aud": []string{"x", "depot"}})), nil, 200},
		"a scope of the route": {"Bearer " + sign(t, from, valid(nil)), []string{"ocpp/operate", "ocpp/read"}, 200},
		"no scope of it":       {"Bearer " + sign(t, from, valid(nil)), []string{"ocpp/operate"}, 403},
		"none":                 {"", nil, 401},
		"no token":             {"Bearer x", nil, 401},
		"other audience":       {"Bearer " + sign(t, from, valid(map[string]any{"aud": "fleet"})), nil, 401},
		"expired":              {"Bearer " + sign(t, from, valid(map[string]any{"exp": now.Add(-time.Minute).Unix()})), nil, 401},
		"never expires":        {"Bearer " + sign(t, from, valid(map[string]any{"exp": nil})), nil, 401},
		"not yet":              {"Bearer " + sign(t, from, valid(map[string]any{"nbf": now.Add(time.Minute).Unix()})), nil, 401},
		"other issuer":         {"Bearer " + sign(t, other, valid(map[string]any{"iss": other.URL})), nil, 401},
		"other key":            {"Bearer " + sign(t, other, valid(nil)), nil, 401},
		"no algorithm":         {"Bearer " + unsigned, nil, 401},
	} {
		t.Run(name, func(t *testing.T) {
			var got event
			server := newServer(t, func(c *Config) {
				tokens := &JWT{Issuer: from.URL, Audiences: []string{"depot"}, Scopes: test.scopes, Client: http.DefaultClient, Now: time.Now}
				c.Routes[0].Authorize = tokens.Authorize
			}, func(raw []byte) (string, string, error) { return `{}`, "", json.Unmarshal(raw, &got) })
			response, text := do(t, http.MethodGet, server.URL, "", http.Header{"Authorization": {test.header}})
			if response.StatusCode != test.want {
				t.Fatalf("%d %s, want %d", response.StatusCode, text, test.want)
			}
			if response.StatusCode == http.StatusOK {
				jwt := got.RequestContext.Authorizer.JWT
				if jwt.Claims["sub"] != "ada" || jwt.Claims["scope"] != "openid ocpp/read" || (jwt.Scopes == nil) != (test.scopes == nil) {
					t.Errorf("the function is told %+v", jwt)
				}
			}
		})
	}
}

func TestIssuerThatIsAway(t *testing.T) {
	from := newIssuer(t)
	token := sign(t, from, map[string]any{"iss": from.URL, "aud": "depot", "exp": time.Now().Add(time.Hour).Unix()})
	from.Close()
	tokens := &JWT{Issuer: from.URL, Audiences: []string{"depot"}, Client: http.DefaultClient, Now: time.Now}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://api.example.com/", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	if _, err := tokens.Authorize(request, nil); !errorsIs(err, http.StatusUnauthorized) {
		t.Errorf("%v", err)
	}
}

func errorsIs(err error, status int) bool {
	refusal, is := errors.AsType[*Refusal](err)
	return is && refusal.Status == status
}
