package main

import (
	"net/http"
	"strings"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
)

// certificateSubjectHeader has the subject of a client certificate that a trusted authority has signed (RFC 2253). Only
// the edge sets it, and only in a stack that asks for certificates: functions/edge/edge.js.
const certificateSubjectHeader = "X-Ocpp-Certificate-Subject"

// certified returns the charge point that a certificate's subject names: its common name, which OCPP makes the serial
// number (OCPP 2.0.1 A00.FR.405, A00.FR.511) and this system the identity, so that an operator with certificates names
// Things by serial numbers. An empty subject is "": there is no certificate. One that names no charge point, or
// several, is refused.
func certified(subject string) (id string, refused *refusal) {
	if subject == "" {
		return "", nil
	}
	var names []string
	// No character of an identity has to be escaped, so a common name with an escape in it is none; the split may
	// tear other attributes apart, which nobody reads.
	for _, attribute := range strings.FieldsFunc(subject, func(r rune) bool { return r == ',' || r == '+' || r == ';' }) {
		kind, name, _ := strings.Cut(strings.TrimSpace(attribute), "=")
		if strings.EqualFold(kind, "CN") || kind == "2.5.4.3" {
			names = append(names, name)
		}
	}
	if len(names) != 1 || strings.ContainsAny(subject, `\"`) || chargepoint.CheckID(names[0]) != nil {
		return "", refuse(http.StatusUnauthorized, "the common name of the client certificate %s is no charge point", printable(subject))
	}
	return names[0], nil
}
