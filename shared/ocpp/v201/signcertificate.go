package v201

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// signCertificate: OCPP 2.0.1 part 2, use cases A02 and A03. Accepted means that the request is kept:
// the operator, or the stack's signer, has it signed, and the certificate goes back with CertificateSigned.
type signCertificate struct {
	ocpp.Plain
	CSR             string `json:"csr"`
	CertificateType string `json:"certificateType"`
	RequestID       *int   `json:"requestId"` // 2.1
}

func (signCertificate) Answer(ocpp.Known) any { return ocpp.Verdict{Status: "Accepted"} }

func (m signCertificate) Effects(received ocpp.Received) []ocpp.Effect {
	return append(received.Occurrence(report.CertificateRequest, received.At),
		ocpp.CertificateRequested{CSR: m.CSR, CertificateType: m.CertificateType, RequestID: m.RequestID})
}
