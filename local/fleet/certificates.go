package fleet

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// signingRequest stands for a certificate signing request. Virtual charge points connect without client certificates.
const signingRequest = "-----BEGIN CERTIFICATE REQUEST-----\nMIH0MIGbAgEAMDkxDjAMBgNVBAoMBUZsZWV0MScwJQYDVQQDDB52aXJ0dWFsIGNo\n-----END CERTIFICATE REQUEST-----"

// certificate is an installed one. Its hashes are made of its text: a virtual charge point does not look into it.
type certificate struct {
	use  string
	hash certificateHash
}

// certificateHash is CertificateHashDataType of all versions.
type certificateHash struct {
	Algorithm  string `json:"hashAlgorithm"`
	IssuerName string `json:"issuerNameHash"`
	IssuerKey  string `json:"issuerKeyHash"`
	Serial     string `json:"serialNumber"`
}

func installCertificate(s *Station, r struct {
	Type        string `json:"certificateType"`
	Certificate string `json:"certificate"`
}) (any, func()) {
	if !strings.HasPrefix(strings.TrimSpace(r.Certificate), "-----BEGIN CERTIFICATE-----") {
		return status(rejected), nil
	}
	sum := func(purpose string) string {
		hash := sha256.Sum256([]byte(purpose + r.Certificate))
		return hex.EncodeToString(hash[:])
	}
	added := certificate{r.Type, certificateHash{"SHA256", sum("name"), sum("key"), sum("serial")[:16]}}
	if !slices.Contains(s.notes.certificates, added) {
		s.notes.certificates = append(s.notes.certificates, added)
	}
	return status(accepted), nil
}

func deleteCertificate(s *Station, r struct {
	Hash certificateHash `json:"certificateHashData"`
}) (any, func()) {
	before := len(s.notes.certificates)
	s.notes.certificates = slices.DeleteFunc(s.notes.certificates, func(c certificate) bool { return c.hash == r.Hash })
	if len(s.notes.certificates) == before {
		return status(notFound), nil
	}
	return status(accepted), nil
}

func getInstalledCertificates16(s *Station, r struct {
	Type string `json:"certificateType"`
}) (any, func()) {
	var hashes []certificateHash
	for _, c := range s.notes.certificates {
		if c.use == r.Type {
			hashes = append(hashes, c.hash)
		}
	}
	if hashes == nil {
		return status(notFound), nil
	}
	return object{"status": accepted, "certificateHashData": hashes}, nil
}

func getInstalledCertificates2x(s *Station, r struct {
	Types []string `json:"certificateType"`
}) (any, func()) {
	var chains []object
	for _, c := range s.notes.certificates {
		if r.Types == nil || slices.Contains(r.Types, c.use) {
			chains = append(chains, object{"certificateType": c.use, "certificateHashData": c.hash})
		}
	}
	if chains == nil {
		return status(notFound), nil
	}
	return object{"status": accepted, "certificateHashDataChain": chains}, nil
}
