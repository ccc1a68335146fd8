package v201

import (
	"fmt"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/ocpp"
)

// statusNotification: OCPP 2.0.1 part 2, use case G01.
type statusNotification struct {
	ocpp.Notice
	Timestamp       ocpp.Time `json:"timestamp"`
	ConnectorStatus string    `json:"connectorStatus"`
	EVSEID          int       `json:"evseId"`
	ConnectorID     int       `json:"connectorId"`
}

func (m statusNotification) Effects(received ocpp.Received) []ocpp.Effect {
	return []ocpp.Effect{ocpp.ConnectorChanged{Connector: chargepoint.Connector{
		Connector:  evse{ID: m.EVSEID, ConnectorID: m.ConnectorID}.connector(),
		Status:     m.ConnectorStatus,
		At:         m.Timestamp.Time,
		ReceivedAt: received.At,
	}}}
}

// evse: OCPP 2.0.1 part 2, EVSEType.
type evse struct {
	ID          int `json:"id"`
	ConnectorID int `json:"connectorId"`
}

// connector names the EVSE, or one connector of it.
func (e evse) connector() string {
	if e.ConnectorID == 0 {
		return fmt.Sprint(e.ID)
	}
	return fmt.Sprintf("%d#%d", e.ID, e.ConnectorID)
}
