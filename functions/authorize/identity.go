package main

import (
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/textproto"
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// edgeSecretHeader is set by the edge alone; a request that carries the right one came through it.
const edgeSecretHeader = "X-Ocpp-Edge-Secret"

// caller is who a handshake says it comes from.
type caller struct {
	ID       string
	Password string
	HasAuth  bool
	SourceIP string
	Offered  []string // values of Sec-WebSocket-Protocol

	Certified bool // ID is the common name of its client certificate
}

// trust is what the authorizer believes of a request.
type trust struct {
	EdgeSecrets        []string // the present one, and the one before it while the edge may still send that; "" is none
	ClientCertificates bool     // the edge asks for them
}

// fromEdge tells whether a secret that somebody has shown is one of the edge.
func (t trust) fromEdge(shown string) bool {
	known := 0
	for _, secret := range t.EdgeSecrets {
		if secret != "" {
			known |= subtle.ConstantTimeCompare([]byte(shown), []byte(secret))
		}
	}
	return known == 1
}

// identify finds out who calls: the query parameter chargePointId, which the edge makes of the path, the user
// name of Basic authentication, and the common name of a client certificate. Any will do; two that differ will
// not (OCPP 2.0.1 A00.FR.207).
func identify(event events.APIGatewayCustomAuthorizerRequestTypeRequest, trust trust) (caller, *refusal) {
	headers := headersOf(event)
	from := caller{SourceIP: event.RequestContext.Identity.SourceIP, Offered: headers.Values("Sec-WebSocket-Protocol")}
	var certificate string
	if secret := headers.Get(edgeSecretHeader); secret != "" {
		if !trust.fromEdge(secret) {
			return from, refuse(http.StatusUnauthorized, "the header %s is wrong: only the edge may set it", edgeSecretHeader)
		}
		from.SourceIP = viewerOf(headers.Values("X-Forwarded-For"), from.SourceIP)
		if trust.ClientCertificates {
			var refused *refusal
			if certificate, refused = certified(headers.Get(certificateSubjectHeader)); refused != nil {
				return from, refused
			}
		}
	} else if headers.Get(certificateSubjectHeader) != "" {
		return from, refuse(http.StatusUnauthorized, "the header %s did not come through the edge, which alone may set it", certificateSubjectHeader)
	}
	user, password, hasAuth, wellFormed := basicAuth(headers.Get("Authorization"))
	if !wellFormed {
		return from, refuse(http.StatusUnauthorized, "the Authorization header is not Basic authentication of the form base64(chargePointId:key)")
	}
	from.Password, from.HasAuth = password, hasAuth

	var names []string
	for _, name := range append(event.MultiValueQueryStringParameters["chargePointId"], event.QueryStringParameters["chargePointId"], user, certificate) {
		if name != "" {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return from, refuse(http.StatusBadRequest, "the URL names no charge point: connect to wss://host/<chargePointId>")
	}
	from.ID, from.Certified = names[0], certificate != ""
	for _, name := range names[1:] {
		if name != from.ID {
			return from, refuse(http.StatusUnauthorized, "two identities are claimed at once, %s and %s", printable(from.ID), printable(name))
		}
	}
	return from, nil
}

// viewerOf is the address of the charge point behind the edge. CloudFront writes the address it sees behind
// whatever the client put into X-Forwarded-For, and API Gateway may write the edge's own behind that: what stands
// further in front is the client's invention.
func viewerOf(forwarded []string, edge string) string {
	addresses := strings.Split(strings.Join(forwarded, ","), ",")
	for _, address := range slices.Backward(addresses) {
		if address = strings.TrimSpace(address); address != edge && net.ParseIP(address) != nil {
			return address
		}
	}
	return edge
}

// headersOf merges both forms that API Gateway gives headers in, under canonical names.
func headersOf(event events.APIGatewayCustomAuthorizerRequestTypeRequest) http.Header {
	headers := make(http.Header)
	for name, value := range event.Headers {
		headers.Set(name, value)
	}
	for name, values := range event.MultiValueHeaders {
		headers[textproto.CanonicalMIMEHeaderKey(name)] = values
	}
	return headers
}

// basicAuth splits an Authorization header. The password is everything after the first colon, bytes
// and all: an OCPP 1.6 key is 20 raw bytes (OCPP-J 1.6 section 6.2.2).
func basicAuth(header string) (user, password string, present, wellFormed bool) {
	if header == "" {
		return "", "", false, true
	}
	scheme, encoded, _ := strings.Cut(header, " ")
	decoded, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
	user, password, hasColon := strings.Cut(string(decoded), ":")
	if !strings.EqualFold(scheme, "Basic") || err != nil || !hasColon || user == "" {
		return "", "", true, false
	}
	return user, password, true, true
}

// refusal is a handshake that ends with a status other than 101.
type refusal struct {
	status int
	reason string
}

func (r *refusal) Error() string { return r.reason }

func refuse(status int, format string, args ...any) *refusal {
	return &refusal{status: status, reason: fmt.Sprintf(format, args...)}
}
