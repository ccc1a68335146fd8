package main

import (
	"net/http"

	"github.com/serverless-ocpp/backend/shared/dynamo"
)

// stateRoutes are what charge points have told, but for reports and transactions.
func (a *API) stateRoutes() []route {
	return []route{
		{method: "GET", path: "/charge-points/{id}/connectors", id: "listConnectors", tag: tagState, summary: "Read the state of its connectors",
			answers: map[int]any{http.StatusOK: connectorList{}}, problems: []int{http.StatusNotFound}, serve: a.listConnectors},
		{method: "GET", path: "/charge-points/{id}/variables", id: "listVariables", tag: tagState, summary: "List its variables (2.x) or configuration keys (1.6), as told last",
			query: paged, answers: map[int]any{http.StatusOK: variableList{}}, problems: []int{http.StatusNotFound, http.StatusUnprocessableEntity}, serve: a.listVariables},
		{method: "GET", path: "/charge-points/{id}/reservations", id: "listReservations", tag: tagState, summary: "List its reservations, the latest first",
			query: paged, answers: map[int]any{http.StatusOK: reservationList{}}, problems: []int{http.StatusNotFound, http.StatusUnprocessableEntity}, serve: a.listReservations},
		{method: "GET", path: "/charge-points/{id}/messages", id: "listMessages", tag: tagState, summary: "List its messages and refused connections, newest first",
			description: "The identity need not be a charge point's: that it is none is what refused connections tell. A page that is filtered may be shorter than its limit.",
			query: append([]parameter{
				{name: "kind", description: "`frame` or `refusedConnection`; without it both", schema: dynamo.MessageKind("")},
				{name: "since", description: "a time such as 2026-03-01T12:00:00Z: nothing older", schema: ""},
			}, paged...), answers: map[int]any{http.StatusOK: messageList{}}, problems: []int{http.StatusUnprocessableEntity}, serve: a.listMessages},
	}
}
