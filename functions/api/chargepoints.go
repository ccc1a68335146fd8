package main

import (
	"net/http"
	"strconv"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
)

func (a *API) chargePointRoutes() []route {
	return []route{
		{method: "POST", path: "/charge-points", id: "createChargePoint", tag: tagRegistry, summary: "Register a charge point",
			description: "Makes the IoT Thing behind it, and a key if asked. The key is in this answer and never shown again.",
			body:        newChargePoint{}, example: `{"chargePointId":"CP001","key":true}`,
			answers: map[int]any{http.StatusCreated: createdChargePoint{}}, problems: []int{http.StatusConflict}, serve: a.createChargePoint},
		{method: "GET", path: "/charge-points", id: "listChargePoints", tag: tagRegistry, summary: "List charge points, in no order",
			query:   append([]parameter{{name: "connected", description: "`true`: those that have a connection, `false`: those that have none", schema: false}}, paged...),
			answers: map[int]any{http.StatusOK: chargePointList{}}, problems: []int{http.StatusUnprocessableEntity}, serve: a.listChargePoints},
		{method: "GET", path: "/charge-points/{id}", id: "getChargePoint", tag: tagRegistry, summary: "Read a charge point with its connection and its last boot",
			answers: map[int]any{http.StatusOK: chargePointView{}}, problems: []int{http.StatusNotFound}, serve: a.getChargePoint},
		{method: "DELETE", path: "/charge-points/{id}", id: "deleteChargePoint", tag: tagRegistry, summary: "Delete a charge point",
			description: "Deletes its IoT Thing and closes its connection. Its transactions, commands and messages stay until they are old.",
			answers:     map[int]any{http.StatusNoContent: nil}, problems: []int{http.StatusNotFound}, serve: a.deleteChargePoint},
		{method: "PUT", path: "/charge-points/{id}/registration", id: "putRegistration", tag: tagRegistry, summary: "Accept a charge point, or not",
			description: "It is told with its next BootNotification; one that is not accepted any more is made to reconnect at once.",
			body:        registrationBody{}, example: `{"registration":"Pending"}`,
			answers: map[int]any{http.StatusOK: chargePointView{}}, problems: []int{http.StatusNotFound}, serve: a.putRegistration},
		{method: "PUT", path: "/charge-points/{id}/validation", id: "putValidation", tag: tagRegistry, summary: "Set how strictly its messages are taken",
			description: "It holds from its next connection on.",
			body:        validationBody{}, example: `{"validation":"strict"}`,
			answers: map[int]any{http.StatusOK: chargePointView{}}, problems: []int{http.StatusNotFound}, serve: a.putValidation},
		{method: "PUT", path: "/charge-points/{id}/security-profile", id: "putSecurityProfile", tag: tagRegistry, summary: "Set the least security profile that it must use",
			description: "The registry's own demand, which the charge point is not told: it holds from its next connection on, together with what the stack demands of all. " +
				"To raise the profile on the charge point over OCPP, POST to the same path; that raises this one, too, when the charge point has agreed.",
			body: securityProfileBody{}, example: `{"securityProfile":1}`,
			answers: map[int]any{http.StatusOK: chargePointView{}}, problems: []int{http.StatusNotFound}, serve: a.putSecurityProfile},
		{method: "POST", path: "/charge-points/{id}/key", id: "createKey", tag: tagRegistry, summary: "Replace its key by hand",
			description: "Ends the old key and the connection at once; the charge point must be given the new one on site. To change the key over OCPP, use key-rotation.",
			answers:     map[int]any{http.StatusCreated: createdKey{}}, problems: []int{http.StatusNotFound}, serve: a.createKey},
	}
}

// chargePointList is a page of charge points.
type chargePointList struct {
	ChargePoints []chargePointView `json:"chargePoints"`
	NextCursor   string            `json:"nextCursor,omitempty"`
}

// chargePointView is a charge point as operators see it.
type chargePointView struct {
	ChargePointID   string                   `json:"chargePointId"`
	Registration    chargepoint.Registration `json:"registration"`
	SecurityProfile int                      `json:"securityProfile,omitempty"` // the least that it must use; none: the stack's
	HasKey          bool                     `json:"hasKey"`
	PendingKeys     int                      `json:"pendingKeys,omitempty"` // keys that it was sent and may have taken; they hold, too
	ListVersion     int                      `json:"listVersion,omitempty"` // of its local list: the highest that was ordered or told
	Validation      chargepoint.Validation   `json:"validation,omitempty"`  // none: the stack's
	RegisteredAt    time.Time                `json:"registeredAt,omitzero"`

	Connected   bool      `json:"connected"`
	Protocol    string    `json:"protocol,omitempty"` // such as ocpp1.6; of its last connection while it has none
	ConnectedAt time.Time `json:"connectedAt,omitzero"`
	LastSeenAt  time.Time `json:"lastSeenAt,omitzero"` // exact to half an hour while it is connected

	DisconnectedAt   time.Time `json:"disconnectedAt,omitzero"`
	DisconnectCode   int       `json:"disconnectCode,omitempty"`
	DisconnectReason string    `json:"disconnectReason,omitempty"`

	BootStatus         chargepoint.Registration `json:"bootStatus,omitempty"` // what it was last told
	BootedAt           time.Time                `json:"bootedAt,omitzero"`
	Boot               chargepoint.Boot         `json:"boot,omitzero"`
	OutstandingCommand string                   `json:"outstandingCommandId,omitempty"`
}

func viewChargePoint(cp chargepoint.ChargePoint) chargePointView {
	view := chargePointView{
		ChargePointID: cp.ID, Registration: cp.Registration, SecurityProfile: cp.SecurityProfile, HasKey: cp.Credential != "",
		PendingKeys: len(cp.PendingKeys), ListVersion: cp.ListVersion, Validation: cp.Validation,
		RegisteredAt: cp.RegisteredAt, Protocol: cp.Protocol, LastSeenAt: cp.LastSeenAt,
		DisconnectedAt: cp.DisconnectedAt, DisconnectCode: cp.DisconnectCode, DisconnectReason: cp.DisconnectReason,
		BootStatus: cp.BootStatus, BootedAt: cp.BootedAt, Boot: cp.Boot,
	}
	if cp.Session != nil {
		view.Connected, view.Protocol, view.ConnectedAt = true, cp.Session.Protocol, cp.Session.ConnectedAt
	}
	if cp.Outstanding != nil {
		view.OutstandingCommand = cp.Outstanding.CommandID
	}
	return view
}

func (a *API) getChargePoint(r *http.Request) (answer, error) {
	cp, err := a.chargePoint(r)
	if err != nil {
		return answer{}, err
	}
	return reply(http.StatusOK, viewChargePoint(cp)), nil
}

// chargePoint reads the charge point that the path names. fault.NotFound if there is none.
func (a *API) chargePoint(r *http.Request) (chargepoint.ChargePoint, error) {
	return a.named(r, r.PathValue("id"))
}

func (a *API) named(r *http.Request, id string) (chargepoint.ChargePoint, error) {
	cp, err := chargepoint.ChargePoint{}, chargepoint.CheckID(id) // what cannot be an id is not looked up
	if err == nil {
		cp, err = a.ChargePoints.Get(r.Context(), id)
	}
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid) {
		return cp, fault.New(fault.NotFound, "there is no charge point %q; POST /charge-points makes one", id)
	}
	return cp, err
}

// listChargePoints: ?connected=true lists those that have a connection, false those that have none.
func (a *API) listChargePoints(r *http.Request) (answer, error) {
	cursor, limit, err := page(r)
	if err != nil {
		return answer{}, err
	}
	var connected *bool
	if given := r.URL.Query().Get("connected"); given != "" {
		wanted, err := strconv.ParseBool(given)
		if err != nil {
			return answer{}, fault.New(fault.Invalid, "'connected' must be true or false, not %q", given)
		}
		connected = &wanted
	}
	found, next, err := a.ChargePoints.List(r.Context(), connected, cursor, limit)
	if err != nil {
		return answer{}, err
	}
	return reply(http.StatusOK, chargePointList{views(found, viewChargePoint), next}), nil
}
