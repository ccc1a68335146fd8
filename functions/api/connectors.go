package main

import (
	"net/http"
	"slices"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
)

// connectorList is all connectors of a charge point.
type connectorList struct {
	Connectors []connectorView `json:"connectors"`
}

// connectorView is a connector, an EVSE or the charge point as a whole.
type connectorView struct {
	Connector       string    `json:"connector"`        // "1", in 2.x "1#2": EVSE 1 connector 2; "0" is the charge point itself
	Status          string    `json:"status,omitempty"` // in the words of its version; none for an EVSE that reports by its connectors
	ErrorCode       string    `json:"errorCode,omitempty"`
	Info            string    `json:"info,omitempty"`
	VendorID        string    `json:"vendorId,omitempty"`
	VendorErrorCode string    `json:"vendorErrorCode,omitempty"`
	Timestamp       time.Time `json:"timestamp,omitzero"` // by the charge point's clock
	ReceivedAt      time.Time `json:"receivedAt,omitzero"`
	TransactionID   string    `json:"transactionId,omitempty"` // that runs on it
}

func viewConnector(c chargepoint.Connector) connectorView {
	return connectorView{c.Connector, c.Status, c.ErrorCode, c.Info, c.VendorID, c.VendorError, c.At, c.ReceivedAt, c.TransactionID}
}

// listConnectors has no pages: a charge point has a handful of connectors.
func (a *API) listConnectors(r *http.Request) (answer, error) {
	cp, err := a.chargePoint(r)
	if err != nil {
		return answer{}, err
	}
	found, err := a.Connectors.List(r.Context(), cp.ID)
	if err != nil {
		return answer{}, err
	}
	found = slices.DeleteFunc(found, func(c chargepoint.Connector) bool {
		// An EVSE whose connectors report by themselves has a row for the transactions that ran on it.
		ranOnly := c.Status == "" && c.TransactionID == ""
		predecessors := !c.ReceivedAt.IsZero() && c.ReceivedAt.Before(cp.RegisteredAt)
		return ranOnly || predecessors
	})
	return reply(http.StatusOK, connectorList{views(found, viewConnector)}), nil
}
