package v21

import (
	"time"

	"github.com/serverless-ocpp/backend/shared/ocpp"
)

// getCertificateChainStatus: OCPP 2.1 part 2, message 1.25. Neither OCSP responders nor revocation lists
// are asked, so that each look-up has failed.
type getCertificateChainStatus struct {
	ocpp.Plain
	Requests []struct {
		Certificate certificateHash `json:"certificateHashData"`
		Source      string          `json:"source"`
	} `json:"certificateStatusRequests"`
}

// certificateHash tells a certificate from others, and is all that an answer repeats: OCPP 2.1 part 2, CertificateHashDataType.
type certificateHash struct {
	HashAlgorithm  string `json:"hashAlgorithm"`
	IssuerNameHash string `json:"issuerNameHash"`
	IssuerKeyHash  string `json:"issuerKeyHash"`
	SerialNumber   string `json:"serialNumber"`
}

// certificateStatus: OCPP 2.1 part 2, CertificateStatusType.
type certificateStatus struct {
	Certificate certificateHash `json:"certificateHashData"`
	Source      string          `json:"source"`
	Status      string          `json:"status"`
	NextUpdate  ocpp.Time       `json:"nextUpdate"`
}

// nothingNew is how long a charge point need not ask again: whether certificates are looked up changes
// with a new release of this system, not by the minute.
const nothingNew = 24 * time.Hour

func (m getCertificateChainStatus) Answer(known ocpp.Known) any {
	var answer struct {
		Statuses []certificateStatus `json:"certificateStatus"`
	}
	for _, request := range m.Requests {
		answer.Statuses = append(answer.Statuses, certificateStatus{
			Certificate: request.Certificate, Source: request.Source, Status: "Failed", NextUpdate: ocpp.Time{Time: known.Now.Add(nothingNew)},
		})
	}
	return answer
}
