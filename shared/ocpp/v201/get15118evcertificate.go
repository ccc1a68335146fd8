package v201

import "github.com/serverless-ocpp/backend/shared/ocpp"

// get15118EVCertificate: OCPP 2.0.1 part 2, use cases M01 and M02. No certificate provisioning service
// is asked, so that there is nothing for the EV: the EXI response, which is required, is empty.
type get15118EVCertificate struct{ ocpp.Plain }

func (get15118EVCertificate) Answer(ocpp.Known) any {
	return evCertificate{Verdict: ocpp.Unsupported("Failed", "Contract certificates are not provided.")}
}

type evCertificate struct {
	ocpp.Verdict
	EXIResponse string `json:"exiResponse"`
}
