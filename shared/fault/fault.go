// Package fault has the one error type of the system. A fault carries a code; each rim of the
// system has one table that turns codes into its own words (HTTP statuses in functions/api, OCPP
// error codes where a charge point is answered).
package fault

import (
	"errors"
	"fmt"
)

// Code says what kind of thing went wrong.
type Code string

const (
	NotFound     Code = "notFound"     // no such charge point, transaction, command or token
	Offline      Code = "offline"      // the charge point has no connection
	Gone         Code = "gone"         // the connection does not exist any more
	Conflict     Code = "conflict"     // it exists already, or a conditional write lost against another
	Stale        Code = "stale"        // a newer connection or version holds what was to be changed
	Invalid      Code = "invalid"      // understood, but a value in it is not allowed
	Malformed    Code = "malformed"    // not understood at all: no JSON, a wrong type, a missing field
	Unauthorized Code = "unauthorized" // the key or the identity is wrong
	Throttled    Code = "throttled"    // too much at once; worth another try later
	Internal     Code = "internal"     // anything that is nobody's fault but ours
)

// Error is an error with a Code. Message is a whole sentence part for people: what was wrong, with
// which charge point or resource, and what to do.
type Error struct {
	Code    Code
	Message string
	Err     error // the cause, if there is one
}

func (e *Error) Error() string {
	if e.Err == nil {
		return e.Message
	}
	return e.Message + ": " + e.Err.Error()
}

func (e *Error) Unwrap() error { return e.Err }

// New makes a fault without a cause.
func New(code Code, format string, args ...any) error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Wrap makes a fault out of a cause.
func Wrap(code Code, err error, format string, args ...any) error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), Err: err}
}

// CodeOf is the code of the outermost fault in err's chain: Internal when there is none, "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var fault *Error
	if errors.As(err, &fault) {
		return fault.Code
	}
	return Internal
}

// Is tells whether err is a fault of that code.
func Is(err error, code Code) bool { return err != nil && CodeOf(err) == code }
