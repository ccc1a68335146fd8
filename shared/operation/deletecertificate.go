package operation

import "github.com/serverless-ocpp/backend/shared/ocppj"

// DeleteCertificate takes a certificate away from the charge point (Improved security for OCPP 1.6-J M04, OCPP 2.x part 2
// use case M04). Its members are as the list of certificates tells them.
type DeleteCertificate struct {
	// HashAlgorithm of both hashes: "SHA256", "SHA384" or "SHA512".
	HashAlgorithm string `json:"hashAlgorithm" required:"true" enum:"SHA256,SHA384,SHA512"`
	// IssuerNameHash is the hash of the issuer's distinguished name, in hex.
	IssuerNameHash string `json:"issuerNameHash" required:"true"`
	// IssuerKeyHash is the hash of the issuer's public key, in hex.
	IssuerKeyHash string `json:"issuerKeyHash" required:"true"`
	// SerialNumber of the certificate, in hex without leading zeroes.
	SerialNumber string `json:"serialNumber" required:"true"`
}

var hashAlgorithms = map[string]string{"SHA256": "SHA256", "SHA384": "SHA384", "SHA512": "SHA512"}

// Calls implements Operation.
func (d *DeleteCertificate) Calls(version ocppj.Version) ([]Call, error) {
	algorithm, err := word(version, "hashAlgorithm", d.HashAlgorithm, hashAlgorithms)
	if err != nil {
		return nil, err
	}
	data := map[string]string{
		"hashAlgorithm": algorithm, "issuerNameHash": d.IssuerNameHash, "issuerKeyHash": d.IssuerKeyHash, "serialNumber": d.SerialNumber,
	}
	for _, name := range []string{"issuerNameHash", "issuerKeyHash", "serialNumber"} {
		if data[name] == "" {
			return nil, missing(name)
		}
	}
	return []Call{{"DeleteCertificate", map[string]any{"certificateHashData": data}}}, nil
}
