package main

import (
	"net/http"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
)

// registrationBody is the operator's will about a charge point.
type registrationBody struct {
	Registration chargepoint.Registration `json:"registration" required:"true"`
}

// putRegistration stores the operator's will about a charge point.
//
// Its connection is closed when it is no longer accepted: the connection carries the authorizer's
// finding "accepted" for as long as it lives. It reconnects, its messages are refused with a
// SecurityError, and with its next BootNotification it is told. When it is accepted the connection
// stays: it boots again after the interval that the answer to its last BootNotification gave
// (OCPP 1.6 section 4.2, OCPP 2.0.1 B02.FR.07 and B03), and is told then.
func (a *API) putRegistration(r *http.Request) (answer, error) {
	var body registrationBody
	if err := decode(r, &body, strict); err != nil {
		return answer{}, err
	}
	if body.Registration == "" {
		return answer{}, missing("registration")
	}
	registration, err := chargepoint.ParseRegistration(string(body.Registration))
	if err != nil {
		return answer{}, err
	}
	cp, err := a.chargePoint(r)
	if err != nil {
		return answer{}, err
	}
	if err := a.ChargePoints.SetRegistration(r.Context(), cp.ID, registration); err != nil {
		return answer{}, err
	}
	cp.Registration = registration
	if registration != chargepoint.Accepted {
		if cp, err = a.reconnect(r); err != nil {
			return answer{}, err
		}
	}
	return reply(http.StatusOK, viewChargePoint(cp)), nil
}
