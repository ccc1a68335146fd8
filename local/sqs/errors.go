package sqs

import (
	"errors"
	"fmt"
	"net/http"
)

// ErrClosed is returned to a receiver that waits while the service is closed.
var ErrClosed = errors.New("the queues are closed")

// Error is an error that SQS answers with. Code is what clients compare: the name of the error's shape in the
// API Reference, such as "QueueDoesNotExist" or "ReceiptHandleIsInvalid".
type Error struct {
	Status  int // of HTTP
	Code    string
	Message string

	common bool   // a shape that all AWS services share, outside SQS's own namespace
	legacy string // the code of the old query protocol, which SQS sends along for older clients
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// shape is the error's type in an AWS JSON 1.0 answer.
func (e *Error) shape() string {
	if e.common {
		return "com.amazon.coral.service#" + e.Code
	}
	return "com.amazonaws.sqs#" + e.Code
}

// entryCode is the error's code when it is that of one entry of a batch.
func (e *Error) entryCode() string { return e.legacy }

// own makes an error of SQS's own whose old code has the prefix of the old namespace.
func own(code, format string, args ...any) *Error {
	return &Error{
		Status: http.StatusBadRequest, Code: code, Message: fmt.Sprintf(format, args...),
		legacy: "AWS.SimpleQueueService." + code,
	}
}

// plain makes an error of SQS's own whose old code is its code.
func plain(code, format string, args ...any) *Error {
	return &Error{Status: http.StatusBadRequest, Code: code, Message: fmt.Sprintf(format, args...), legacy: code}
}

func errQueueDoesNotExist() *Error {
	e := own("QueueDoesNotExist", "The specified queue does not exist.")
	e.legacy = "AWS.SimpleQueueService.NonExistentQueue"
	return e
}

func errQueueNameExists(attribute string) *Error {
	e := plain("QueueNameExists", "A queue already exists with the same name and a different value for attribute %s", attribute)
	e.legacy = "QueueAlreadyExists"
	return e
}

func errInvalidParameter(format string, args ...any) *Error {
	return &Error{
		Status: http.StatusBadRequest, Code: "InvalidParameterValueException", Message: fmt.Sprintf(format, args...),
		common: true, legacy: "InvalidParameterValue",
	}
}

func errInvalidValue(value any, parameter, reason string) *Error {
	return errInvalidParameter("Value %v for parameter %s is invalid. Reason: %s", value, parameter, reason)
}

func errMissingParameter(name string) *Error {
	return &Error{
		Status: http.StatusBadRequest, Code: "MissingRequiredParameterException",
		Message: fmt.Sprintf("The request must contain the parameter %s.", name), common: true, legacy: "MissingParameter",
	}
}

func errInvalidHandle(handle string) *Error {
	e := plain("ReceiptHandleIsInvalid", "The input receipt handle %q is not a valid receipt handle.", handle)
	e.Status = http.StatusNotFound
	return e
}

func errPurgeInProgress(queue string) *Error {
	e := own("PurgeQueueInProgress", "Only one PurgeQueue operation on %s is allowed every 60 seconds.", queue)
	e.Status = http.StatusForbidden
	return e
}

func errOverLimit() *Error {
	e := plain("OverLimit", "Too many messages are in flight: at most %d may be received and not yet deleted.", maxInFlight)
	e.Status = http.StatusForbidden
	return e
}

func errResourceNotFound(format string, args ...any) *Error {
	e := plain("ResourceNotFoundException", format, args...)
	e.Status = http.StatusNotFound
	return e
}

// errInternal wraps what is not the caller's fault, such as a disk that is full.
func errInternal(cause error) *Error {
	return &Error{
		Status: http.StatusInternalServerError, Code: "InternalFailure", Message: cause.Error(),
		common: true, legacy: "InternalFailure",
	}
}
