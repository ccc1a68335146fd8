package operation_test

import (
	"testing"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/operation"
)

// certificateJSON is a root certificate of nobody, as a JSON string.
const certificateJSON = `"-----BEGIN CERTIFICATE-----\nMIIBhDCCASugAwIBAgIUAcD3VMT5R6Appz3MDMCgPSDDYTkwCgYIKoZIzj0EAwIw\nFzEVMBMGA1UEAwwMRXhhbXBsZSBSb290MCAXDTI2MTEyMzIzNDUyNVoYDzIxMjYx\nMDMwMjM0NTI1WjAXMRUwEwYDVQQDDAxFeGFtcGxlIFJvb3QwWTATBgcqhkjOPQIB\nBggqhkjOPQMBBwNCAAS8Yqqh+xPHzw1V7u1gEx+JIgVKAEr6oytR6SKlDxz86djC\nGz14CDz6SSceq04KtcyywvJr/MZ1+/524okNgC1Oo1MwUTAdBgNVHQ4EFgQU3Tya\nm6YB5BX+WH9XRMGAs7b7q74wHwYDVR0jBBgwFoAU3Tyam6YB5BX+WH9XRMGAs7b7\nq74wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiBBJogeEvC5aNI6\nes3QcMQy8FD3beyRvTb3ZWy2M2LWOAIgaKfI+kryPZXUA2s0nT0UmQNqGAy9dmkz\n1NRetcFl3Xo=\n-----END CERTIFICATE-----\n"`

// Specification: Improved security for OCPP 1.6-J M05; OCPP 2.x M05.
func TestInstallCertificate(t *testing.T) {
	install := func(use string) string { return `{"use":"` + use + `","certificate":` + certificateJSON + `}` }
	installed := func(use string) string {
		return `InstallCertificate {"certificate":` + certificateJSON + `,"certificateType":"` + use + `"}`
	}
	translations[operation.InstallCertificate]{
		{ocppj.V16, install("centralSystemRoot"), installed("CentralSystemRootCertificate"), ""},
		{ocppj.V16, install("manufacturerRoot"), installed("ManufacturerRootCertificate"), ""},
		{ocppj.V16, install("v2gRoot"), "", fault.Invalid},
		{ocppj.V201, install("centralSystemRoot"), installed("CSMSRootCertificate"), ""},
		{ocppj.V201, install("manufacturerRoot"), installed("ManufacturerRootCertificate"), ""},
		{ocppj.V201, install("v2gRoot"), installed("V2GRootCertificate"), ""},
		{ocppj.V201, install("moRoot"), installed("MORootCertificate"), ""},
		{ocppj.V201, install("oemRoot"), "", fault.Invalid},
		{ocppj.V21, install("oemRoot"), installed("OEMRootCertificate"), ""},
		{ocppj.V21, install("v2gChain"), "", fault.Invalid},
		{ocppj.V16, install(""), "", fault.Malformed},
		{ocppj.V16, `{"use":"centralSystemRoot"}`, "", fault.Malformed},
		{ocppj.V201, `{"use":"centralSystemRoot","certificate":"MIIB"}`, "", fault.Invalid},
		{ocppj.V21, `{"use":"centralSystemRoot","certificate":"-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"}`, "", fault.Invalid},
		{ocppj.V21, `{"use":"centralSystemRoot","certificate":"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}`, "", fault.Invalid},
		{ocppj.V21, `{"use":"centralSystemRoot","certificate":"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\nand more"}`, "", fault.Invalid},
	}.test(t)
}

// Specification: Improved security for OCPP 1.6-J M03; OCPP 2.x M03.
func TestListCertificates(t *testing.T) {
	translations[operation.ListCertificates]{
		{ocppj.V16, `{"use":"manufacturerRoot"}`, `GetInstalledCertificateIds {"certificateType":"ManufacturerRootCertificate"}`, ""},
		{ocppj.V16, `{}`, `GetInstalledCertificateIds {"certificateType":"CentralSystemRootCertificate"}` + "\n" +
			`GetInstalledCertificateIds {"certificateType":"ManufacturerRootCertificate"}`, ""},
		{ocppj.V16, `{"use":"v2gChain"}`, "", fault.Invalid},
		{ocppj.V201, `{}`, `GetInstalledCertificateIds {}`, ""},
		{ocppj.V201, `{"use":"v2gChain"}`, `GetInstalledCertificateIds {"certificateType":["V2GCertificateChain"]}`, ""},
		{ocppj.V201, `{"use":"oemRoot"}`, "", fault.Invalid},
		{ocppj.V21, `{"use":"oemRoot"}`, `GetInstalledCertificateIds {"certificateType":["OEMRootCertificate"]}`, ""},
	}.test(t)
}

// Specification: Improved security for OCPP 1.6-J M04; OCPP 2.x M04.
func TestDeleteCertificate(t *testing.T) {
	const body = `{"hashAlgorithm":"SHA256","issuerNameHash":"aa","issuerKeyHash":"bb","serialNumber":"cc"}`
	const want = `DeleteCertificate {"certificateHashData":{"hashAlgorithm":"SHA256","issuerKeyHash":"bb","issuerNameHash":"aa","serialNumber":"cc"}}`
	translations[operation.DeleteCertificate]{
		{ocppj.V16, body, want, ""},
		{ocppj.V201, body, want, ""},
		{ocppj.V21, body, want, ""},
		{ocppj.V16, `{"hashAlgorithm":"MD5","issuerNameHash":"aa","issuerKeyHash":"bb","serialNumber":"cc"}`, "", fault.Invalid},
		{ocppj.V16, `{"issuerNameHash":"aa","issuerKeyHash":"bb","serialNumber":"cc"}`, "", fault.Malformed},
		{ocppj.V201, `{"hashAlgorithm":"SHA256","issuerKeyHash":"bb","serialNumber":"cc"}`, "", fault.Malformed},
		{ocppj.V201, `{"hashAlgorithm":"SHA256","issuerNameHash":"aa","serialNumber":"cc"}`, "", fault.Malformed},
		{ocppj.V21, `{"hashAlgorithm":"SHA256","issuerNameHash":"aa","issuerKeyHash":"bb"}`, "", fault.Malformed},
	}.test(t)
}
