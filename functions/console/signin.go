package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/serverless-ocpp/backend/shared/settings"
)

// configuration is what the page asks for first. Nothing in it is secret.
type configuration struct {
	// Authorization is "jwt" where people sign in at an issuer, and "iam" where calls of the HTTP API are signed with keys
	// of AWS, which no browser has: there the page can only be used on one machine, whose HTTP API takes unsigned calls.
	Authorization string `json:"authorization"`

	Issuer   string   `json:"issuer,omitempty"`
	ClientID string   `json:"clientId,omitempty"`
	Audience string   `json:"audience,omitempty"`
	Scopes   []string `json:"scopes,omitempty"`

	AuthorizationEndpoint string `json:"authorizationEndpoint,omitempty"`
	TokenEndpoint         string `json:"tokenEndpoint,omitempty"`
	EndSessionEndpoint    string `json:"endSessionEndpoint,omitempty"`

	Problem string `json:"problem,omitempty"` // why nobody can sign in, for the operator
}

// signIn finds out where people sign in.
type signIn struct {
	told   configuration // what the environment says
	client *http.Client

	mu    sync.Mutex
	found *configuration // with the endpoints of the issuer, once it has told them
}

// patience with the issuer: the page waits for it.
const patience = 3 * time.Second

// signInFrom reads JWT_ISSUER (none: calls are signed), CONSOLE_CLIENT_ID, JWT_AUDIENCE and CONSOLE_SCOPES.
func signInFrom(env *settings.Environment) *signIn {
	s := &signIn{client: &http.Client{Timeout: patience}, told: configuration{Authorization: "iam"}}
	issuer := env.Optional("JWT_ISSUER")
	if issuer == "" {
		return s
	}
	s.told = configuration{
		Authorization: "jwt", Issuer: issuer, ClientID: env.Optional("CONSOLE_CLIENT_ID"),
		Scopes: env.List("CONSOLE_SCOPES"),
	}
	// Issuers that serve several APIs ask for which one a token is; the client's own id needs no asking.
	if audiences := env.List("JWT_AUDIENCE"); len(audiences) > 0 && audiences[0] != s.told.ClientID {
		s.told.Audience = audiences[0]
	}
	if s.told.ClientID == "" {
		s.told.Problem = "The stack has no property consoleClientId: register the console at " + issuer + " as a public client, and deploy with its id."
	}
	return s
}

// configuration asks the issuer once for its endpoints. While it cannot be asked, Problem says why.
func (s *signIn) configuration(ctx context.Context) configuration {
	if s.told.Authorization != "jwt" || s.told.Problem != "" {
		return s.told
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.found != nil {
		return *s.found
	}
	found := s.told
	if err := s.discover(ctx, &found); err != nil {
		slog.ErrorContext(ctx, "the issuer does not say where people sign in", "issuer", s.told.Issuer, "error", err)
		found.Problem = "The issuer " + s.told.Issuer + " does not say where people sign in: " + err.Error()
		return found
	}
	s.found = &found
	return found
}

// discover reads the metadata of the issuer (OpenID Connect Discovery 1.0 section 4).
func (s *signIn) discover(ctx context.Context, into *configuration) error {
	where := strings.TrimSuffix(s.told.Issuer, "/") + "/.well-known/openid-configuration"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, where, nil)
	if err != nil {
		return err
	}
	response, err := s.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var metadata struct {
		Authorization string `json:"authorization_endpoint"`
		Token         string `json:"token_endpoint"`
		EndSession    string `json:"end_session_endpoint"`
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", where, response.Status)
	}
	if err := json.NewDecoder(response.Body).Decode(&metadata); err != nil {
		return fmt.Errorf("%s: %w", where, err)
	}
	if originOf(metadata.Authorization) == "" || originOf(metadata.Token) == "" {
		return fmt.Errorf("%s names no authorization_endpoint and token_endpoint", where)
	}
	into.AuthorizationEndpoint, into.TokenEndpoint, into.EndSessionEndpoint = metadata.Authorization, metadata.Token, metadata.EndSession
	return nil
}

// originOf is scheme and host of a URL of the web, "" for anything else. It ends in a header, so it has no other characters.
func originOf(address string) string {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Scheme != "https" && parsed.Scheme != "http" || parsed.Host == "" || strings.ContainsAny(parsed.Host, " ;,'\"") {
		return ""
	}
	return parsed.Scheme + "://" + parsed.Host
}
