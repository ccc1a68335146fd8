package edge

import "net/http"

// The headers in which CloudFront tells of a viewer's certificate.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/viewer-mtls-headers.html
const (
	certificatePresent = "Cloudfront-Viewer-Cert-Present"
	certificateSubject = "Cloudfront-Viewer-Cert-Subject"
)

// tellCertificate replaces what a viewer says about its certificate with what it has shown.
func tellCertificate(request *http.Request) {
	request.Header.Del(certificateSubject)
	request.Header.Set(certificatePresent, "0")
	if request.TLS == nil || len(request.TLS.PeerCertificates) == 0 {
		return
	}
	request.Header.Set(certificatePresent, "1")
	request.Header.Set(certificateSubject, request.TLS.PeerCertificates[0].Subject.String()) // RFC 2253, as CloudFront's
}
