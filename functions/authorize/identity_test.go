package main

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

// Specification: OCPP-J 1.6 section 3.1.1; OCPP 2.0.1 part 4 section 3.1.1; A00.FR.204; A00.FR.207.
func TestIdentify(t *testing.T) {
	const secret = "edge secret"
	for _, test := range []struct {
		name    string
		headers map[string]string
		query   []string
		wantID  string
		want    int // status; 0 is no refusal
	}{
		{"query", nil, []string{"CP001"}, "CP001", 0},
		{"user name alone", map[string]string{"authorization": basic("CP001", "key")}, nil, "CP001", 0},
		{"both the same", map[string]string{"Authorization": basic("CP001", "key")}, []string{"CP001"}, "CP001", 0},
		{"both, and they differ", map[string]string{"Authorization": basic("CP002", "key")}, []string{"CP001"}, "", http.StatusUnauthorized},
		{"two in the query", nil, []string{"CP001", "CP002"}, "", http.StatusUnauthorized},
		{"none", nil, nil, "", http.StatusBadRequest},
		{"through the edge", map[string]string{"x-ocpp-edge-secret": secret, "X-Forwarded-For": "192.0.2.66, 203.0.113.9, 198.51.100.1"}, []string{"CP001"}, "CP001", 0},
		{"through a place of the edge that a new secret has not reached", map[string]string{"x-ocpp-edge-secret": "the former"}, []string{"CP001"}, "CP001", 0},
		{"pretended certificate", map[string]string{"X-Ocpp-Certificate-Subject": "CN=CP001"}, []string{"CP001"}, "", http.StatusUnauthorized},
		{"pretended edge", map[string]string{"X-Ocpp-Edge-Secret": "guess"}, []string{"CP001"}, "", http.StatusUnauthorized},
		{"Bearer", map[string]string{"Authorization": "Bearer abc"}, []string{"CP001"}, "", http.StatusUnauthorized},
		{"broken base64", map[string]string{"Authorization": "Basic ???"}, []string{"CP001"}, "", http.StatusUnauthorized},
		{"no colon", map[string]string{"Authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte("CP001"))}, []string{"CP001"}, "", http.StatusUnauthorized},
	} {
		t.Run(test.name, func(t *testing.T) {
			event := events.APIGatewayCustomAuthorizerRequestTypeRequest{Headers: test.headers}
			event.RequestContext.Identity.SourceIP = "198.51.100.1"
			if len(test.query) > 0 {
				event.QueryStringParameters = map[string]string{"chargePointId": test.query[len(test.query)-1]}
				event.MultiValueQueryStringParameters = map[string][]string{"chargePointId": test.query}
			}
			from, refused := identify(event, trust{EdgeSecrets: []string{secret, "the former"}})
			if refused != nil {
				if refused.status != test.want || refused.reason == "" {
					t.Fatalf("refused with %d %q, want %d", refused.status, refused.reason, test.want)
				}
				return
			}
			if test.want != 0 || from.ID != test.wantID {
				t.Fatalf("identity %q, want %q or status %d", from.ID, test.wantID, test.want)
			}
			if want := map[bool]string{true: "203.0.113.9", false: "198.51.100.1"}[test.headers["x-ocpp-edge-secret"] == secret]; from.SourceIP != want {
				t.Errorf("source address %s, want %s", from.SourceIP, want)
			}
		})
	}
}

func TestTheClientCannotChooseItsAddress(t *testing.T) {
	const edge = "198.51.100.1"
	for _, test := range []struct {
		name      string
		forwarded []string
		want      string
	}{
		{"the edge alone", []string{"203.0.113.9"}, "203.0.113.9"},
		{"API Gateway adds the edge", []string{"203.0.113.9, " + edge}, "203.0.113.9"},
		{"the client sent one, too", []string{"192.0.2.66, 203.0.113.9, " + edge}, "203.0.113.9"},
		{"in several lines", []string{"192.0.2.66", "203.0.113.9", edge}, "203.0.113.9"},
		{"the client sent nonsense", []string{"<script>, 2001:db8::1"}, "2001:db8::1"},
		{"nothing", nil, edge},
		{"nothing but nonsense", []string{"unknown"}, edge},
	} {
		if got := viewerOf(test.forwarded, edge); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

// TestFindingIsBounded: the context of an authorizer takes 8 KB, and a key that is sent as the user name by
// mistake should not stand in a log whole.
func TestFindingIsBounded(t *testing.T) {
	long := strings.Repeat("\x01", 9000)
	event := events.APIGatewayCustomAuthorizerRequestTypeRequest{
		Headers:               map[string]string{"Authorization": basic(long, "key")},
		QueryStringParameters: map[string]string{"chargePointId": "CP001"},
	}
	if _, refused := identify(event, trust{EdgeSecrets: []string{"secret"}}); refused == nil || len(refused.reason) > 200 {
		t.Errorf("refused with %v", refused)
	}
}

// Specification: OCPP-J 1.6 section 6.2.2; RFC 7617.
func TestPasswordIsEverythingAfterTheFirstColon(t *testing.T) {
	user, password, present, wellFormed := basicAuth(basic("CP001", "a:b\x00\xff"))
	if user != "CP001" || password != "a:b\x00\xff" || !present || !wellFormed {
		t.Errorf("%q %q %v %v", user, password, present, wellFormed)
	}
}

func TestPrintable(t *testing.T) {
	if got := printable("CP\n\x1b[31m\"ü"); got != `CP\n\x1b[31m\"\u00fc` {
		t.Errorf("%s", got)
	}
	if got := printable(string(make([]byte, 5000))); len(got) != 60 {
		t.Errorf("%d characters", len(got))
	}
}
