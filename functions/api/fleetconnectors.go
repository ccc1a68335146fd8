package main

import (
	"net/http"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
)

// fleetConnectorRoutes are about the connectors of all charge points at once.
func (a *API) fleetConnectorRoutes() []route {
	return []route{
		{method: "GET", path: "/connectors", id: "listFleetConnectors", tag: tagState, summary: "List the connectors of all charge points, in no order",
			description: "Reads the whole table of connectors, page by page, with a filter as without.",
			query: append([]parameter{
				{name: "status", description: "only those with this status, in the word of their version, such as `Faulted`", schema: ""},
			}, paged...),
			answers: map[int]any{http.StatusOK: fleetConnectorList{}}, problems: []int{http.StatusUnprocessableEntity}, serve: a.listFleetConnectors},
	}
}

// fleetConnectorList is a page of connectors.
type fleetConnectorList struct {
	Connectors []fleetConnectorView `json:"connectors"`
	NextCursor string               `json:"nextCursor,omitempty"`
}

// fleetConnectorView is a connector with the charge point that has it.
type fleetConnectorView struct {
	ChargePointID string `json:"chargePointId"`
	connectorView
}

func viewFleetConnector(c chargepoint.Connector) fleetConnectorView {
	return fleetConnectorView{c.ChargePointID, viewConnector(c)}
}

func (a *API) listFleetConnectors(r *http.Request) (answer, error) {
	cursor, limit, err := page(r)
	if err != nil {
		return answer{}, err
	}
	found, next, err := a.Connectors.ListAll(r.Context(), r.URL.Query().Get("status"), cursor, limit)
	if err != nil {
		return answer{}, err
	}
	return reply(http.StatusOK, fleetConnectorList{views(found, viewFleetConnector), next}), nil
}
