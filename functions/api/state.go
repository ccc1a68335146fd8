package main

import "net/http"

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
			description: "The identity need not be a charge point's: that it is none is what refused connections tell.",
			query:       paged, answers: map[int]any{http.StatusOK: messageList{}}, problems: []int{http.StatusUnprocessableEntity}, serve: a.listMessages},
	}
}
