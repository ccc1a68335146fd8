package awsapi

import (
	"bytes"
	"cmp"
	"net/http"
	"regexp"
	"strings"

	"github.com/serverless-ocpp/backend/local/iam"
	"github.com/serverless-ocpp/backend/local/iot"
)

// targets are the prefixes of X-Amz-Target, which the JSON protocols send.
var targets = map[string]string{
	"DynamoDB_20120810": "dynamodb",
	"AmazonSQS":         "sqs",
}

// signingNames that differ from the name of the service here.
var signingNames = map[string]string{
	"iotdevicegateway": "iotdata", // older clients of the IoT data plane
}

var (
	lambdaPath = regexp.MustCompile(`^/2015-03-31/`)
	queueURL   = regexp.MustCompile(`^/\d{12}/[^/]+$`)
)

// serviceOf finds the service that a request is for: by its target, its signature or its path.
func serviceOf(r *http.Request, body []byte) string {
	if prefix, _, ok := strings.Cut(r.Header.Get("X-Amz-Target"), "."); ok {
		if service, known := targets[prefix]; known {
			return service
		}
		return cmp.Or(signedFor(r), prefix)
	}
	if service := signedFor(r); service != "" {
		return service
	}
	if bytes.Contains(body, []byte("Action=GetCallerIdentity")) {
		return "sts"
	}
	switch {
	case lambdaPath.MatchString(r.URL.Path):
		return "lambda"
	case queueURL.MatchString(r.URL.Path):
		return "sqs"
	default:
		return iot.ServiceOf(r.URL)
	}
}

// signedFor is the service that a request's signature names; "" without a signature.
func signedFor(r *http.Request) string {
	auth, ok := iam.ParseAuthorization(r)
	if !ok {
		return ""
	}
	return cmp.Or(signingNames[auth.Service], auth.Service)
}
