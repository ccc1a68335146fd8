package main

import (
	"encoding/base64"
	"net/http"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

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
		{"through the edge", map[string]string{"x-ocpp-edge-secret": secret, "X-Forwarded-For": "203.0.113.9, 10.0.0.1"}, []string{"CP001"}, "CP001", 0},
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
			from, refused := identify(event, secret)
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
