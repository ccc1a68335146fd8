package httpapi

import (
	"encoding/json"
	"net/http"
	"testing"
)

func TestRouteOf(t *testing.T) {
	routes := []Route{{Key: "$default"}, {Key: "GET /console"}, {Key: "GET /console/{proxy+}"}, {Key: "ANY /console/{proxy+}"}, {Key: "ANY /console/deep/{proxy+}"}, {Key: "OPTIONS /{proxy+}"}}
	for _, test := range []struct{ method, path, want, proxy string }{
		{"GET", "/", "$default", ""},
		{"GET", "/console", "GET /console", ""},
		{"POST", "/console", "$default", ""},
		{"GET", "/console/", "$default", ""},
		{"GET", "/console/a/b.js", "GET /console/{proxy+}", "a/b.js"},
		{"PUT", "/console/a", "ANY /console/{proxy+}", "a"},
		{"GET", "/console/deep/a", "ANY /console/deep/{proxy+}", "a"},
		{"GET", "/consoles", "$default", ""},
		{"OPTIONS", "/tokens", "OPTIONS /{proxy+}", "tokens"},
	} {
		got, proxy, found := routeOf(routes, test.method, test.path)
		if !found || got.Key != test.want || proxy["proxy"] != test.proxy {
			t.Errorf("%s %s: %s with %v, want %s with %s", test.method, test.path, got.Key, proxy, test.want, test.proxy)
		}
	}
	if _, _, found := routeOf(routes[1:2], "GET", "/tokens"); found {
		t.Error("without $default every path has a route")
	}
}

func TestRoutesThatTheStandInDoesNotKnow(t *testing.T) {
	for _, key := range []string{"GET /charge-points/{id}", "console", "GET console", " /console"} {
		if _, err := pathOf(key); err == nil {
			t.Errorf("%q is taken", key)
		}
	}
}

func TestEachRouteHasItsFunction(t *testing.T) {
	var got event
	var invoked string
	server := newServer(t, func(c *Config) {
		c.Routes = append(c.Routes, Route{Key: "GET /console/{proxy+}", Function: "Console"})
		c.Invoker = named{&invoked, c.Invoker}
	}, func(raw []byte) (string, string, error) { return `{}`, "", json.Unmarshal(raw, &got) })
	do(t, http.MethodGet, server.URL+"/console/js/main.js", "", nil)
	if invoked != "Console" || got.RouteKey != "GET /console/{proxy+}" || got.PathParameters["proxy"] != "js/main.js" || got.RawPath != "/console/js/main.js" {
		t.Errorf("%s got %+v", invoked, got)
	}
	do(t, http.MethodGet, server.URL+"/tokens", "", nil)
	if invoked != "Api" {
		t.Errorf("invoked %s", invoked)
	}
}
