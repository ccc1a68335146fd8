// Package fault is how the parts of the local AWS IoT Core refuse a request: the exception's name, its
// HTTP status and its message, as AWS IoT's API reference lists them.
package fault

import (
	"errors"
	"fmt"
	"net/http"
)

// Error is an exception of AWS IoT.
type Error struct {
	Code    string // such as ResourceNotFoundException; goes into the header x-amzn-ErrorType
	Status  int    // of the HTTP answer, and the "code" of a shadow's rejected document
	Message string
	// Members are further members of the exception, such as the resourceArn of a ResourceAlreadyExistsException.
	Members map[string]string
}

// Error implements error.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Of returns err as an exception; what is none is an InternalFailureException.
func Of(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return &Error{Code: "InternalFailureException", Status: http.StatusInternalServerError, Message: err.Error()}
}

// NotFound is a ResourceNotFoundException, 404.
func NotFound(format string, args ...any) *Error {
	return newError("ResourceNotFoundException", http.StatusNotFound, format, args)
}

// Invalid is an InvalidRequestException, 400.
func Invalid(format string, args ...any) *Error {
	return newError("InvalidRequestException", http.StatusBadRequest, format, args)
}

// Exists is a ResourceAlreadyExistsException, 409, which names the resource that is there.
func Exists(id, arn, format string, args ...any) *Error {
	e := newError("ResourceAlreadyExistsException", http.StatusConflict, format, args)
	e.Members = map[string]string{"resourceId": id, "resourceArn": arn}
	return e
}

// VersionConflict is the registry's VersionConflictException, 409.
func VersionConflict(format string, args ...any) *Error {
	return newError("VersionConflictException", http.StatusConflict, format, args)
}

// Conflict is the data plane's ConflictException, 409.
func Conflict(format string, args ...any) *Error {
	return newError("ConflictException", http.StatusConflict, format, args)
}

// TooLarge is a RequestEntityTooLargeException, 413.
func TooLarge(format string, args ...any) *Error {
	return newError("RequestEntityTooLargeException", http.StatusRequestEntityTooLarge, format, args)
}

// Encoding is an UnsupportedDocumentEncodingException, 415.
func Encoding(format string, args ...any) *Error {
	return newError("UnsupportedDocumentEncodingException", http.StatusUnsupportedMediaType, format, args)
}

// Method is a MethodNotAllowedException, 405.
func Method(format string, args ...any) *Error {
	return newError("MethodNotAllowedException", http.StatusMethodNotAllowed, format, args)
}

// Forbidden is a ForbiddenException, 403.
func Forbidden(format string, args ...any) *Error {
	return newError("ForbiddenException", http.StatusForbidden, format, args)
}

func newError(code string, status int, format string, args []any) *Error {
	return &Error{Code: code, Status: status, Message: fmt.Sprintf(format, args...)}
}
