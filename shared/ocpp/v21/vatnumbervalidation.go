package v21

import "github.com/serverless-ocpp/backend/shared/ocpp"

// vatNumberValidation: OCPP 2.1 part 2, message 1.91. No register of VAT numbers is asked.
type vatNumberValidation struct {
	ocpp.Plain
	VATNumber string `json:"vatNumber"`
	EVSEID    *int   `json:"evseId"`
}

type vatNumberValidated struct {
	ocpp.Verdict
	VATNumber string `json:"vatNumber"`
	EVSEID    *int   `json:"evseId,omitempty"`
}

func (m vatNumberValidation) Answer(ocpp.Known) any {
	return vatNumberValidated{Verdict: ocpp.Unsupported("Rejected", "VAT numbers are not validated."), VATNumber: m.VATNumber, EVSEID: m.EVSEID}
}
