package v16

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// signCertificate: Improved security for OCPP 1.6-J, section 5. Accepted means that the request is kept:
// the operator, or the stack's signer, has it signed, and the certificate goes back with CertificateSigned.
type signCertificate struct {
	ocpp.Plain
	CSR string `json:"csr"`
}

func (signCertificate) Answer(ocpp.Known) any { return ocpp.Verdict{Status: "Accepted"} }

func (m signCertificate) Effects(received ocpp.Received) []ocpp.Effect {
	return append(received.Occurrence(report.CertificateRequest, received.At), ocpp.CertificateRequested{CSR: m.CSR})
}
