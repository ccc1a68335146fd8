// Package callcheck tells whether a CALL may be sent to a charge point: before it is stored, where whoever
// asked can still be told. It is no part of package command because the schemas would come along into
// every function that sends commands.
package callcheck

import (
	"encoding/json"
	"strings"

	"github.com/serverless-ocpp/backend/schemas"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Check returns a fault.Invalid for an action that the version does not have, or that only charge points send,
// and for a payload against its schema. The message names the fields and repeats none of their values.
func Check(version ocppj.Version, action string, payload json.RawMessage) error {
	sender, known := schemas.Known(version, action)
	switch {
	case !known:
		return fault.New(fault.Invalid, "%s has no such action as %.64q", version, action)
	case !sender.Includes(schemas.CentralSystem):
		return fault.New(fault.Invalid, "in %s, %s is sent by charge points, not to them", version, action)
	}
	violations, err := schemas.Validate(version, action, schemas.Request, payload)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "the payload of %s cannot be checked", action)
	}
	if len(violations) == 0 {
		return nil
	}
	said := make([]string, len(violations))
	for i, violation := range violations {
		said[i] = violation.String()
	}
	return fault.New(fault.Invalid, "the payload of this %s is against %s: %s", action, version, strings.Join(said, "; "))
}
