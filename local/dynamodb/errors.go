package dynamodb

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/serverless-ocpp/backend/local/dynamodb/attribute"
	"github.com/serverless-ocpp/backend/local/dynamodb/expression"
)

// Namespaces of error types: DynamoDB's own errors, those of the framework below it, and of its validation.
const (
	namespace           = "com.amazonaws.dynamodb.v20120810#"
	namespaceCoral      = "com.amazon.coral.service#"
	namespaceValidation = "com.amazon.coral.validate#"
)

// Error is an error answer of DynamoDB. Type is the full name of its shape.
type Error struct {
	Status  int
	Type    string
	Message string
	Item    attribute.Map // of a failed condition, when it was asked for
}

func (e *Error) Error() string { return e.Code() + ": " + e.Message }

// Code is the name of the error's shape alone, such as "ResourceNotFoundException".
func (e *Error) Code() string { return e.Type[strings.IndexByte(e.Type, '#')+1:] }

func invalid(format string, args ...any) *Error {
	return &Error{Status: http.StatusBadRequest, Type: namespaceValidation + "ValidationException", Message: fmt.Sprintf(format, args...)}
}

func notFound(message string) *Error {
	return &Error{Status: http.StatusBadRequest, Type: namespace + "ResourceNotFoundException", Message: message}
}

func conditionFailed(item attribute.Map) *Error {
	return &Error{Status: http.StatusBadRequest, Type: namespace + "ConditionalCheckFailedException", Message: "The conditional request failed", Item: item}
}

func malformed(message string) *Error {
	return &Error{Status: http.StatusBadRequest, Type: namespaceCoral + "SerializationException", Message: message}
}

// asError makes an error of a part of this package what is answered.
func asError(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	if e, ok := errors.AsType[*attribute.InvalidError](err); ok {
		return invalid("%s", e.Message)
	}
	if e, ok := errors.AsType[*expression.Error](err); ok {
		return invalid("%s", e.Message)
	}
	if e, ok := errors.AsType[*attribute.SerializationError](err); ok {
		return malformed(e.Message)
	}
	if errors.Is(err, os.ErrClosed) { // the table was deleted while the request was on its way
		return notFound(resourceNotFound)
	}
	return &Error{Status: http.StatusInternalServerError, Type: namespace + "InternalServerError", Message: err.Error()}
}

// Deny answers a request that IAM does not allow. The shape, a capital M in it, is that which DynamoDB was seen to answer.
func (s *Service) Deny(w http.ResponseWriter, _ *http.Request, message string) {
	write(w, http.StatusBadRequest, struct {
		Type    string `json:"__type"`
		Message string `json:"Message"`
	}{namespaceCoral + "AccessDeniedException", message})
}

func fail(w http.ResponseWriter, err error) {
	e := asError(err)
	write(w, e.Status, struct {
		Type    string        `json:"__type"`
		Message string        `json:"message,omitempty"`
		Item    attribute.Map `json:",omitempty"`
	}{e.Type, e.Message, e.Item})
}
