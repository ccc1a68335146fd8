package lambda

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// What Invoke can fail with when no function has run. A function that ran and
// failed is no error of Invoke: it is told by functionError.
var (
	ErrNotFound         = errors.New("function not found")
	ErrThrottled        = errors.New("rate exceeded")                                         // 429 TooManyRequestsException
	ErrRequestTooLarge  = errors.New("request payload is too large")                          // 413 RequestTooLargeException
	ErrInvalidJSON      = errors.New("event is not JSON")                                     // 400 InvalidRequestContentException
	ErrService          = errors.New("an error occurred and the request cannot be processed") // 500 ServiceException
	ErrClosed           = errors.New("the Lambda host is closed")
	errBootstrapMissing = errors.New("no executable")
)

// unhandled is the only value that functionError takes since Lambda stopped
// telling handled errors from others.
const unhandled = "Unhandled"

// outcome is how an invocation ended.
type outcome struct {
	answer        []byte
	functionError string
	err           error
}

// failure is the answer that Lambda itself writes for a function that could not.
func failure(errorType, message string) outcome {
	// A struct of two strings always encodes.
	answer, _ := json.Marshal(struct {
		Type    string `json:"errorType"`
		Message string `json:"errorMessage"`
	}{errorType, message})
	return outcome{answer: answer, functionError: unhandled}
}

func timedOut(requestID string, limit time.Duration) outcome {
	return failure("Sandbox.Timedout",
		fmt.Sprintf("RequestId: %s Error: Task timed out after %.2f seconds", requestID, limit.Seconds()))
}

// exited describes a process that ended while it owed an answer. reason is nil
// after exit status 0.
func exited(requestID string, reason error) outcome {
	message := "Runtime exited without providing a reason"
	if reason != nil {
		message = "Runtime exited with error: " + reason.Error()
	}
	return failure("Runtime.ExitError", fmt.Sprintf("RequestId: %s Error: %s", requestID, message))
}

func noEntrypoint(requestID string, reason error) outcome {
	return failure("Runtime.InvalidEntrypoint", fmt.Sprintf("RequestId: %s Error: %s", requestID, reason))
}

func responseTooLarge() outcome {
	return failure("Function.ResponseSizeTooLarge",
		fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", maxResponse))
}
