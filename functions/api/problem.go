package main

import (
	"errors"
	"log/slog"
	"net/http"

	"github.com/serverless-ocpp/backend/shared/fault"
)

// statusOf is the one table of what an error is in HTTP.
var statusOf = map[fault.Code]int{
	fault.NotFound:     http.StatusNotFound,
	fault.Offline:      http.StatusConflict, // another request, one that allows waiting, would do
	fault.Gone:         http.StatusConflict,
	fault.Conflict:     http.StatusConflict,
	fault.Stale:        http.StatusConflict,
	fault.Invalid:      http.StatusUnprocessableEntity,
	fault.Malformed:    http.StatusBadRequest,
	fault.Unauthorized: http.StatusUnauthorized,
	fault.Throttled:    http.StatusServiceUnavailable, // we are the ones who cannot, not the caller
	fault.Internal:     http.StatusInternalServerError,
}

// statusError is an error that only HTTP knows, such as 405 or 413.
type statusError struct {
	status  int
	message string
}

func (e statusError) Error() string { return e.message }

// problem is a problem document (RFC 9457). Its type is about:blank, which is the default: the status and
// the code say what kind it is.
type problem struct {
	Title  string     `json:"title"`
	Status int        `json:"status"`
	Detail string     `json:"detail"`
	Code   fault.Code `json:"code,omitempty"` // finer than the status: offline and conflict are both 409
	Error  string     `json:"error"`          // the detail again, where clients of the system that this one replaces read it
}

// problemAnswer makes an error the answer. What is nobody's fault but ours goes into the log, not to the caller.
func problemAnswer(r *http.Request, err error) answer {
	code := fault.CodeOf(err)
	p := problem{Status: statusOf[code], Code: code, Detail: err.Error()}
	var known *fault.Error
	var status statusError
	switch {
	case errors.As(err, &status):
		p.Status, p.Code, p.Detail = status.status, "", status.message
	case p.Status >= http.StatusInternalServerError:
		slog.ErrorContext(r.Context(), "request failed", "method", r.Method, "route", r.Pattern, "error", err)
		p.Detail = "the request failed inside the system, its log says why; try again later"
	case errors.As(err, &known):
		p.Detail = known.Message // without the cause, which may name resources of the account
	}
	p.Title, p.Error = http.StatusText(p.Status), p.Detail
	problem := reply(p.Status, p)
	problem.header.Set("Content-Type", "application/problem+json")
	if p.Status == http.StatusServiceUnavailable {
		problem.header.Set("Retry-After", "1")
	}
	return problem
}
