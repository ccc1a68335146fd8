package awsapi

import (
	"cmp"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"net/http"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/serverless-ocpp/backend/local/cloudwatch"
	"github.com/serverless-ocpp/backend/local/fault"
)

// A refusal is an error that AWS answers with when nothing is wrong with the request.
type refusal struct {
	status  int
	header  map[string]string
	body    string
	checked bool // DynamoDB's answers carry a checksum, which clients compare
	traced  bool // the data plane of AWS IoT puts a trace id beside the message
}

func (f refusal) write(w http.ResponseWriter) {
	// AWS writes these names as they stand here, and so do the services of the stand-in.
	w.Header().Set("x-amzn-RequestId", uuid.NewString())
	for name, value := range f.header {
		w.Header().Set(name, value)
	}
	if f.checked {
		w.Header().Set("x-amz-crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(f.body))), 10))
	}
	if f.traced {
		f.body = strings.TrimSuffix(f.body, "}") + fmt.Sprintf(`,"traceId":%q}`, uuid.NewString())
	}
	w.WriteHeader(f.status)
	_, _ = w.Write([]byte(f.body)) // an error here is a client that went away; nobody is left to tell
}

// refusals are the shapes of what rules of kind throttle and error ask for, by service and code.
var refusals = map[string]map[string]refusal{
	// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html. ThrottlingException and
	// ProvisionedThroughputExceededException are as they were seen, the messages of the others are as in the documentation; what stands
	// before # clients drop.
	"dynamodb": {
		"ThrottlingException": awsJSON(http.StatusBadRequest, "com.amazon.coral.availability#ThrottlingException",
			"Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or index so please try again shortly. If exceptions persist, check if you have a hot key: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html").withChecksum(),
		"ProvisionedThroughputExceededException": awsJSON(http.StatusBadRequest, "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
			"The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.").withChecksum(),
		"RequestLimitExceeded": awsJSON(http.StatusBadRequest, "com.amazonaws.dynamodb.v20120810#RequestLimitExceeded",
			"Throughput exceeds the current throughput limit for your account. Please contact AWS Support at https://aws.amazon.com/support to request a limit increase").withChecksum(),
		"InternalServerError": awsJSON(http.StatusInternalServerError, "com.amazonaws.dynamodb.v20120810#InternalServerError",
			"The request processing has failed because of an unknown error, exception or failure.").withChecksum(),
		"ServiceUnavailable": awsJSON(http.StatusServiceUnavailable, "com.amazon.coral.availability#ServiceUnavailableException",
			"Service is unavailable. Please try again later.").withChecksum(),
	},
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html#API_SendMessage_Errors; the
	// header is for clients that know the codes of the old query protocol. Which 4xx it is, nobody goes by: the sources differ
	// between 400 and 403, and OverLimit is 403 in local/sqs.
	"sqs": {
		"RequestThrottled": queryJSON(http.StatusForbidden, "com.amazonaws.sqs#RequestThrottled", "RequestThrottled;Sender",
			"The request was denied due to request throttling."),
		"ThrottlingException": queryJSON(http.StatusBadRequest, "com.amazon.coral.availability#ThrottlingException", "ThrottlingException;Sender",
			"Rate exceeded"),
		"OverLimit": queryJSON(http.StatusForbidden, "com.amazonaws.sqs#OverLimit", "OverLimit;Sender",
			"Too many messages in flight."),
		"InternalFailure": queryJSON(http.StatusInternalServerError, "com.amazon.coral.service#InternalFailure", "InternalFailure;Receiver",
			"We encountered an internal error. Please try again."),
		"ServiceUnavailable": queryJSON(http.StatusServiceUnavailable, "com.amazon.coral.availability#ServiceUnavailableException", "ServiceUnavailable;Receiver",
			"Service is unavailable. Please try again later."),
	},
	// The registry. https://docs.aws.amazon.com/iot/latest/apireference/API_CreateThing.html#API_CreateThing_Errors
	"iot": {
		"ThrottlingException":         restJSON(http.StatusBadRequest, "ThrottlingException", `{"message":"Rate exceeded"}`),
		"InternalFailureException":    restJSON(http.StatusInternalServerError, "InternalFailureException", `{"message":"An unexpected error has occurred."}`),
		"ServiceUnavailableException": restJSON(http.StatusServiceUnavailable, "ServiceUnavailableException", `{"message":"The service is temporarily unavailable."}`),
	},
	// The data plane, which says the same in its own way. https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_Publish.html
	"iotdata": {
		"ThrottlingException":         restJSON(http.StatusTooManyRequests, "ThrottlingException", `{"message":"Too Many Requests"}`).withTrace(),
		"InternalFailureException":    restJSON(http.StatusInternalServerError, "InternalFailureException", `{"message":"An unexpected error has occurred."}`).withTrace(),
		"ServiceUnavailableException": restJSON(http.StatusServiceUnavailable, "ServiceUnavailableException", `{"message":"The service is temporarily unavailable."}`).withTrace(),
	},
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
	"connections": {
		"LimitExceededException":       restJSON(http.StatusTooManyRequests, "LimitExceededException", `{"message":"Too Many Requests"}`),
		"InternalServerErrorException": restJSON(http.StatusInternalServerError, "InternalServerErrorException", `{"message":"Internal server error"}`),
	},
	// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors
	"lambda": {
		"TooManyRequestsException": restJSON(http.StatusTooManyRequests, "TooManyRequestsException",
			`{"Reason":"CallerRateLimitExceeded","Type":"User","message":"Rate exceeded"}`),
		"ServiceException": restJSON(http.StatusInternalServerError, "ServiceException",
			`{"Type":"Service","Message":"An error occurred and the request cannot be processed."}`),
	},
	// https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
	"sts": commonErrors(stsNamespace),
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CommonErrors.html
	cloudwatch.SigningName: commonErrors(cloudwatch.Namespace),
}

// ruledAs are the services that rules call by another name than their clients.
var ruledAs = map[string]string{"iotdata": "iot", cloudwatch.SigningName: "cloudwatch"}

// gone is what @connections answers about a connection that is no more.
var gone = restJSON(http.StatusGone, "GoneException", "")

// refusalOf finds the shape of a fault of a service, whose code is one of fault.Codes.
func refusalOf(service string, f fault.Fault) refusal {
	if f.Code == "" {
		f.Code = fault.Codes[cmp.Or(ruledAs[service], service)][f.Kind][0]
	}
	return refusals[service][f.Code]
}

// awsJSON is an error of the AWS JSON 1.0 protocol. https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
func awsJSON(status int, shape, message string) refusal {
	body, err := json.Marshal(struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
	}{shape, message})
	if err != nil {
		panic(err) // strings only
	}
	return refusal{status: status, header: map[string]string{"Content-Type": "application/x-amz-json-1.0"}, body: string(body)}
}

func (f refusal) withChecksum() refusal {
	f.checked = true
	return f
}

func (f refusal) withTrace() refusal {
	f.traced = true
	return f
}

// queryJSON is awsJSON of a service that once spoke the query protocol. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait
func queryJSON(status int, shape, queryError, message string) refusal {
	f := awsJSON(status, shape, message)
	f.header["x-amzn-query-error"] = queryError
	return f
}

// restJSON is an error of the REST-JSON protocol. https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization
func restJSON(status int, code, body string) refusal {
	return refusal{status: status, header: map[string]string{"Content-Type": "application/json", "x-amzn-ErrorType": code}, body: body}
}

// commonErrors are those that all services of the query protocol have in common.
func commonErrors(namespace string) map[string]refusal {
	return map[string]refusal{
		"Throttling":         queryXML(namespace, http.StatusBadRequest, "Sender", "Throttling", "Rate exceeded"),
		"InternalFailure":    queryXML(namespace, http.StatusInternalServerError, "Receiver", "InternalFailure", "The request processing has failed because of an unknown error."),
		"ServiceUnavailable": queryXML(namespace, http.StatusServiceUnavailable, "Receiver", "ServiceUnavailable", "Service is unavailable."),
	}
}

func queryXML(namespace string, status int, culprit, code, message string) refusal {
	return refusal{
		status: status,
		header: map[string]string{"Content-Type": "text/xml"},
		body: fmt.Sprintf(`<ErrorResponse xmlns="%s"><Error><Type>%s</Type><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>`,
			namespace, culprit, code, message),
	}
}
