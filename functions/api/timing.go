package main

import (
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// timing is the part of a request's body that every command has.
type timing struct {
	ExpiresInSeconds int  `json:"expiresInSeconds"` // more than 0: it may wait that long for the charge point to connect
	TimeoutSeconds   *int `json:"timeoutSeconds"`   // from sending to the answer; default 30
}

// maxExpiry is a week: an order that is older surprises whoever stands at the charge point.
const maxExpiry = 7 * 24 * time.Hour

// check returns a fault.Invalid that names the member.
func (t timing) check() error {
	if t.ExpiresInSeconds < 0 || t.ExpiresInSeconds > int(maxExpiry.Seconds()) {
		return fault.New(fault.Invalid, "'expiresInSeconds' must be from 0 to %d", int(maxExpiry.Seconds()))
	}
	if t.TimeoutSeconds != nil && (*t.TimeoutSeconds < 1 || *t.TimeoutSeconds > int(command.MaxTimeout.Seconds())) {
		return fault.New(fault.Invalid, "'timeoutSeconds' must be from 1 to %d", int(command.MaxTimeout.Seconds()))
	}
	return nil
}

func (t timing) timeout() time.Duration {
	if t.TimeoutSeconds == nil {
		return command.DefaultTimeout
	}
	return time.Duration(*t.TimeoutSeconds) * time.Second
}

// expiry is when a command that was not sent ends. One that need not wait for a connection still waits
// for the answer to the CALL before it, and for a charge point that has just connected.
func (t timing) expiry() time.Duration {
	if t.ExpiresInSeconds > 0 {
		return time.Duration(t.ExpiresInSeconds) * time.Second
	}
	return command.DefaultExpiry
}

// speaks returns the version to write a command in: that of the charge point's session, or while it may wait
// for one, of the last. fault.Offline if it has none and must not wait, or never had one.
func (t timing) speaks(cp chargepoint.ChargePoint) (ocppj.Version, error) {
	switch {
	case cp.Session != nil:
		return ocppj.Version(cp.Session.Protocol), nil
	case t.ExpiresInSeconds == 0:
		return "", offline(cp.ID)
	case cp.Protocol == "":
		return "", fault.New(fault.Offline, "charge point %s has never connected, so nobody knows which version of OCPP to command it in", cp.ID)
	}
	return ocppj.Version(cp.Protocol), nil
}

func offline(id string) error {
	return fault.New(fault.Offline, "charge point %s is not connected; with expiresInSeconds the command waits until it is", id)
}
