package signed

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/protocol/restjson"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// refused makes the SDK's error of an answer that is one.
func refused(call Call, response *http.Response, answer []byte) error {
	says := byCode(response.Header, answer)
	if call.Refused != nil {
		response.Body = io.NopCloser(bytes.NewReader(answer))
		says = call.Refused(response)
	}
	response.Body = io.NopCloser(bytes.NewReader(answer))
	return &awshttp.ResponseError{
		RequestID:     cmp.Or(response.Header.Get("X-Amzn-Requestid"), response.Header.Get("X-Amz-Requestid")),
		ResponseError: &smithyhttp.ResponseError{Response: &smithyhttp.Response{Response: response}, Err: says},
	}
}

// byCode is an error with the code that is found first: where services that once spoke the query protocol keep the code of
// those days, in the header, in the body.
func byCode(header http.Header, answer []byte) error {
	inBody, message, err := restjson.GetErrorInfo(json.NewDecoder(bytes.NewReader(answer)))
	if err != nil {
		inBody, message = "", "" // a load balancer on the way answers in HTML, and then its status must do
	}
	ofQuery, _, _ := strings.Cut(header.Get("X-Amzn-Query-Error"), ";")
	inHeader := restjson.SanitizeErrorCode(header.Get("X-Amzn-Errortype"))
	return &smithy.GenericAPIError{Code: cmp.Or(ofQuery, inHeader, inBody, "UnknownError"), Message: message}
}

// Code is the code of an error that AWS answered, "" of any other.
func Code(err error) string {
	if answered, ok := errors.AsType[smithy.APIError](err); ok {
		return answered.ErrorCode()
	}
	return ""
}
