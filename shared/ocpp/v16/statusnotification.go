package v16

import (
	"strconv"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/ocpp"
)

// statusNotification: OCPP 1.6 section 4.9. Connector 0 is the charge point as a whole.
type statusNotification struct {
	ocpp.Notice
	ConnectorID     int        `json:"connectorId"`
	ErrorCode       string     `json:"errorCode"`
	Info            string     `json:"info"`
	Status          string     `json:"status"`
	Timestamp       *ocpp.Time `json:"timestamp"`
	VendorID        string     `json:"vendorId"`
	VendorErrorCode string     `json:"vendorErrorCode"`
}

func (m statusNotification) Effects(received ocpp.Received) []ocpp.Effect {
	return []ocpp.Effect{ocpp.ConnectorChanged{Connector: chargepoint.Connector{
		Connector:   connector(m.ConnectorID),
		Status:      m.Status,
		ErrorCode:   m.ErrorCode,
		Info:        m.Info,
		VendorID:    m.VendorID,
		VendorError: m.VendorErrorCode,
		At:          m.Timestamp.Or(received.At),
		ReceivedAt:  received.At,
	}}}
}

func connector(id int) string { return strconv.Itoa(id) }
