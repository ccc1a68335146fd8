package main

import (
	"net/http"
	"strconv"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// fleetConnectorRoutes are about the connectors of all charge points at once.
func (a *API) fleetConnectorRoutes() []route {
	return []route{
		{method: "GET", path: "/connectors", id: "listFleetConnectors", tag: tagState, summary: "List the connectors of all charge points, in no order",
			description: "Reads the whole table of connectors, page by page, with a filter as without.",
			query: append([]parameter{
				{name: "status", description: "only those with this status, in the word of their version, such as `Faulted`", schema: ""},
				{name: "charging", description: "`true`: only those on which a transaction runs", schema: false},
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
	query, charging := r.URL.Query(), false
	if given := query.Get("charging"); given != "" {
		if charging, err = strconv.ParseBool(given); err != nil {
			return answer{}, fault.New(fault.Invalid, "'charging' must be true or false, not %.40q", given)
		}
	}
	found, next, err := a.Connectors.ListAll(r.Context(), query.Get("status"), charging, cursor, limit)
	if err != nil {
		return answer{}, err
	}
	return reply(http.StatusOK, fleetConnectorList{views(found, viewFleetConnector), next}), nil
}
