package v201

import "github.com/serverless-ocpp/backend/shared/ocpp"

// getCertificateStatus: OCPP 2.0.1 part 2, use case M06. No OCSP responder is asked.
type getCertificateStatus struct{ ocpp.Plain }

func (getCertificateStatus) Answer(ocpp.Known) any {
	return ocpp.Unsupported("Failed", "The status of certificates is not looked up.")
}
