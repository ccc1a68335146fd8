package v16

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// securityEventNotification: Improved security for OCPP 1.6-J, section 5.
type securityEventNotification struct {
	ocpp.Notice
	Timestamp ocpp.Time `json:"timestamp"`
}

func (m securityEventNotification) Effects(received ocpp.Received) []ocpp.Effect {
	return received.Occurrence(report.SecurityEvent, m.Timestamp.Time)
}
