package main

import (
	"net/http"

	"github.com/serverless-ocpp/backend/shared/fault"
)

// securityProfileBody says how secure a charge point's connections have to be.
type securityProfileBody struct {
	SecurityProfile *int `json:"securityProfile" required:"true" minimum:"0" maximum:"3"` // 1: a key, 2: a key over TLS, 3: a client certificate; 0: what the stack demands
}

const highestSecurityProfile = 3 // OCPP 2.0.1 part 2 section A.1.3

// putSecurityProfile sets the least security profile of one charge point. As with the validation, its present connection
// stays: nobody loses a charging session because an operator tidies up.
func (a *API) putSecurityProfile(r *http.Request) (answer, error) {
	var body securityProfileBody
	if err := decode(r, &body, strict); err != nil {
		return answer{}, err
	}
	if body.SecurityProfile == nil {
		return answer{}, missing("securityProfile")
	}
	if err := checkSecurityProfile(*body.SecurityProfile); err != nil {
		return answer{}, err
	}
	cp, err := a.chargePoint(r)
	if err != nil {
		return answer{}, err
	}
	if err := a.ChargePoints.SetSecurityProfile(r.Context(), cp.ID, *body.SecurityProfile); err != nil {
		return answer{}, err
	}
	cp.SecurityProfile = *body.SecurityProfile
	return reply(http.StatusOK, viewChargePoint(cp)), nil
}

// checkSecurityProfile returns a fault.Invalid that names the member.
func checkSecurityProfile(profile int) error {
	if profile < 0 || profile > highestSecurityProfile {
		return fault.New(fault.Invalid, "'securityProfile' must be from 0 to %d", highestSecurityProfile)
	}
	return nil
}
