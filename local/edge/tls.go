package edge

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
)

// ViewerTLS is how CloudFront takes viewers under a domain of the operator with the security policy TLSv1.2_2018, and with
// the mode of its viewer mutual TLS: "" for none, "optional" or "required". In both modes a certificate that is shown must be
// within its time and come from one of the authorities: else the TLS handshake fails, and neither function nor origin hears of it.
// With optional, a viewer without a certificate passes; with required, its handshake fails as well. The error names a mode that is none.
//
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/configuring-additional-settings.html
func ViewerTLS(own tls.Certificate, mode string, authorities *x509.CertPool) (*tls.Config, error) {
	config := &tls.Config{
		Certificates: []tls.Certificate{own},
		MinVersion:   tls.VersionTLS12,
		CipherSuites: tls12of2018,
		// A handshake of a WebSocket is HTTP/1.1, which is all that is spoken here.
		NextProtos: []string{"http/1.1"},
	}
	switch mode {
	case "":
		return config, nil
	case "optional":
		config.ClientAuth = tls.VerifyClientCertIfGiven
	case "required":
		config.ClientAuth = tls.RequireAndVerifyClientCert
	default:
		return nil, fmt.Errorf("edge: CloudFront asks for client certificates as optional or required, not %q", mode)
	}
	config.ClientCAs = authorities
	return config, nil
}

// tls12of2018 are the policy's suites of TLS 1.2, as far as Go has them. Those without forward secrecy are for charge points that
// have no others: OCPP names the two of GCM (OCPP 2.0.1 A00.FR.318).
var tls12of2018 = []uint16{
	tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
	tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
	tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
	tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256,
	tls.TLS_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_RSA_WITH_AES_256_GCM_SHA384, tls.TLS_RSA_WITH_AES_128_CBC_SHA256,
}
