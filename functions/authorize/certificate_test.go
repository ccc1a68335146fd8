package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
)

// Specification: OCPP 2.0.1 A00.FR.405.
func TestCertified(t *testing.T) {
	for subject, want := range map[string]string{
		"":                                       "",
		"CN=CP001":                               "CP001",
		"CN=CP001,O=Operator,C=DE":               "CP001",
		"C=DE, O=Operator, cn=CP001":             "CP001",
		"O=Operator+CN=CP001":                    "CP001",
		"2.5.4.3=CP001":                          "CP001",
		"O=Operator":                             "refused",
		"CN=CP001,CN=CP002":                      "refused",
		`CN=CP001\,CN=CP002`:                     "refused",
		`O="Doe, CN=CP002",CN=CP001`:             "refused",
		"CN=":                                    "refused",
		"CN=a name with spaces":                  "refused",
		"CN=" + strings.Repeat("x", 49):          "refused",
		"CN=CP001,O=" + strings.Repeat("x", 500): "CP001",
	} {
		id, refused := certified(subject)
		switch {
		case want == "refused" && (refused == nil || refused.status != http.StatusUnauthorized || id != ""):
			t.Errorf("%q: %q, %v", subject, id, refused)
		case want != "refused" && (refused != nil || id != want):
			t.Errorf("%q: %q, %v, want %q", subject, id, refused, want)
		}
	}
}

func TestWhoseCertificateCounts(t *testing.T) {
	for _, test := range []struct {
		name    string
		asked   bool // the stack asks for certificates
		secret  string
		subject string
		query   string

		wantID        string // "" is refused
		wantCertified bool
	}{
		{"certificate and path", true, "secret", "CN=CP001", "CP001", "CP001", true},
		{"certificate alone", true, "secret", "CN=CP001", "", "CP001", true},
		{"another's certificate", true, "secret", "CN=CP002", "CP001", "", false},
		{"no certificate", true, "secret", "", "CP001", "CP001", false},
		{"not through the edge", true, "", "CN=CP001", "CP001", "", false},
		{"a stack without certificates", false, "secret", "CN=CP002", "CP001", "CP001", false},
	} {
		event := events.APIGatewayCustomAuthorizerRequestTypeRequest{Headers: map[string]string{}}
		for name, value := range map[string]string{edgeSecretHeader: test.secret, certificateSubjectHeader: test.subject} {
			if value != "" {
				event.Headers[name] = value
			}
		}
		if test.query != "" {
			event.QueryStringParameters = map[string]string{"chargePointId": test.query}
		}
		from, refused := identify(event, trust{EdgeSecrets: []string{"secret"}, ClientCertificates: test.asked})
		if test.wantID == "" {
			if refused == nil || refused.status != http.StatusUnauthorized {
				t.Errorf("%s: taken as %q", test.name, from.ID)
			}
			continue
		}
		if refused != nil || from.ID != test.wantID || from.Certified != test.wantCertified {
			t.Errorf("%s: %q certified %t, %v", test.name, from.ID, from.Certified, refused)
		}
	}
}

// Security profile 3 asks for a certificate, and a certificate is enough for every profile.
func TestProfileThree(t *testing.T) {
	for _, test := range []struct {
		name      string
		profile   int
		certified bool
		asked     bool
		want      string // part of the reason; "" is admitted
	}{
		{"with a certificate", 3, true, true, ""},
		{"with a certificate, no key needed", 1, true, true, ""},
		{"without one", 3, false, true, "showed no client certificate"},
		{"a stack that does not ask", 3, false, false, "does not ask for"},
	} {
		h := &Handler{Trust: trust{ClientCertificates: test.asked}}
		err := h.authenticate(t.Context(), chargepoint.ChargePoint{ID: "CP001", SecurityProfile: test.profile, Credential: chargepoint.Hash("key")}, caller{ID: "CP001", Certified: test.certified})
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}
