package v16

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// signCertificate: Improved security for OCPP 1.6-J, section 5. Accepted means that the request is kept:
// the operator has it signed, and sends the certificate with CertificateSigned.
type signCertificate struct{ ocpp.Plain }

func (signCertificate) Answer(ocpp.Known) any { return ocpp.Verdict{Status: "Accepted"} }

func (signCertificate) Effects(received ocpp.Received) []ocpp.Effect {
	return received.Occurrence(report.CertificateRequest, received.At)
}
