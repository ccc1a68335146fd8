package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/local/httpapi/issuer"
)

func told(t *testing.T, from http.Handler) (c configuration) {
	t.Helper()
	response, text := get(t, from, "/console/config.json")
	if response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != "application/json" {
		t.Fatalf("%s %s", response.Status, text)
	}
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSignedCallsNeedNoSignIn(t *testing.T) {
	if c := told(t, handler(t, nil)); c.Authorization != "iam" || c.Issuer != "" {
		t.Errorf("%+v", c)
	}
}

func TestSignInAtTheIssuer(t *testing.T) {
	from, err := issuer.New()
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	console := handler(t, map[string]string{"JWT_ISSUER": from.URL, "JWT_AUDIENCE": "depot,fleet", "CONSOLE_CLIENT_ID": "console", "CONSOLE_SCOPES": "openid,ocpp/read"})
	c := told(t, console)
	if c.Authorization != "jwt" || c.ClientID != "console" || c.Audience != "depot" || len(c.Scopes) != 2 || c.TokenEndpoint != from.URL+"/token" || c.Problem != "" {
		t.Errorf("%+v", c)
	}
	response, _ := get(t, console, "/console")
	if policy := response.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "connect-src 'self' "+from.URL+";") {
		t.Errorf("the page may not ask the issuer: %s", policy)
	}
	from.Close() // it is asked once
	if c := told(t, console); c.Problem != "" {
		t.Errorf("%+v", c)
	}
}

func TestWhyNobodyCanSignIn(t *testing.T) {
	from, err := issuer.New()
	if err != nil {
		t.Fatal(err)
	}
	from.Close()
	for want, environment := range map[string]map[string]string{
		"consoleClientId":          {"JWT_ISSUER": from.URL},
		"does not say where":       {"JWT_ISSUER": from.URL, "CONSOLE_CLIENT_ID": "console"},
		"openid-configuration":     {"JWT_ISSUER": from.URL, "CONSOLE_CLIENT_ID": "console", "JWT_AUDIENCE": "depot"},
		"unsupported protocol sch": {"JWT_ISSUER": "ftp://example.com", "CONSOLE_CLIENT_ID": "console"},
	} {
		console := handler(t, environment)
		if c := told(t, console); !strings.Contains(c.Problem, want) || c.TokenEndpoint != "" {
			t.Errorf("%v: %+v", environment, c)
		}
		if response, _ := get(t, console, "/console"); response.StatusCode != http.StatusOK {
			t.Errorf("%v: the page cannot tell it: %s", environment, response.Status)
		}
	}
}

func TestOriginOf(t *testing.T) {
	for address, want := range map[string]string{
		"https://login.example.com/oauth2/token": "https://login.example.com", "http://127.0.0.1:8000/x": "http://127.0.0.1:8000",
		"javascript:alert(1)": "", "https://a;script-src *": "", "": "", "/token": "",
	} {
		if got := originOf(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}
