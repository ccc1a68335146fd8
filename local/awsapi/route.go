package awsapi

import (
	"bytes"
	"fmt"
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
		return prefix
	}
	if auth, ok := iam.ParseAuthorization(r); ok {
		if service, renamed := signingNames[auth.Service]; renamed {
			return service
		}
		return auth.Service
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

func unknownService(name string, r *http.Request) string {
	const here = "Here are dynamodb, sqs, iot, iot-data, lambda and sts (get-caller-identity)."
	if name == "" {
		return fmt.Sprintf("%s %s is no request of a known AWS service. %s", r.Method, r.URL.Path, here)
	}
	return fmt.Sprintf("The AWS service %q is not part of this stand-in. %s", name, here)
}
