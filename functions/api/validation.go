package main

import (
	"net/http"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
)

// validationBody says how strictly messages are taken.
type validationBody struct {
	Validation *string `json:"validation" required:"true"` // tolerant, strict, or empty: what the stack says
}

// putValidation sets how strictly the messages of one charge point are taken: tolerant, strict, or "" for
// what the stack says. It holds from its next connection on, which comes within two hours: a connection
// keeps what the authorizer found when it was made.
func (a *API) putValidation(r *http.Request) (answer, error) {
	var body validationBody
	if err := decode(r, &body, strict); err != nil {
		return answer{}, err
	}
	if body.Validation == nil {
		return answer{}, missing("validation")
	}
	validation, err := chargepoint.ParseValidation(*body.Validation)
	if err != nil {
		return answer{}, err
	}
	cp, err := a.chargePoint(r)
	if err != nil {
		return answer{}, err
	}
	if err := a.ChargePoints.SetValidation(r.Context(), cp.ID, validation); err != nil {
		return answer{}, err
	}
	cp.Validation = validation
	return reply(http.StatusOK, viewChargePoint(cp)), nil
}
