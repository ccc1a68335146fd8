package v201

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// signCertificate: OCPP 2.0.1 part 2, use cases A02 and A03. Accepted means that the request is kept:
// the operator has it signed, and sends the certificate with CertificateSigned.
type signCertificate struct{ ocpp.Plain }

func (signCertificate) Answer(ocpp.Known) any { return ocpp.Verdict{Status: "Accepted"} }

func (signCertificate) Effects(received ocpp.Received) []ocpp.Effect {
	return received.Occurrence(report.CertificateRequest, received.At)
}
