// Package awsfault turns errors of AWS calls that no caller distinguishes into faults, in one place
// for all adapters.
package awsfault

import (
	"github.com/aws/aws-sdk-go-v2/aws/retry"

	"github.com/serverless-ocpp/backend/shared/fault"
)

// throttles knows how the AWS services say "too much at once".
var throttles = retry.ThrottleErrorCode{Codes: retry.DefaultThrottleErrorCodes}

// Wrap makes a fault.Throttled of a call that was still throttled after the client's retries, and a
// fault.Internal of any other error. The text says what was tried on which resource.
func Wrap(err error, format string, args ...any) error {
	if throttles.IsErrorThrottle(err).Bool() {
		return fault.Wrap(fault.Throttled, err, format, args...)
	}
	return fault.Wrap(fault.Internal, err, format, args...)
}
