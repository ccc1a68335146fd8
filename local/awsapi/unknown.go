package awsapi

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// restXML are the services whose clients want XML although their requests do not show it.
var restXML = []string{"cloudfront", "route53", "s3"}

// writeUnknown answers a call of a service that is not here, in the protocol that its client reads, so that the sentence
// reaches whoever made the call.
func writeUnknown(w http.ResponseWriter, r *http.Request, service string) {
	message := unknownService(service, r)
	query := strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
	if query || slices.Contains(restXML, service) {
		writeXMLError(w, http.StatusNotFound, "", "UnknownService", message)
		return
	}
	writeError(w, http.StatusNotFound, "UnknownService", message)
}

func unknownService(name string, r *http.Request) string {
	const here = "Here are dynamodb, sqs, iot, iot-data, lambda, sts (get-caller-identity) and, in the query protocol, cloudwatch (GetMetricData)."
	if name == "" {
		return fmt.Sprintf("%s %s is no request of a known AWS service. %s", r.Method, r.URL.Path, here)
	}
	return fmt.Sprintf("The AWS service %q is not part of this stand-in. %s", name, here)
}
