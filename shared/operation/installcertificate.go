package operation

import (
	"encoding/asn1"
	"encoding/pem"
	"strings"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// InstallCertificate gives the charge point a root certificate to trust (Improved security for OCPP 1.6-J M05, OCPP 2.x
// part 2 use case M05).
type InstallCertificate struct {
	// Use is what the certificate is a root for: "centralSystemRoot" for the connection to this system,
	// "manufacturerRoot" for firmware; in 2.x also "v2gRoot" for vehicles and "moRoot" for contracts (ISO 15118); in 2.1
	// also "oemRoot" for the vehicles' own certificates.
	Use string `json:"use" required:"true"`
	// Certificate is one certificate in PEM.
	Certificate string `json:"certificate" required:"true"`
}

// Uses of certificates that can be installed, by version.
var (
	certificateUses16  = map[string]string{"centralSystemRoot": "CentralSystemRootCertificate", "manufacturerRoot": "ManufacturerRootCertificate"}
	certificateUses201 = map[string]string{
		"centralSystemRoot": "CSMSRootCertificate", "manufacturerRoot": "ManufacturerRootCertificate",
		"v2gRoot": "V2GRootCertificate", "moRoot": "MORootCertificate",
	}
	certificateUses = map[ocppj.Version]map[string]string{
		ocppj.V16: certificateUses16, ocppj.V201: certificateUses201,
		ocppj.V21: with(certificateUses201, map[string]string{"oemRoot": "OEMRootCertificate"}),
	}
)

// Calls implements Operation.
func (i *InstallCertificate) Calls(version ocppj.Version) ([]Call, error) {
	use, err := word(version, "use", i.Use, certificateUses[version])
	if err != nil {
		return nil, err
	}
	if i.Certificate == "" {
		return nil, missing("certificate")
	}
	if err := checkCertificate("certificate", i.Certificate); err != nil {
		return nil, err
	}
	return []Call{{"InstallCertificate", map[string]any{"certificateType": use, "certificate": i.Certificate}}}, nil
}

// checkCertificate returns fault.Invalid for anything but one certificate in PEM (RFC 7468). Whether it is one to trust
// is the charge point's to say: it may know curves and extensions that this program does not.
func checkCertificate(member, text string) error {
	block, rest := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE" || strings.TrimSpace(string(rest)) != "" {
		return fault.New(fault.Invalid, "'%s' must be one certificate in PEM: -----BEGIN CERTIFICATE----- and so on", member)
	}
	var sequence asn1.RawValue
	if rest, err := asn1.Unmarshal(block.Bytes, &sequence); err != nil || len(rest) > 0 || sequence.Tag != asn1.TagSequence {
		return fault.New(fault.Invalid, "'%s' is PEM, but no X.509 certificate is in it", member)
	}
	return nil
}
