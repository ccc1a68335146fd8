package main

import (
	"net/http"
	"net/url"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// newChargePoint is the body of a registration.
type newChargePoint struct {
	ChargePointID   string `json:"chargePointId" required:"true"`           // 1 to 48 of the characters a-z A-Z 0-9 : _ -
	Key             bool   `json:"key"`                                     // make a Basic-auth key
	SecurityProfile int    `json:"securityProfile" minimum:"0" maximum:"3"` // the least that it must use; left out or 0: what the stack demands
}

// createdChargePoint is a charge point that was just made.
type createdChargePoint struct {
	chargePointView
	Key string `json:"key,omitempty"` // 40 hex digits, shown this once
}

// createdKey is a key that was just made.
type createdKey struct {
	ChargePointID string `json:"chargePointId"`
	Key           string `json:"key"` // 40 hex digits, shown this once
}

// createChargePoint makes the IoT Thing and, without waiting for the Thing's event, the row: the charge
// point may connect at once. If this ends half way the same request may be sent again; when the Thing's
// event has made the row by then, it is a 409, and POST …/key makes the key.
func (a *API) createChargePoint(r *http.Request) (answer, error) {
	var body newChargePoint
	if err := decode(r, &body, strict); err != nil {
		return answer{}, err
	}
	id := body.ChargePointID
	if id == "" {
		return answer{}, missing("chargePointId")
	}
	if err := chargepoint.CheckID(id); err != nil {
		return answer{}, err
	}
	if err := checkSecurityProfile(body.SecurityProfile); err != nil {
		return answer{}, err
	}
	// IoT Core calls it a success to create a Thing that exists, so the registry is asked first.
	switch _, err := a.ChargePoints.Get(r.Context(), id); {
	case err == nil:
		return answer{}, fault.New(fault.Conflict, "charge point %s exists already", id)
	case !fault.Is(err, fault.NotFound):
		return answer{}, err
	}
	thing, err := a.Things.Create(r.Context(), id, nil)
	if err != nil {
		return answer{}, err
	}
	cp := chargepoint.ChargePoint{
		ID: id, ThingID: thing.ID, ThingVersion: thing.Version, RegisteredAt: thing.At.Truncate(time.Millisecond),
		Registration: a.Registration, SecurityProfile: body.SecurityProfile,
	}
	var created createdChargePoint
	if body.Key {
		created.Key = chargepoint.NewKey()
		cp.Credential = chargepoint.Hash(created.Key)
	}
	if err := a.ChargePoints.Create(r.Context(), cp); err != nil {
		return answer{}, err
	}
	created.chargePointView = viewChargePoint(cp)
	return reply(http.StatusCreated, created).with("Location", "/charge-points/"+url.PathEscape(id)).with("Cache-Control", "no-store"), nil
}

// createKey is the operator's reset: the old key ends, and the connection with it, because a key is
// replaced when it may have become known. The answer is the only time that the new one can be read; the
// charge point must be given it by hand.
func (a *API) createKey(r *http.Request) (answer, error) {
	cp, err := a.chargePoint(r)
	if err != nil {
		return answer{}, err
	}
	if err := a.cancelRotations(r, cp); err != nil {
		return answer{}, err
	}
	created := createdKey{cp.ID, chargepoint.NewKey()}
	if err := a.ChargePoints.SetCredential(r.Context(), cp.ID, chargepoint.Hash(created.Key)); err != nil {
		return answer{}, err
	}
	if _, err := a.reconnect(r); err != nil {
		return answer{}, err
	}
	return reply(http.StatusCreated, created).with("Cache-Control", "no-store"), nil
}

// cancelRotations takes back the keys that still wait to be sent: taken after this one, they would lock the charge
// point out. One that was sent already, nobody can take back.
func (a *API) cancelRotations(r *http.Request, cp chargepoint.ChargePoint) error {
	for _, pending := range cp.PendingKeys {
		cancelled, err := a.Commands.Apply(r.Context(), cp.ID, pending.CommandID, command.Outcome{Event: command.EventCancel, At: a.Now(), ErrorDescription: "the key was replaced by hand"})
		switch {
		case err == nil:
			command.TellEnded(r.Context(), a.Events, cancelled)
		case !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.NotFound):
			return err
		}
	}
	return nil
}

// reconnect makes a change of the charge point's row take effect: its connection, which keeps what was found
// when it was made, is closed. The row is read after it was changed, so that a connection made in between
// is closed as well.
func (a *API) reconnect(r *http.Request) (chargepoint.ChargePoint, error) {
	cp, err := a.chargePoint(r)
	if err != nil {
		return cp, err
	}
	return cp, a.hangUp(r, cp)
}

// hangUp closes the connection of a charge point, if it has one. Its $disconnect clears the session.
func (a *API) hangUp(r *http.Request, cp chargepoint.ChargePoint) error {
	if cp.Session == nil {
		return nil
	}
	return a.Connections.Close(r.Context(), cp.Session.ConnectionID)
}

// deleteChargePoint deletes the Thing, the row and the connection. What happened on the charge point
// (transactions, readings, commands) stays until it is old.
func (a *API) deleteChargePoint(r *http.Request) (answer, error) {
	cp, err := a.chargePoint(r)
	if fault.Is(err, fault.NotFound) { // perhaps its row is merely not there yet
		cp.ID = r.PathValue("id")
		if chargepoint.CheckID(cp.ID) != nil {
			return answer{}, err // nor a Thing
		}
		if _, lookup := a.Things.Describe(r.Context(), cp.ID); fault.Is(lookup, fault.NotFound) {
			return answer{}, err
		} else {
			err = lookup
		}
	}
	if err != nil {
		return answer{}, err
	}
	if err := a.Things.Delete(r.Context(), cp.ID); err != nil {
		return answer{}, err
	}
	if err := a.ChargePoints.Delete(r.Context(), cp.ID); err != nil {
		return answer{}, err
	}
	if err := a.hangUp(r, cp); err != nil {
		return answer{}, err
	}
	return noContent(), nil
}
